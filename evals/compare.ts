import { pairParts, partsOfCase, safetyFailures, type PairedPart } from "./baseline.ts";
import { figuresOf, groupBy, type Figure } from "./figures.ts";
import type { CaseResult, Run } from "./run-document.ts";
import { bootstrap, type Estimate } from "./statistics.ts";

/** One figure of two runs over the same cases, and by how much the second is higher. */
export interface FigureChange {
  name: string;
  unit: Figure["unit"];
  before: number;
  after: number;
  difference: Estimate;
}

/** Two runs of one data set, over the cases that both have. */
export interface DatasetComparison {
  dataset: string;
  cases: number;
  figures: FigureChange[];
  parts: PairedPart[];
}

export interface Comparison {
  before: string;
  after: string;
  datasets: DatasetComparison[];
  safety: string[];
  /** A part regressed beyond noise, or the second run is not safe. */
  worse: boolean;
}

/**
 * Compares two runs, paired case by case: a difference and its interval come from drawing the same cases in both. Of
 * repeated cases the first repeat counts, of several engines the first engine.
 */
export function compareRuns(before: Run, after: Run): Comparison {
  const [one, other] = [firstOf(before), firstOf(after)];
  const known = new Map(one.map((result) => [`${result.dataset}/${result.id}`, result]));
  const pairs = other.flatMap((now) => {
    const then = known.get(`${now.dataset}/${now.id}`);
    return then ? [{ id: now.id, dataset: now.dataset, then, now }] : [];
  });
  const datasets = [...groupBy(pairs, ({ dataset }) => dataset)].map(([dataset, list]) => ({
    dataset,
    cases: list.length,
    figures: changesOf(list),
    parts: pairParts(
      dataset,
      list.map(({ id, then, now }) => ({ id, before: partsOfCase(then), now: partsOfCase(now) })),
    ),
  }));
  const safety = safetyFailures(after);
  const regressed = datasets.some(({ parts }) => parts.some((part) => part.regressed));
  return {
    before: before.engines.join(", "),
    after: after.engines.join(", "),
    datasets,
    safety,
    worse: regressed || safety.length > 0,
  };
}

interface Pair {
  then: CaseResult;
  now: CaseResult;
}

/** The difference of a share is that of its parts; where a figure is no share of its cases, no interval is given. */
function changesOf(pairs: readonly Pair[]): FigureChange[] {
  const before = figuresOf(pairs.map(({ then }) => then));
  const after = new Map(figuresOf(pairs.map(({ now }) => now)).map((figure) => [figure.name, figure]));
  return before.flatMap(({ name, unit, value }) => {
    const now = after.get(name);
    if (!now) return [];
    const difference = bootstrap(
      pairs,
      (drawn) => shareIn(drawn, name, "now") - shareIn(drawn, name, "then"),
    );
    const known = Number.isNaN(difference.value)
      ? { value: now.value - value, low: Number.NaN, high: Number.NaN }
      : difference;
    return [{ name, unit, before: value, after: now.value, difference: known }];
  });
}

function shareIn(pairs: readonly Pair[], name: string, side: keyof Pair): number {
  let hit = 0;
  let of = 0;
  for (const pair of pairs) {
    for (const { counts } of pair[side].marks) {
      hit += counts[name]?.hit ?? 0;
      of += counts[name]?.of ?? 0;
    }
  }
  return of === 0 ? Number.NaN : hit / of;
}

function firstOf({ results, engines }: Run): CaseResult[] {
  return results.filter(({ engine, repeat }) => engine === engines[0] && repeat === 1);
}
