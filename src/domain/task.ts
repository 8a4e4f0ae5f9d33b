import { z } from "zod";
import { Outcome } from "./delivery.ts";

/** What a run has to do for a conversation, once the store and Intercom have been asked. */
export const Task = z.discriminatedUnion("type", [
  /** Classify, research and draft. */
  z.object({
    type: z.literal("draft"),
    /** What the reviewer should know about why there is a new draft. */
    notice: z.string().nullable(),
    /** Text they had approved, to show beside it. */
    kept: z.string().nullable(),
    instruction: z.string().nullable(),
    previousBody: z.string().nullable(),
  }),
  /** Draft again from the same findings, as the reviewer asked. */
  z.object({
    type: z.literal("revise"),
    notice: z.string().nullable(),
    kept: z.string().nullable(),
    instruction: z.string(),
    previousBody: z.string(),
  }),
  /** Put an open review before its teammate again. */
  z.object({ type: z.literal("restore"), reviewId: z.string() }),
  /** Put a text that was not delivered before its teammate again. */
  z.object({ type: z.literal("reopen"), reviewId: z.string(), body: z.string(), notice: z.string() }),
  /** Carry out a recorded approval that nobody has started on. */
  z.object({ type: z.literal("deliver"), decisionId: z.string() }),
  /** Nothing: it is settled, under way, or may not be done. */
  z.object({ type: z.literal("stop"), outcome: Outcome }),
]);
export type Task = z.infer<typeof Task>;
