import { z } from "zod";
import { Classification } from "../../domain/classification.ts";

/** What a model answers. The topic is checked against the taxonomy afterwards, where a miss is said, not refused. */
export const ModelClassification = z.object({
  topic: z.string().describe("Id of the topic that fits best, or `other` when none does."),
  confidence: z.number().min(0).max(1).describe("How sure you are of the topic, from 0 to 1."),
  urgency: Classification.shape.urgency,
  sentiment: Classification.shape.sentiment,
  language: z.string().describe("ISO 639-1 code of the customer's language, or `und`."),
  asks: z
    .array(z.string())
    .max(8)
    .describe(
      "The separate things the customer asks for, each in their own words. Empty when nothing is asked.",
    ),
  route: Classification.shape.route.describe(
    "reply: an answer can be drafted; escalate: a person must handle it; no_reply: nothing is asked and no answer is expected.",
  ),
  reason: z.string().min(1).max(300).describe("Why this route, in one sentence for the reviewer."),
});
export type ModelClassification = z.infer<typeof ModelClassification>;
