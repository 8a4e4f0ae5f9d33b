import { figuresOf } from "../figures.ts";
import type { Run } from "../run-document.ts";
import { html, type Markup } from "./markup.ts";
import { valueText } from "./words.ts";

const WIDTH = 640;
const HEIGHT = 120;
const BINS = 32;

/** What the run cost, by engine, and how long the cases took. Times are this machine's, and compared with nothing. */
export function costSection(run: Run): Markup {
  const names = ["model calls a case", "tool calls a case", "input tokens a case", "output tokens a case"];
  const rows = run.engines.map((engine) => {
    const figures = figuresOf(run.results.filter((result) => result.engine === engine));
    return html`<tr>
      <th scope="row">${engine}</th>
      ${names.map((name) => {
        const figure = figures.find((one) => one.name === name);
        return html`<td class="number">${figure ? valueText(figure, figure.value) : "0"}</td>`;
      })}
    </tr>`;
  });
  return html`<section id="cost">
    <h2>Cost and time</h2>
    <div class="scroll" role="region" tabindex="0" aria-label="Cost">
      <table>
        <thead>
          <tr>
            <th>Engine</th>
            ${names.map((name) => html`<th class="number">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
    ${histogram(Object.values(run.machine.latency))}
    <p class="quiet">
      ${run.machine.seconds} s in all, ${run.machine.concurrency} cases at a time, on
      ${run.machine.processors} processors (${run.machine.platform}, Node ${run.machine.node}).
    </p>
  </section>`;
}

function histogram(times: readonly number[]): Markup | null {
  if (times.length < 2) return null;
  const sorted = [...times].sort((one, other) => one - other);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  const longest = Math.max(1, at(1));
  const counts = Array.from({ length: BINS }, () => 0);
  for (const time of times) {
    const bin = Math.min(BINS - 1, Math.floor((time / longest) * BINS));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const most = Math.max(...counts);
  const wide = WIDTH / BINS;
  const label = `Half of the cases took ${at(0.5)} ms or less, 95 of 100 took ${at(0.95)} ms or less, the longest ${longest} ms.`;
  return html`<figure>
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT + 18}" role="img" aria-label="${label}">
      ${counts.map((count, bin) => {
        const height = Math.max(count > 0 ? 2 : 0, (count / most) * HEIGHT);
        return html`<rect
          class="bar"
          x="${(bin * wide + 1).toFixed(1)}"
          y="${(HEIGHT - height).toFixed(1)}"
          width="${(wide - 2).toFixed(1)}"
          height="${height.toFixed(1)}"
        />`;
      })}
      <line class="axis" x1="0" x2="${WIDTH}" y1="${HEIGHT}" y2="${HEIGHT}" />
      <text x="0" y="${HEIGHT + 14}">0 ms</text>
      <text x="${WIDTH}" y="${HEIGHT + 14}" text-anchor="end">${longest} ms</text>
    </svg>
    <figcaption>${label}</figcaption>
  </figure>`;
}
