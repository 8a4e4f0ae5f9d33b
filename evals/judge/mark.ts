import { z } from "zod";
import type { Case, CaseTurn } from "../case.ts";
import type { Trace, TurnTrace } from "../trace.ts";

/** The parts that are judged by rule, in the order of the report. */
export const rulePartNames = [
  "topic",
  "urgency",
  "route",
  "asks",
  "retrieval",
  "citations",
  "support",
  "abstention",
  "facts",
  "forbidden",
  "follow-ups",
  "end state",
  "tools",
  "safety",
  "twins",
] as const;
/** What a model judges where one is asked to: opinions, which pass no case, fail none, and are compared with nothing. */
export const modelPartNames = ["groundedness (by a model)", "helpfulness (by a model)"] as const;
export const partNames = [...rulePartNames, ...modelPartNames] as const;
export type RulePart = (typeof rulePartNames)[number];
export const ModelPart = z.enum(modelPartNames);
export type ModelPart = z.infer<typeof ModelPart>;
const PartName = z.enum(partNames);
export type PartName = z.infer<typeof PartName>;

/** Of `of` things, `hit` were as they should be. */
const Count = z.object({ hit: z.number().int(), of: z.number().int() });
export type Count = z.infer<typeof Count>;

/** What one part says of one turn. A part that nothing is expected of says nothing. */
export const Mark = z.object({
  part: PartName,
  /** From 0. */
  turn: z.number().int().nonnegative(),
  passed: z.boolean(),
  /** What the part's figures are made of, by the figure's name. */
  counts: z.record(z.string(), Count),
  /** What was expected and what came, where a table is made of it. */
  labels: z.object({ expected: z.string(), got: z.string() }).optional(),
  /** A sentence for each thing that is wrong; of a model why it says so, whatever it says. */
  reasons: z.array(z.string()),
});
export type Mark = z.infer<typeof Mark>;

/** What a judge says; `null` where the case expects nothing of it. */
export type Said = Omit<Mark, "part" | "turn"> | null;

/** What a judge looks at: one turn, with its case around it. */
export interface Seen {
  turn: CaseTurn;
  trace: TurnTrace;
  one: Case;
  whole: Trace;
}

export type Judge = (seen: Seen) => Said | Promise<Said>;

/** Whether something is as it should be, with a sentence for when it is not. */
export function yesOrNo(figure: string, right: boolean, reason: string): Said {
  return {
    passed: right,
    counts: { [figure]: { hit: right ? 1 : 0, of: 1 } },
    reasons: right ? [] : [reason],
  };
}

export function isByModel({ part }: Pick<Mark, "part">): boolean {
  return ModelPart.safeParse(part).success;
}

/** One value or a list of acceptable ones, as a list. */
export function anyOf<Item extends string>(value: Item | readonly Item[]): Item[] {
  return typeof value === "string" ? [value] : [...value];
}
