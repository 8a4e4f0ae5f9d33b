import { groupBy } from "../figures.ts";
import { nameOf, type CaseResult } from "../run-document.ts";
import { wilson } from "../statistics.ts";
import { labelsOf, type Label } from "../topics.ts";
import { html, type Markup } from "./markup.ts";

const BAR = 160;
/** A table of more topics is no longer one to read. */
const MOST_TOPICS = 40;

/** How each topic fares, and which are taken for which. */
export function topicSection(results: readonly CaseResult[]): Markup | null {
  const labels = results.flatMap((result) => labelsOf(result, "topic"));
  if (labels.length === 0) return null;
  const byTopic = [...groupBy(labels, ({ expected }) => expected)].sort(([one], [other]) =>
    one < other ? -1 : 1,
  );
  return html`<details>
      <summary>Topic by topic (${byTopic.length})</summary>
      <div class="scroll" role="region" tabindex="0" aria-label="Topics of ${nameOf(results)}">
        <table>
          <thead>
            <tr>
              <th>Topic</th>
              <th class="number">Turns</th>
              <th>Found</th>
              <th class="number">Recall</th>
              <th class="number">Precision</th>
            </tr>
          </thead>
          <tbody>
            ${byTopic.map(([topic, list]) => topicRow(topic, list, labels))}
          </tbody>
        </table>
      </div>
    </details>
    <details>
      <summary>Which topic is taken for which</summary>
      ${confusion(labels, nameOf(results))}
    </details>`;
}

function topicRow(topic: string, list: readonly Label[], labels: readonly Label[]): Markup {
  const right = list.filter(({ got }) => got === topic).length;
  const said = labels.filter(({ got }) => got === topic).length;
  const { value, low, high } = wilson(right, list.length);
  return html`<tr>
    <th scope="row">${topic}</th>
    <td class="number">${list.length}</td>
    <td>
      <svg viewBox="0 0 ${BAR} 14" width="${BAR}" height="14" aria-hidden="true">
        <rect class="track" width="${BAR}" height="14" rx="3" />
        <rect class="bar" width="${(value * BAR).toFixed(1)}" height="14" rx="3" />
        <line class="whisker" x1="${(low * BAR).toFixed(1)}" x2="${(high * BAR).toFixed(1)}" y1="7" y2="7" />
      </svg>
    </td>
    <td class="number">${value.toFixed(2)}</td>
    <td class="number">${said === 0 ? "–" : (right / said).toFixed(2)}</td>
  </tr>`;
}

/** Only topics that were ever mistaken: the rest of such a table is empty. */
function confusion(labels: readonly Label[], name: string): Markup {
  const mistaken = labels.filter(({ expected, got }) => expected !== got);
  if (mistaken.length === 0) return html`<p>None was mistaken.</p>`;
  const rows = [...new Set(mistaken.map(({ expected }) => expected))].sort().slice(0, MOST_TOPICS);
  const columns = [...new Set([...rows, ...mistaken.map(({ got }) => got)])].sort().slice(0, MOST_TOPICS);
  const count = (row: string, column: string) =>
    labels.filter(({ expected, got }) => expected === row && got === column).length;
  const most = Math.max(...rows.flatMap((row) => columns.map((column) => count(row, column))));
  return html`<div class="scroll" role="region" tabindex="0" aria-label="Topics taken for others in ${name}">
    <table class="confusion">
      <caption>
        Rows: what was expected. Columns: what the classifier said.
      </caption>
      <thead>
        <tr>
          <td></td>
          ${columns.map((column) => html`<th scope="col"><span>${column}</span></th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              <th scope="row">${row}</th>
              ${columns.map((column) => {
                const often = count(row, column);
                const share = Math.round((often / most) * 100);
                const kind = row === column ? "right" : "wrong";
                return often === 0
                  ? html`<td></td>`
                  : html`<td class="${kind}" style="--share: ${Math.max(15, share)}%">${often}</td>`;
              })}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
