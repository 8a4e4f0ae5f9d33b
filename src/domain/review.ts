import { z } from "zod";
import { Plan } from "./action.ts";
import { Classification } from "./classification.ts";
import { Draft } from "./draft.ts";
import { Findings } from "./findings.ts";

/** One proposal put before one person. It never changes: a new draft is a new review that supersedes it. */
export const Review = z.object({
  id: z.string(),
  threadId: z.uuid(),
  workspaceId: z.string(),
  conversationId: z.string(),
  /** 1 for the first draft of a conversation's episode, then 2, 3, ... */
  version: z.number().int().positive(),
  status: z.enum(["open", "decided", "superseded"]),
  /** Identifier of the teammate it is for: the only one who may decide it. */
  teammate: z.string(),
  /** The Intercom team the conversation was with when the draft was made; null for none. */
  teamId: z.string().nullable(),
  customer: z.string(),
  title: z.string(),
  classification: Classification,
  findings: Findings,
  draft: Draft,
  plan: Plan,
  digest: z.string(),
  /** Why it came back to review, for instance "the customer wrote again"; null for a first draft. */
  notice: z.string().nullable(),
  /** What the teammate had approved before the conversation moved on; null when nothing was lost. */
  kept: z.string().nullable(),
  /** ISO 8601, UTC. */
  createdAt: z.iso.datetime(),
});
export type Review = z.infer<typeof Review>;

/** A review as a list shows it: without the documents that make it large. */
export const ReviewSummary = Review.omit({ findings: true, draft: true, plan: true }).extend({
  /** What its draft would send: a public reply, an internal note, or nothing. */
  proposes: z.enum(["comment", "note", "nothing"]),
});
export type ReviewSummary = z.infer<typeof ReviewSummary>;
