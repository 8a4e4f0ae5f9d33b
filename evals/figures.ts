import { readingOf } from "./judge/reading.ts";
import { isByModel, modelPartNames, type Count } from "./judge/mark.ts";
import type { CaseResult } from "./run-document.ts";
import { bootstrap, mean, sum, wilson, type Estimate } from "./statistics.ts";
import { labelsOf, macroF1 } from "./topics.ts";

/** One number about a group of results, with its 95 % interval and what it is made of. */
export interface Figure extends Estimate {
  name: string;
  /** How many judgements it counts. */
  of: number;
  unit: "share" | "score" | "words" | "number";
  method: "wilson" | "bootstrap";
}

const order = [
  "topic accuracy",
  "topic macro-F1",
  "urgency accuracy",
  "route accuracy",
  "escalation recall",
  "escalation precision",
  "asks covered",
  "retrieval hit@1",
  "retrieval hit@5",
  "retrieval recall",
  "citation precision",
  "citation recall",
  "sentence support",
  "abstention, balanced",
  "handed over rightly",
  "answered rightly",
  "required facts",
  "forbidden facts left out",
  "follow-ups",
  "end state",
  "tool path",
  "without safety failure",
  "twins the same",
  "twins the same or left to a person",
  ...modelPartNames,
  "cases passed",
  "cases passed every time",
  "reading ease",
  "words in a reply",
  "tool calls a case",
  "model calls a case",
  "input tokens a case",
  "output tokens a case",
];

/** Every figure of the results that anything counts for, in the order of the report. */
export function figuresOf(results: readonly CaseResult[]): Figure[] {
  const names = new Set(results.flatMap(({ marks }) => marks.flatMap(({ counts }) => Object.keys(counts))));
  const figures = [
    ...[...names].map((name) => shareOf(results, name)),
    ...topicsAlike(results),
    ...balancedAbstention(results),
    ...passedCases(results),
    ...readings(results),
    ...costs(results),
  ].filter(({ of }) => of > 0);
  return figures.sort((one, other) => order.indexOf(one.name) - order.indexOf(other.name));
}

/** What a result counts for a figure, over its turns. */
function countIn({ marks }: CaseResult, name: string): Count {
  const counts = marks.flatMap(({ counts: all }) => all[name] ?? []);
  return { hit: sum(counts.map(({ hit }) => hit)), of: sum(counts.map(({ of }) => of)) };
}

/**
 * A share. Where each judgement stands for itself the interval is Wilson's; where one case brings several, they are not
 * independent, and the cases are drawn anew. Where all of them are right, or none, drawing anew teaches nothing: then it
 * is Wilson's over the cases, however many judgements each of them brings.
 */
function shareOf(results: readonly CaseResult[], name: string): Figure {
  const counts = results.map((result) => countIn(result, name)).filter(({ of }) => of > 0);
  const { hit, of } = totalOf(counts);
  const figure = { name, of, unit: "share" as const };
  if (counts.every((count) => count.of === 1)) return { ...figure, ...wilson(hit, of), method: "wilson" };
  if (hit === of || hit === 0) {
    return { ...figure, ...wilson(hit === 0 ? 0 : counts.length, counts.length), method: "wilson" };
  }
  return { ...figure, ...bootstrap(counts, (drawn) => ratio(totalOf(drawn))), method: "bootstrap" };
}

/** Topics counted alike, however many cases they have. */
function topicsAlike(results: readonly CaseResult[]): Figure[] {
  const labelled = results.map((result) => labelsOf(result, "topic")).filter((labels) => labels.length > 0);
  const of = sum(labelled.map(({ length }) => length));
  return [
    { name: "topic macro-F1", ...bootstrap(labelled, macroF1), of, unit: "score", method: "bootstrap" },
  ];
}

function balancedAbstention(results: readonly CaseResult[]): Figure[] {
  const sides = results.map((result) => ({
    handed: countIn(result, "handed over rightly"),
    answered: countIn(result, "answered rightly"),
  }));
  const relevant = sides.filter(({ handed, answered }) => handed.of + answered.of > 0);
  const balance = (drawn: typeof relevant) =>
    mean([
      ratio(totalOf(drawn.map(({ handed }) => handed))),
      ratio(totalOf(drawn.map(({ answered }) => answered))),
    ]);
  const value = balance(relevant);
  if (Number.isNaN(value)) return [];
  const of = sum(relevant.map(({ handed, answered }) => handed.of + answered.of));
  return [
    {
      name: "abstention, balanced",
      ...bootstrap(relevant, (drawn) => balance([...drawn])),
      of,
      unit: "share",
      method: "bootstrap",
    },
  ];
}

/** Cases of which every part that is judged by rule passed; with repeats also those that passed each time (pass^k). */
function passedCases(results: readonly CaseResult[]): Figure[] {
  const judged = results.filter(({ marks }) => marks.length > 0);
  const passed = judged.filter(isPassed).length;
  const all: Figure[] = [
    {
      name: "cases passed",
      ...wilson(passed, judged.length),
      of: judged.length,
      unit: "share",
      method: "wilson",
    },
  ];
  const byCase = groupBy(judged, ({ dataset, id, engine }) => `${dataset}/${id}/${engine}`);
  if (![...byCase.values()].some(({ length }) => length > 1)) return all;
  const everyTime = [...byCase.values()].filter((repeats) => repeats.every(isPassed)).length;
  const estimate = wilson(everyTime, byCase.size);
  return [
    ...all,
    { name: "cases passed every time", ...estimate, of: byCase.size, unit: "share", method: "wilson" },
  ];
}

export function isPassed({ marks }: Pick<CaseResult, "marks">): boolean {
  return marks.every((mark) => mark.passed || isByModel(mark));
}

/** How the replies to customers read; notes and drafts that send nothing are not replies. */
function readings(results: readonly CaseResult[]): Figure[] {
  const read = results.flatMap(({ trace }) => {
    const replies = trace.turns.flatMap(({ draft }) => (draft?.channel === "comment" ? [draft.body] : []));
    return replies.flatMap((body) => readingOf(body) ?? []);
  });
  return [
    average(
      "reading ease",
      read.map(({ ease }) => ease),
      "score",
    ),
    average(
      "words in a reply",
      read.map(({ words }) => words),
      "words",
    ),
  ];
}

function costs(results: readonly CaseResult[]): Figure[] {
  const per = (name: string, count: (turn: CaseResult["trace"]["turns"][number]) => number) =>
    average(
      name,
      results.filter(({ trace }) => trace.turns.length > 0).map(({ trace }) => sum(trace.turns.map(count))),
      "number",
    );
  return [
    per("tool calls a case", ({ calls }) => calls.length),
    per("model calls a case", ({ usage }) => usage.calls),
    per("input tokens a case", ({ usage }) => usage.inputTokens),
    per("output tokens a case", ({ usage }) => usage.outputTokens),
  ].filter(({ value }) => value > 0);
}

function average(name: string, values: readonly number[], unit: Figure["unit"]): Figure {
  return { name, ...bootstrap(values, mean), of: values.length, unit, method: "bootstrap" };
}

export function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

function totalOf(counts: readonly Count[]): Count {
  return { hit: sum(counts.map(({ hit }) => hit)), of: sum(counts.map(({ of }) => of)) };
}

function ratio({ hit, of }: Count): number {
  return of === 0 ? Number.NaN : hit / of;
}
