import { z } from "zod";
import { Channel } from "../../src/domain/draft.ts";
import { fates } from "./distance.ts";

/** One answer: what was drafted for it, and what people sent. */
export const ReplayedAnswer = z.object({
  conversationId: z.string(),
  /** When it was answered. ISO 8601, UTC. */
  at: z.string(),
  topic: z.string(),
  /** What was said before, where the conversation was read; the store keeps none. */
  messages: z.array(z.object({ from: z.string(), text: z.string() })),
  /** What the classifier understood was asked. */
  asks: z.array(z.string()),
  /** An empty body proposes to send nothing. */
  draft: z.object({ channel: Channel, body: z.string() }),
  /** What people sent; null where nothing is known to have been sent. */
  sent: z.string().nullable(),
  fate: z.enum(fates),
  /** Edit distance between the two; null where there are not two texts of a reply. */
  distance: z.number().nullable(),
  /** What became of it, in a sentence. */
  reason: z.string(),
});
export type ReplayedAnswer = z.infer<typeof ReplayedAnswer>;

/** Answers that are of one kind, and are forecast together. */
export const Series = z.object({
  /**
   * `decided`: drafts that people saw, and decided. `again`: drafts that nobody saw, beside what became of an earlier one.
   * `unseen`: drafts that nobody saw, beside what people wrote themselves.
   */
  kind: z.enum(["decided", "again", "unseen"]),
  title: z.string(),
  engines: z.array(z.string()),
  answers: z.array(ReplayedAnswer),
  /** What was not compared, and why. */
  leftOut: z.array(z.object({ reason: z.string(), count: z.number().int() })),
});
export type Series = z.infer<typeof Series>;

/** A whole replay: what `--json` writes, and the reports are made from. Holds what customers wrote. */
export const Replay = z.object({
  format: z.literal(1),
  kind: z.literal("replay"),
  redacted: z.boolean(),
  startedAt: z.string(),
  series: z.array(Series).min(1),
});
export type Replay = z.infer<typeof Replay>;

/** Counts what is left out, the most frequent reason first. */
export function countReasons(reasons: readonly string[]): Series["leftOut"] {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .map(([reason, count]) => ({ reason, count }))
    .sort((one, other) => other.count - one.count);
}
