import { z } from "zod";

/** `comment` is what the customer reads; `note` stays inside the team. Intercom's words. */
export const Channel = z.enum(["comment", "note"]);
export type Channel = z.infer<typeof Channel>;

/** A sentence of the draft. A factual sentence without a citation is unsupported, and marked so. */
export const Sentence = z.object({
  text: z.string(),
  /** Ids of the passages that support it. */
  citations: z.array(z.string()),
  /** `courtesy` (greeting, thanks, sign-off) states nothing that needs support. */
  kind: z.enum(["fact", "courtesy"]),
});
export type Sentence = z.infer<typeof Sentence>;

/** Something else that happens in Intercom when the draft is approved; each can be left out by the reviewer. */
export const FollowUp = z.discriminatedUnion("type", [
  z.object({ type: z.literal("close") }),
  z.object({ type: z.literal("snooze"), hours: z.number().int().positive() }),
  z.object({ type: z.literal("assign"), to: z.enum(["team", "admin"]), id: z.string(), name: z.string() }),
  z.object({ type: z.literal("tag"), id: z.string(), name: z.string() }),
  z.object({ type: z.literal("note"), body: z.string().min(1) }),
]);
export type FollowUp = z.infer<typeof FollowUp>;

/** What the responder proposes. An empty body proposes to send nothing. */
export const Draft = z.object({
  channel: Channel,
  body: z.string(),
  sentences: z.array(Sentence),
  followUps: z.array(FollowUp),
  /** True when the evidence is missing and the draft is an escalation note instead of an answer. */
  abstained: z.boolean(),
  /** What the reviewer should know before approving, a sentence each. */
  warnings: z.array(z.string()),
  /** What wrote it: `offline`, or a `provider:model` string. */
  engine: z.string(),
});
export type Draft = z.infer<typeof Draft>;

/** The factual sentences that no passage supports. */
export function unsupportedSentences(draft: Draft): Sentence[] {
  return draft.sentences.filter((sentence) => sentence.kind === "fact" && sentence.citations.length === 0);
}
