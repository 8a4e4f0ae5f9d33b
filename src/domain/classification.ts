import { z } from "zod";

export const Route = z.enum(["reply", "escalate", "no_reply"]);
export type Route = z.infer<typeof Route>;

/** What the classifier thinks of a conversation. */
export const Classification = z.object({
  /** Id of a topic of the desk's taxonomy, or `other`. */
  topic: z.string(),
  /** How sure the classifier is of the topic, 0 to 1. */
  confidence: z.number().min(0).max(1),
  urgency: z.enum(["low", "normal", "high", "urgent"]),
  sentiment: z.enum(["negative", "neutral", "positive"]),
  /** ISO 639-1 code of the customer's language, or `und` when undetermined. */
  language: z.string(),
  /** The separate things the customer asks for, in their words. */
  asks: z.array(z.string()),
  route: Route,
  /** Why this route, in one sentence for the reviewer. */
  reason: z.string(),
  /** True when the confidence is below the desk's threshold: said, not hidden. */
  uncertain: z.boolean(),
});
export type Classification = z.infer<typeof Classification>;
