import { z } from "zod";
import { Contact, Conversation } from "../domain/conversation.ts";
import { Answer, Decision, decisionTypes } from "../domain/decision.ts";
import { Delivery, DeliveryStatus, Outcome } from "../domain/delivery.ts";
import { Classification } from "../domain/classification.ts";
import { Review, ReviewSummary } from "../domain/review.ts";
import { WorkStep } from "../runs/work-board.ts";

/** Any refusal: `code` is stable and made for programs, `next` says what to do. */
export const Problem = z.object({ code: z.string(), message: z.string(), next: z.string() });
export type Problem = z.infer<typeof Problem>;

export const ReviewOutcome = z.object({
  reviewId: z.string(),
  decisionId: z.string(),
  type: z.enum(decisionTypes),
  decidedBy: z.string(),
  decidedAt: z.iso.datetime(),
  comment: z.string().nullable(),
  deliveries: z.array(
    z.object({ summary: z.string(), status: DeliveryStatus, reason: z.string().nullable() }),
  ),
});
export type ReviewOutcome = z.infer<typeof ReviewOutcome>;

export const ListedReview = ReviewSummary.extend({
  /** Whom it is for, by name. */
  teammateName: z.string(),
  /** What became of it; null while it waits, or when a newer draft took its place. */
  outcome: ReviewOutcome.nullable(),
});
export type ListedReview = z.infer<typeof ListedReview>;

export const ReviewList = z.object({
  reviews: z.array(ListedReview),
  /** What to send as `after` for the next page; null on the last one, and in the order of opening. */
  next: z.string().nullable(),
});
export type ReviewList = z.infer<typeof ReviewList>;

export const ReviewCounts = z.object({
  total: z.number().int(),
  urgencies: z.record(z.string(), z.number().int()),
  topics: z.record(z.string(), z.number().int()),
});
export type ReviewCounts = z.infer<typeof ReviewCounts>;

/** The conversation as the caller may read it in Intercom now, or why they may not. */
export const ConversationRead = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("read"),
    conversation: Conversation,
    contact: Contact.nullable(),
    /** What is different from what the draft rests on, in a sentence: approving would send nothing. */
    change: z.string().nullable(),
  }),
  Problem.extend({ kind: z.literal("refused") }),
]);
export type ConversationRead = z.infer<typeof ConversationRead>;

export const HistoryEntry = z.object({
  reviewId: z.string(),
  version: z.number().int(),
  status: Review.shape.status,
  createdAt: z.iso.datetime(),
  body: z.string(),
  channel: z.string(),
  notice: z.string().nullable(),
  /** Whom it was for, by name. */
  teammateName: z.string(),
  outcome: ReviewOutcome.nullable(),
});
export type HistoryEntry = z.infer<typeof HistoryEntry>;

/** What the caller may do with a review: decide it, pick it up to decide it, or only look at it. */
export const Permission = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("yours") }),
  z.object({ kind: z.literal("pick_up") }),
  z.object({ kind: z.literal("refused"), reason: z.string() }),
]);
export type Permission = z.infer<typeof Permission>;

export const ReviewPage = z.object({
  review: Review,
  permission: Permission,
  /** What a person is shown at the interrupt, in the keys of the ecosystem's inboxes. */
  shown: z.looseObject({ followUps: z.array(z.string()), warnings: z.array(z.string()) }),
  decision: Decision.nullable(),
  deliveries: z.array(Delivery),
  /** The topic in the desk's words. */
  topicTitle: z.string(),
  /** Who would send it, by name. */
  authorName: z.string(),
  conversation: ConversationRead,
  /** Earlier and later drafts of the same conversation, newest first. */
  history: z.array(HistoryEntry),
});
export type ReviewPage = z.infer<typeof ReviewPage>;

export const DecisionRequest = z.strictObject({ answer: Answer });
export type DecisionRequest = z.infer<typeof DecisionRequest>;

/** Where to send a browser to connect Intercom. */
export const ConnectionLink = z.object({ link: z.url(), expiresAt: z.iso.datetime().nullable() });
export type ConnectionLink = z.infer<typeof ConnectionLink>;

/** How far the run has come that the answer set going. */
export const Progress = z.discriminatedUnion("type", [
  z.object({ type: z.literal("working"), node: z.string(), classification: Classification.nullable() }),
  z.object({ type: z.literal("waiting"), reviewId: z.string() }),
  z.object({ type: z.literal("ended"), outcome: Outcome }),
  z.object({ type: z.literal("busy") }),
  z.object({ type: z.literal("failed"), reason: z.string() }),
]);
export type Progress = z.infer<typeof Progress>;

/** The data of an event of the stream; its id is the ledger's sequence. */
export const ReviewEventData = z.object({
  event: z.string(),
  reviewId: z.string(),
  conversationId: z.string(),
  actor: z.string(),
  at: z.iso.datetime(),
});
export type ReviewEventData = z.infer<typeof ReviewEventData>;

/** The data of a `connection` event: what happened to the caller's own Intercom connection. Its id is the sequence. */
export const ConnectionEventData = z.object({
  event: z.string(),
  /** What the connection is since then; null where the fact does not say. */
  status: z.string().nullable(),
  actor: z.string(),
  at: z.iso.datetime(),
});
export type ConnectionEventData = z.infer<typeof ConnectionEventData>;

/** The data of a `work` event: everything the agents make for the caller now, in the place of what was said before. */
export const WorkEventData = z.object({
  /** How many conversations; more than `works` shows, where there are many. */
  total: z.number().int(),
  works: z.array(
    z.object({
      conversationId: z.string(),
      title: z.string().nullable(),
      step: WorkStep,
      since: z.iso.datetime(),
    }),
  ),
});
export type WorkEventData = z.infer<typeof WorkEventData>;

/** The data of a `presence` event: who else looks at a review that the caller looks at, in the place of what was said before. */
export const PresenceEventData = z.object({
  reviewId: z.string(),
  readers: z.array(z.object({ name: z.string(), editing: z.boolean() })),
});
export type PresenceEventData = z.infer<typeof PresenceEventData>;

/** A heartbeat of who looks at a review. */
export const PresenceRequest = z.strictObject({
  editing: z.boolean(),
  /** Tells the caller's tabs apart, so that closing one leaves the others there. */
  tab: z.string().max(64).default(""),
});
export type PresenceRequest = z.infer<typeof PresenceRequest>;
