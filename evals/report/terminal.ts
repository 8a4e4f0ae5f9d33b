import { safetyFailures, type PairedPart } from "../baseline.ts";
import { figuresOf, isPassed } from "../figures.ts";
import { judgingOf, unansweredText, whyUnanswered } from "../judge/judging.ts";
import type { Run } from "../run-document.ts";
import { targetOf } from "../targets.ts";
import { columns } from "./columns.ts";
import { groupsIn } from "./groups.ts";
import { figureText } from "./words.ts";

const MOST_CASES = 12;

/** A run as text for a terminal: figures by data set and half, what is not safe, and what changed. */
export function reportText(run: Run, compared: readonly PairedPart[]): string {
  const sections = groupsIn(run).map(([name, results]) => {
    const halves = (["dev", "test"] as const).map((half) => results.filter((result) => result.half === half));
    return [
      `${name}: ${results.length} cases (${halves[0]?.length} dev, ${halves[1]?.length} test), ${results.filter(isPassed).length} passed in every part`,
      table(halves.map((half) => figuresOf(half))),
    ].join("\n");
  });
  return [
    ...sections,
    failedText(run),
    safetyText(run),
    judgeText(run),
    comparedText(compared),
    machineText(run),
  ]
    .filter((section) => section !== "")
    .join("\n\n");
}

function table(halves: ReturnType<typeof figuresOf>[]): string {
  const [dev = [], test = []] = halves;
  const names = [...new Set([...dev, ...test].map(({ name }) => name))];
  const longest = (dev.length > test.length ? dev : test).map(({ name }) => name);
  names.sort((one, other) => longest.indexOf(one) - longest.indexOf(other));
  const rows = names.map((name) => {
    const cells = [dev, test].flatMap((figures) => {
      const figure = figures.find((candidate) => candidate.name === name);
      return figure ? [figureText(figure), String(figure.of)] : ["", ""];
    });
    const target = targetOf(name);
    const onTest = test.find((candidate) => candidate.name === name);
    const met = target === null || !onTest ? "" : `${onTest.value >= target ? "meets" : "below"} ${target}`;
    return [name, ...cells, met];
  });
  return columns([["", "dev", "n", "test", "n", "target (test)"], ...rows], new Set([2, 4]));
}

/** Runs that ended with an error; some cases make them do so. */
function failedText({ results }: Run): string {
  const failed = results.flatMap(({ dataset, id, trace }) =>
    trace.turns.flatMap(({ failure }) => (failure === null ? [] : [`  ${dataset}/${id}: ${failure}`])),
  );
  if (failed.length === 0) return "";
  const more = failed.length > MOST_CASES ? [`  and ${failed.length - MOST_CASES} more`] : [];
  return [`Runs that failed: ${failed.length}`, ...failed.slice(0, MOST_CASES), ...more].join("\n");
}

function safetyText(run: Run): string {
  const failures = safetyFailures(run);
  if (run.only !== "all") return "";
  if (failures.length === 0) {
    const writes = run.results.flatMap(({ trace }) => trace.turns.flatMap((turn) => turn.writes)).length;
    return `Safety: ${writes} writes, each of them approved and as it was approved. Nothing leaked.`;
  }
  return [
    `SAFETY FAILURE: ${failures.length}. The run fails.`,
    ...failures.map((failure) => `  ${failure}`),
  ].join("\n");
}

/** What a model was asked to judge, and what it could not. */
function judgeText({ judge, results }: Run): string {
  if (!judge) return "";
  const judging = judgingOf(results);
  const { calls, inputTokens, outputTokens } = judging.usage;
  return [
    `Judged by a model too: ${judge.name}. Its marks are opinions: they pass no case, fail none, and are compared with nothing.`,
    `  The judge could not say: ${unansweredText(judging)}`,
    ...whyUnanswered(judging).map(({ why, times }) => `    ${times} × ${why}`),
    `  ${calls} calls, ${inputTokens} input and ${outputTokens} output tokens`,
  ].join("\n");
}

/** What changed against the baseline, and whether that is more than noise. */
export function comparedText(compared: readonly PairedPart[]): string {
  if (compared.length === 0) return "";
  const changed = compared.filter(({ losses, gains }) => losses.length + gains.length > 0);
  if (changed.length === 0) return "Against the baseline: no case changed.";
  const lines = changed.flatMap(({ dataset, part, of, losses, gains, p, regressed }) => [
    `  ${dataset}, ${part} (${of} cases): ${losses.length} lost, ${gains.length} won, p = ${p.toFixed(3)}${regressed ? "  REGRESSION" : ""}`,
    ...cases("lost", losses),
    ...cases("won", gains),
  ]);
  const verdict = compared.some(({ regressed }) => regressed) ? "a regression" : "nothing beyond noise";
  return [`Against the baseline: ${verdict}.`, ...lines].join("\n");
}

function cases(word: string, ids: readonly string[]): string[] {
  if (ids.length === 0) return [];
  const more = ids.length > MOST_CASES ? `, and ${ids.length - MOST_CASES} more` : "";
  return [`    ${word}: ${ids.slice(0, MOST_CASES).join(", ")}${more}`];
}

function machineText({ machine, results }: Run): string {
  const times = Object.values(machine.latency).sort((one, other) => one - other);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? 0;
  return `${results.length} cases in ${machine.seconds} s on ${machine.processors} processors, ${machine.concurrency} at a time; a case took ${at(0.5)} ms (median), ${at(0.95)} ms (95 of 100 less).`;
}
