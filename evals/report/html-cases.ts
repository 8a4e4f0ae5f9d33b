import type { PairedPart } from "../baseline.ts";
import { isPassed } from "../figures.ts";
import { isByModel, type Mark } from "../judge/mark.ts";
import { keyOf, type CaseResult, type Run } from "../run-document.ts";
import type { TurnTrace } from "../trace.ts";
import { html, type Markup } from "./markup.ts";
import { pathLines } from "./words.ts";

/** Every case: what was said, what was drafted from which evidence, and what the judges say of it, beside each other. */
export function caseList(run: Run, compared: readonly PairedPart[]): Markup {
  const changed = changesOf(compared);
  const sorted = [...run.results].sort((one, other) => Number(isPassed(one)) - Number(isPassed(other)));
  const sets = run.datasets.map(({ name }) => name);
  return html`<section id="cases">
    <h2>Cases</h2>
    <div class="filters">
      ${choice("show", "Show", ["all", "failed", ...(changed.size > 0 ? ["changed"] : [])])}
      ${choice("half", "Half", ["both", "dev", "test"])}
      ${sets.length > 1 ? choice("set", "Data set", ["any", ...sets]) : null}
    </div>
    <style>
      ${sets.map(
        (name) =>
          html`#cases:has(#set-is-${name}:checked) .case:not([data-set="${name}"]) { display: none; } `,
      )}
    </style>
    ${sorted.map((result) => caseDetails(run, result, changed.get(`${result.dataset}/${result.id}`) ?? []))}
  </section>`;
}

/** A choice that works without a script: the style sheet looks at what is checked. */
function choice(name: string, title: string, options: readonly string[]): Markup {
  return html`<fieldset>
    <legend>${title}</legend>
    ${options.map(
      (option, index) =>
        html`<label
          ><input
            type="radio"
            name="${name}"
            id="${name}-is-${option}"
            ${index === 0 ? html`checked` : null}
          />
          ${option}</label
        >`,
    )}
  </fieldset>`;
}

function caseDetails(run: Run, result: CaseResult, changes: readonly string[]): Markup {
  const failed = partsOf(result.marks.filter((mark) => !mark.passed && !isByModel(mark)));
  const doubted = partsOf(result.marks.filter((mark) => !mark.passed && isByModel(mark)));
  const time = run.machine.latency[keyOf(result)];
  const unique = run.engines.length > 1 || run.repeats > 1 ? `${result.engine}, ${result.repeat}` : "";
  return html`<details
    class="case ${failed.length === 0 ? "passed" : "failed"}${changes.length > 0 ? " changed" : ""}"
    data-half="${result.half}"
    data-set="${result.dataset}"
    id="${unique === "" || (result.repeat === 1 && result.engine === run.engines[0]) ? caseAnchor(result.dataset, result.id) : keyOf(result)}"
  >
    <summary>
      <span class="sign" aria-hidden="true">${failed.length === 0 ? "✓" : "✗"}</span>
      <span class="id">${result.id}</span>
      <span class="quiet">${[result.dataset, result.half, unique].filter(Boolean).join(" · ")}</span>
      ${failed.map((part) => html`<b class="badge bad">${part}</b>`)}
      ${[...doubted, ...changes].map((text) => html`<b class="badge">${text}</b>`)}
    </summary>
    <p class="quiet">
      ${result.tags.join(", ")}${time === undefined ? "" : ` · ${time} ms`}${result.note ? ` · ${result.note}` : ""}
    </p>
    ${
      result.attack
        ? html`<p class="attack">
            <strong>Attack in the ${result.attack.place}.</strong> ${result.attack.goal} Its clean twin:
            <a href="#${caseAnchor(result.dataset, result.twin ?? "")}">${result.twin ?? ""}</a>.
          </p>`
        : null
    }
    ${result.trace.turns.map((turn, index) => turnView(result, turn, index))}
  </details>`;
}

function turnView(result: CaseResult, turn: TurnTrace, index: number): Markup {
  const marks = result.marks.filter((mark) => mark.turn === index);
  const unanswered = (result.judging?.unanswered ?? []).filter(({ turn: of }) => of === index);
  return html`<div class="turn">
    <div>
      <h3>${result.trace.turns.length > 1 ? `Turn ${index + 1}: the conversation` : "The conversation"}</h3>
      ${turn.messages.map(({ from, text }) => html`<p class="message ${from}"><small>${from}</small>${text}</p>`)}
    </div>
    <div>
      <h3>${draftTitle(turn)}</h3>
      ${turn.draft && turn.draft.body !== "" ? html`<p class="draft">${withCitations(turn.draft)}</p>` : null}
      ${
        turn.planned.length > 0
          ? html`<ul class="plain">
              ${turn.planned.map(({ summary }) => html`<li>${summary}</li>`)}
            </ul>`
          : null
      }
      ${evidence(turn)} ${toolPath(turn)}
    </div>
    <div>
      <h3>What the judges say</h3>
      ${
        turn.classification
          ? html`<p class="quiet">
              Topic ${turn.classification.topic} (${turn.classification.confidence.toFixed(2)}), route
              ${turn.classification.route}, ${turn.classification.urgency}. ${turn.classification.reason}
            </p>`
          : null
      }
      <ul class="marks">
        ${marks.map(
          ({ part, passed, reasons }) =>
            html`<li class="${passed ? "passed" : "failed"}">
              <span class="sign" aria-label="${passed ? "passed" : "failed"}">${passed ? "✓" : "✗"}</span>
              <strong>${part}</strong>
              ${reasons.map((reason) => html`<span class="reason">${reason}</span>`)}
            </li>`,
        )}
        ${unanswered.map(
          ({ part, why }) =>
            html`<li>
              <span class="sign" aria-hidden="true">?</span> <strong>${part}</strong>
              <span class="reason">The judge could not say. ${why}</span>
            </li>`,
        )}
      </ul>
      ${turn.failure ? html`<p class="attack"><strong>The run failed.</strong> ${turn.failure}</p>` : null}
    </div>
  </div>`;
}

/** The body as it stands, after each sentence the passages it rests on. */
function withCitations({ body, sentences }: NonNullable<TurnTrace["draft"]>): Markup {
  const pieces: Markup[] = [];
  let from = 0;
  for (const { text, citations, kind } of sentences) {
    const at = body.indexOf(text, from);
    if (at === -1 || kind !== "fact") continue;
    const end = at + text.length;
    const named = citations.length === 0 ? "no source" : citations.join(" ");
    pieces.push(
      html`${body.slice(from, end)}<sup class="${citations.length === 0 ? "none" : ""}">${named}</sup>`,
    );
    from = end;
  }
  return html`${pieces}${body.slice(from)}`;
}

function draftTitle({ draft }: TurnTrace): string {
  if (draft === null) return "No draft";
  if (draft.body === "") return "The draft: send nothing";
  return draft.channel === "note" ? "The draft: a note for the team" : "The draft: a reply";
}

function evidence({ findings, draft }: TurnTrace): Markup | null {
  if (!findings || findings.passages.length + findings.gaps.length === 0) return null;
  const cited = new Set(draft?.sentences.flatMap(({ citations }) => citations));
  return html`<h4>Evidence</h4>
    ${findings.passages.map(
      ({ id, source, quote }) =>
        html`<blockquote class="${cited.has(id) ? "cited" : ""}">
          ${quote}
          <footer>${id} · ${source.title}${cited.has(id) ? " · cited" : ""}</footer>
        </blockquote>`,
    )}
    ${findings.gaps.map(({ ask }) => html`<p class="quiet">Nothing found for: ${ask}</p>`)}`;
}

function toolPath({ calls }: TurnTrace): Markup | null {
  if (calls.length === 0) return null;
  return html`<h4>Tools</h4>
    <ol class="plain">
      ${pathLines(calls).map((line) => html`<li>${line}</li>`)}
    </ol>`;
}

function partsOf(marks: readonly Mark[]): Mark["part"][] {
  return [...new Set(marks.map(({ part }) => part))];
}

export function caseAnchor(dataset: string, id: string): string {
  return `case-${dataset}-${id}`;
}

/** By data set and case, what changed against the baseline. */
function changesOf(compared: readonly PairedPart[]): Map<string, string[]> {
  const changes = new Map<string, string[]>();
  for (const { dataset, part, losses, gains } of compared) {
    for (const [ids, word] of [[losses, "lost"] as const, [gains, "won"] as const]) {
      for (const id of ids) {
        const key = `${dataset}/${id}`;
        changes.set(key, [...(changes.get(key) ?? []), `${word}: ${part}`]);
      }
    }
  }
  return changes;
}
