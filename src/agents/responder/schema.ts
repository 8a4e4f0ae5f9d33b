import { z } from "zod";

const DraftSentence = z.object({
  text: z.string().min(1).describe("One sentence, or one list item beginning with `- `."),
  citations: z
    .array(z.string())
    .describe("Ids of the passages that support it, such as p1. Empty for a courtesy."),
  kind: z.enum(["fact", "courtesy"]).describe("courtesy states nothing that needs support."),
});

/** What a model may propose beside the text; names are looked up in the workspace's directory. */
const Proposal = z.object({
  type: z.enum(["close", "snooze", "assign", "tag", "note"]),
  name: z.string().nullish().describe("Name of the team to assign to, or of the tag."),
  hours: z.number().int().min(1).max(720).nullish().describe("How long to snooze."),
  body: z.string().max(2_000).nullish().describe("Text of the internal note."),
});
export type Proposal = z.infer<typeof Proposal>;

/** What a model answers: text and proposals, never a channel, a recipient or an author. */
export const ModelDraft = z.object({
  abstain: z
    .boolean()
    .describe(
      "True when the passages do not answer what is asked. The paragraphs are then a note for the team.",
    ),
  paragraphs: z
    .array(z.array(DraftSentence).min(1))
    .describe("The text without greeting and sign-off, in paragraphs."),
  followUps: z.array(Proposal).max(6).default([]),
});
export type ModelDraft = z.infer<typeof ModelDraft>;
