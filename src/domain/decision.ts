import { z } from "zod";
import { Plan } from "./action.ts";

/** What a person answers, after every dialect has been translated to ours. `digest` names what they saw. */
export const Answer = z.discriminatedUnion("type", [
  z.object({ type: z.literal("approve"), digest: z.string().optional() }),
  z.object({
    type: z.literal("edit"),
    digest: z.string().optional(),
    body: z.string().trim().min(1, "an edited reply needs a body"),
    /** Positions of the proposed follow-ups to keep; absent keeps all. */
    followUps: z.array(z.number().int().nonnegative()).optional(),
  }),
  z.object({
    type: z.literal("revise"),
    digest: z.string().optional(),
    instruction: z.string().trim().min(1, "say what the new draft should do differently"),
  }),
  z.object({
    type: z.literal("reject"),
    digest: z.string().optional(),
    reason: z.string().trim().min(1, "say why the draft is rejected"),
  }),
  z.object({ type: z.literal("take_over"), digest: z.string().optional() }),
]);
export type Answer = z.infer<typeof Answer>;

export const decisionTypes = ["approve", "edit", "revise", "reject", "take_over"] as const;
export type DecisionType = (typeof decisionTypes)[number];

/** What a person decided about one review; there is at most one per review, and it never changes. */
export const Decision = z.object({
  id: z.string(),
  reviewId: z.string(),
  type: z.enum(decisionTypes),
  /** Identifier of the authenticated teammate who decided. */
  decidedBy: z.string(),
  via: z.string(),
  /** Digest of what they were shown. */
  shownDigest: z.string(),
  /** What may be written, for `approve` and `edit`; null for the rest. */
  plan: Plan.nullable(),
  /** Digest of `plan`. */
  planDigest: z.string().nullable(),
  /** The reply text of the plan, as the person read it; null where nothing is written. */
  body: z.string().nullable(),
  /** The instruction of a revise or the reason of a reject. */
  comment: z.string().nullable(),
  decidedAt: z.iso.datetime(),
});
export type Decision = z.infer<typeof Decision>;
