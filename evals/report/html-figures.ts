import { figuresOf, type Figure } from "../figures.ts";
import { nameOf, type CaseResult } from "../run-document.ts";
import { targetOf } from "../targets.ts";
import { html, type Markup } from "./markup.ts";
import { figureText, valueText } from "./words.ts";

const WIDTH = 320;
const HEIGHT = 30;
const EDGE = 8;

/** Each figure with its interval drawn: dev above, test below, the target as a mark. Numbers stand beside it as text. */
export function figureChart(results: readonly CaseResult[]): Markup {
  const [dev, test] = (["dev", "test"] as const).map((half) =>
    figuresOf(results.filter((result) => result.half === half)),
  );
  const all = figuresOf(results);
  const shares = all
    .filter(({ unit }) => unit === "share" || unit === "score")
    .filter(({ name }) => !isReading(name));
  const others = all.filter((figure) => !shares.includes(figure));
  const named = (figures: Figure[] | undefined, name: string) =>
    figures?.find((figure) => figure.name === name);
  return html`<div class="scroll" role="region" tabindex="0" aria-label="Figures of ${nameOf(results)}">
      <table class="figures">
        <thead>
          <tr>
            <th>Figure</th>
            <th>
              <span class="key dev">dev</span> <span class="key test">test</span>
              <span class="key target">target</span>
            </th>
            <th>dev</th>
            <th class="number">n</th>
            <th>test</th>
            <th class="number">n</th>
          </tr>
        </thead>
        <tbody>
          ${shares.map(({ name }) => {
            const [one, other] = [named(dev, name), named(test, name)];
            const target = targetOf(name);
            const missed = target !== null && other !== undefined && other.value < target;
            return html`<tr>
              <th scope="row">${name}</th>
              <td>${whiskers(one, other, target)}</td>
              ${cells(one)} ${cells(other, missed ? `below ${target}` : "")}
            </tr>`;
          })}
        </tbody>
      </table>
    </div>
    <dl class="numbers">
      ${others.map(
        (figure) =>
          html`<div>
            <dt>${figure.name}</dt>
            <dd>${valueText(figure, figure.value)}</dd>
          </div>`,
      )}
    </dl>`;
}

function cells(figure: Figure | undefined, missed = ""): Markup {
  if (!figure)
    return html`<td class="quiet">–</td>
      <td></td>`;
  return html`<td class="value">
      ${figureText(figure)}${missed === "" ? null : html` <b class="badge bad">${missed}</b>`}
    </td>
    <td class="number quiet">${figure.of}</td>`;
}

/** Decoration: what it shows stands in the row as text. */
function whiskers(dev: Figure | undefined, test: Figure | undefined, target: number | null): Markup {
  const x = (value: number) => (EDGE + value * (WIDTH - 2 * EDGE)).toFixed(1);
  const line = (figure: Figure | undefined, y: number, half: string) =>
    figure &&
    html`<line class="${half}" x1="${x(figure.low)}" x2="${x(figure.high)}" y1="${y}" y2="${y}" />
      <circle class="${half}" cx="${x(figure.value)}" cy="${y}" r="4.5" />`;
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" aria-hidden="true">
    ${[0, 0.25, 0.5, 0.75, 1].map(
      (value) => html`<line class="grid" x1="${x(value)}" x2="${x(value)}" y1="0" y2="${HEIGHT}" />`,
    )}
    ${target === null ? null : html`<line class="target" x1="${x(target)}" x2="${x(target)}" y1="1" y2="${HEIGHT - 1}" />`}
    ${line(dev, 9, "dev") ?? null} ${line(test, 21, "test") ?? null}
  </svg>`;
}

function isReading(name: string): boolean {
  return name === "reading ease";
}
