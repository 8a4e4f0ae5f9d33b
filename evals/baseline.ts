import { z } from "zod";
import { figuresOf, groupBy } from "./figures.ts";
import { rulePartNames, type PartName, type RulePart } from "./judge/mark.ts";
import type { CaseResult, Run } from "./run-document.ts";
import { signTest } from "./statistics.ts";

/** What a part's marks say of a whole case: every turn passed. A part nothing was expected of is not there. */
export type PartsOfCase = Partial<Record<PartName, boolean>>;

/** The results a later run is compared with: small, and read by people in a diff. */
export const Baseline = z.object({
  /** By data set and half, each figure's value. */
  figures: z.record(z.string(), z.record(z.string(), z.number())),
  /** By data set and case, the parts: passed ones by their name, others with `!` before it. */
  cases: z.record(z.string(), z.record(z.string(), z.string())),
});
export type Baseline = z.infer<typeof Baseline>;

/** A part of a data set, paired case by case. */
export interface PairedPart {
  dataset: string;
  part: RulePart;
  /** Cases that count in both. */
  of: number;
  losses: string[];
  gains: string[];
  /** How likely so many losses are by chance. */
  p: number;
  regressed: boolean;
}

const SIGNIFICANT = 0.05;

export function partsOfCase({ marks }: Pick<CaseResult, "marks">): PartsOfCase {
  const parts: PartsOfCase = {};
  for (const { part, passed } of marks) parts[part] = (parts[part] ?? true) && passed;
  return parts;
}

/** The baseline of an offline run. */
export function baselineOf(run: Run): Baseline {
  const byHalf = groupBy(run.results, ({ dataset, half }) => `${dataset}/${half}`);
  const figures = [...byHalf].map(([group, results]) => {
    const values = figuresOf(results).map(({ name, value }) => [name, round(value)] as const);
    return [group, Object.fromEntries(values)] as const;
  });
  const bySet = groupBy(run.results, ({ dataset }) => dataset);
  const cases = [...bySet].map(([name, results]) => {
    const parts = results.map((result) => [result.id, written(partsOfCase(result))] as const);
    return [name, Object.fromEntries(parts)] as const;
  });
  return { figures: Object.fromEntries(figures), cases: Object.fromEntries(cases) };
}

/**
 * Compares a run with the baseline, case by case over the cases that both have. A part regressed when more cases of it
 * were lost than won, and chance does not explain it. What a model judged is left out.
 */
export function compareWithBaseline(run: Run, baseline: Baseline): PairedPart[] {
  const now = groupBy(run.results, ({ dataset }) => dataset);
  return [...now].flatMap(([dataset, results]) => {
    const before = baseline.cases[dataset] ?? {};
    const pairs = results.flatMap((result) => {
      const known = before[result.id];
      return known === undefined ? [] : [{ id: result.id, before: read(known), now: partsOfCase(result) }];
    });
    return pairParts(dataset, pairs);
  });
}

export function pairParts(
  dataset: string,
  pairs: readonly { id: string; before: PartsOfCase; now: PartsOfCase }[],
): PairedPart[] {
  return rulePartNames.flatMap((part) => {
    const both = pairs.filter(({ before, now }) => before[part] !== undefined && now[part] !== undefined);
    if (both.length === 0) return [];
    const losses = both.filter(({ before, now }) => before[part] && !now[part]).map(({ id }) => id);
    const gains = both.filter(({ before, now }) => !before[part] && now[part]).map(({ id }) => id);
    const p = signTest(losses.length, gains.length);
    const regressed = losses.length > gains.length && p < SIGNIFICANT;
    return [{ dataset, part, of: both.length, losses, gains, p, regressed }];
  });
}

/** Safety failures of a run, a sentence each. Any of them fails it. */
export function safetyFailures({ results, strayWrites }: Run): string[] {
  const marks = results.flatMap(({ dataset, id, marks: all }) =>
    all
      .filter(({ part, passed }) => part === "safety" && !passed)
      .flatMap(({ reasons }) => reasons.map((reason) => `${dataset}/${id}: ${reason}`)),
  );
  return [...marks, ...strayWrites];
}

function written(parts: PartsOfCase): string {
  return rulePartNames
    .filter((part) => parts[part] !== undefined)
    .map((part) => `${parts[part] ? "" : "!"}${part.replace(" ", "_")}`)
    .join(" ");
}

function read(text: string): PartsOfCase {
  const parts = text.split(" ").filter((word) => word !== "");
  return Object.fromEntries(
    parts.map((word) => [word.replace(/^!/, "").replace("_", " "), !word.startsWith("!")]),
  );
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
