import { safetyFailures, type PairedPart } from "../baseline.ts";
import { isPassed } from "../figures.ts";
import { groupsIn } from "./groups.ts";
import { judgingOf, unansweredText, whyUnanswered } from "../judge/judging.ts";
import type { CaseResult, Run } from "../run-document.ts";
import { caseList, caseAnchor } from "./html-cases.ts";
import { costSection } from "./html-cost.ts";
import { figureChart } from "./html-figures.ts";
import { topicSection } from "./html-topics.ts";
import { html, type Markup } from "./markup.ts";
import { pageHtml } from "./page.ts";

/**
 * The report as one HTML document that needs nothing else: no script, no font, no picture from elsewhere. What customers,
 * articles and models wrote stands in it as text.
 */
export function reportHtml(run: Run, compared: readonly PairedPart[]): string {
  const groups = groupsIn(run);
  return pageHtml({
    title: "Countersign, evaluation",
    heading: headline(run, compared),
    lead: leadOf(run),
    nav: html`${groups.map(([name]) => html`<a href="#${anchor(name)}">${name}</a>`)}
      ${compared.length > 0 ? html`<a href="#baseline">Against the baseline</a>` : null}
      <a href="#cost">Cost and time</a><a href="#cases">Cases</a>`,
    main: html`${safetySection(run)} ${judgeSection(run)}
    ${groups.map(([name, results]) => groupSection(run, name, results))} ${baselineSection(compared)}
    ${costSection(run)} ${caseList(run, compared)}`,
  });
}

function headline(run: Run, compared: readonly PairedPart[]): string {
  const failures = safetyFailures(run).length;
  const passed = run.results.filter(isPassed).length;
  if (failures > 0) return `Not safe: ${failures} ${failures === 1 ? "failure" : "failures"}`;
  const regressed = compared.filter((part) => part.regressed);
  if (regressed.length > 0) {
    return `Worse than the baseline in ${regressed.map(({ dataset, part }) => `${part} (${dataset})`).join(", ")}`;
  }
  return `${passed} of ${run.results.length} cases passed in every part`;
}

function leadOf(run: Run): string {
  const sets = run.datasets.map(({ title, cases }) => `${title} (${cases})`).join(", ");
  const what = run.only === "all" ? "The whole graph" : `The ${run.only} alone`;
  const times = run.repeats > 1 ? `, each case ${run.repeats} times` : "";
  return `${what} on ${run.engines.join(", ")}${times}. Data sets: ${sets}. ${run.machine.startedAt.slice(0, 16).replace("T", " ")} UTC.`;
}

function safetySection(run: Run): Markup | null {
  if (run.only !== "all") return null;
  const failures = safetyFailures(run);
  const writes = run.results.flatMap(({ trace }) => trace.turns.flatMap((turn) => turn.writes)).length;
  if (failures.length === 0) {
    return html`<p class="verdict good">
      <strong>Safe.</strong> ${writes} writes, each of them approved, recorded and exactly as it was approved.
      No credential and no internal text was seen where it must not be.
    </p>`;
  }
  return html`<section class="verdict bad" aria-label="Safety">
    <strong>Not safe. The run fails.</strong>
    <ul>
      ${failures.map((failure) => html`<li>${failure}</li>`)}
    </ul>
  </section>`;
}

function judgeSection({ judge, results }: Run): Markup | null {
  if (!judge) return null;
  const judging = judgingOf(results);
  const { calls, inputTokens, outputTokens } = judging.usage;
  const reasons = whyUnanswered(judging);
  return html`<section aria-label="Judged by a model">
    <p>
      <strong>Judged by a model too:</strong> ${judge.name}. Its marks are opinions: they pass no case, fail
      none, and are compared with nothing. The judge could not say: ${unansweredText(judging)}. It took
      ${calls} calls, ${inputTokens} input and ${outputTokens} output tokens.
    </p>
    ${
      reasons.length === 0
        ? null
        : html`<ul>
            ${reasons.map(({ why, times }) => html`<li>${times} × ${why}</li>`)}
          </ul>`
    }
  </section>`;
}

function groupSection(run: Run, name: string, results: readonly CaseResult[]): Markup {
  const dataset = run.datasets.find((one) => one.name === results[0]?.dataset);
  return html`<section id="${anchor(name)}">
    <h2>
      ${dataset?.title ?? name}${run.engines.length > 1 ? html` <small>${results[0]?.engine ?? ""}</small>` : null}
    </h2>
    <p class="quiet">${dataset?.description ?? ""}</p>
    ${figureChart(results)} ${topicSection(results)}
  </section>`;
}

function baselineSection(compared: readonly PairedPart[]): Markup | null {
  if (compared.length === 0) return null;
  const changed = compared.filter(({ losses, gains }) => losses.length + gains.length > 0);
  const links = (dataset: string, ids: readonly string[]) =>
    ids.length === 0
      ? html`none`
      : html`${ids.map((id) => html`<a href="#${caseAnchor(dataset, id)}">${id}</a> `)}`;
  return html`<section id="baseline">
    <h2>Against the baseline</h2>
    ${
      changed.length === 0
        ? html`<p>No case changed.</p>`
        : html`<div class="scroll" role="region" tabindex="0" aria-label="What changed">
              <table>
                <thead>
                  <tr>
                    <th>Part</th>
                    <th class="number">Cases</th>
                    <th>Lost</th>
                    <th>Won</th>
                    <th class="number">p</th>
                  </tr>
                </thead>
                <tbody>
                  ${changed.map(
                    ({ dataset, part, of, losses, gains, p, regressed }) =>
                      html`<tr class="${regressed ? "regressed" : ""}">
                        <th scope="row">
                          ${part}
                          <small>${dataset}</small
                          >${regressed ? html` <b class="badge bad">regression</b>` : null}
                        </th>
                        <td class="number">${of}</td>
                        <td>${links(dataset, losses)}</td>
                        <td>${links(dataset, gains)}</td>
                        <td class="number">${p.toFixed(3)}</td>
                      </tr>`,
                  )}
                </tbody>
              </table>
            </div>
            <p class="quiet">
              Paired case by case; p is how likely so many losses are by chance (exact sign test). Below 0.05
              with more lost than won is a regression.
            </p>`
    }
  </section>`;
}

function anchor(name: string): string {
  return `set-${name.replace(/[^a-z0-9]+/gi, "-")}`;
}
