import { z } from "zod";
import { Judging } from "./judge/judging.ts";
import { Mark } from "./judge/mark.ts";
import { Trace, Usage } from "./trace.ts";

export const Half = z.enum(["dev", "test"]);
export type Half = z.infer<typeof Half>;

/** One case as it was played and judged. */
export const CaseResult = z.object({
  dataset: z.string(),
  id: z.string(),
  half: Half,
  tags: z.array(z.string()),
  note: z.string().optional(),
  attack: z.object({ place: z.string(), goal: z.string() }).optional(),
  twin: z.string().optional(),
  /** What ran it: `offline`, or `provider:model`. */
  engine: z.string(),
  /** From 1. */
  repeat: z.number().int().positive(),
  /** Null when one engine was run alone and there is nothing to show of the rest. */
  trace: Trace,
  marks: z.array(Mark),
  /** Absent where no model was asked to judge. */
  judging: Judging.optional(),
});
export type CaseResult = z.infer<typeof CaseResult>;

/**
 * A whole run: what `--json` writes, and every report is made from. All of it but `machine` is the same whenever the
 * same code runs the same cases offline and without a model that judges.
 */
export const Run = z.object({
  format: z.literal(1),
  datasets: z.array(
    z.object({ name: z.string(), title: z.string(), description: z.string(), cases: z.number().int() }),
  ),
  /** `all`, or the engine that was run alone. */
  only: z.enum(["all", "classifier", "retrieval"]),
  engines: z.array(z.string()),
  repeats: z.number().int().positive(),
  /** The model that judged beside the rules, and what it was asked in all; absent where there was none. */
  judge: z
    .object({
      name: z.string(),
      questions: z.number().int(),
      unanswered: z.number().int(),
      usage: Usage,
    })
    .optional(),
  results: z.array(CaseResult),
  /** Writes that belong to no case, a sentence each: any is a failure of the run. */
  strayWrites: z.array(z.string()),
  /** What differs from machine to machine, and is never compared. */
  machine: z.object({
    startedAt: z.string(),
    node: z.string(),
    platform: z.string(),
    processors: z.number().int(),
    concurrency: z.number().int(),
    seconds: z.number(),
    /** Milliseconds of each case's turns together, by `dataset/id/engine/repeat`. */
    latency: z.record(z.string(), z.number()),
  }),
});
export type Run = z.infer<typeof Run>;

export function keyOf({
  dataset,
  id,
  engine,
  repeat,
}: Pick<CaseResult, "dataset" | "id" | "engine" | "repeat">) {
  return `${dataset}/${id}/${engine}/${repeat}`;
}

/** What a group of results of one data set and engine is called. */
export function nameOf([first]: readonly CaseResult[]): string {
  return first ? `${first.dataset}, ${first.engine}` : "nothing";
}
