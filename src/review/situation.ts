import type { Decision } from "../domain/decision.ts";
import type { Delivery, Outcome } from "../domain/delivery.ts";
import type { Review } from "../domain/review.ts";
import type { Database } from "../store/database.ts";
import { findDecision } from "../store/decisions.ts";
import { listDeliveries } from "../store/deliveries.ts";
import { listReviews } from "../store/reviews.ts";

/** Where a conversation stands by the store alone, whatever a thread remembers. */
export type Situation =
  /** Nobody has drafted for it. */
  | { type: "new" }
  /** A draft waits for its teammate. */
  | { type: "open"; review: Review }
  /** A new draft was asked for. */
  | { type: "revise"; review: Review; instruction: string }
  /** What was approved did not reach Intercom; nothing was written. */
  | { type: "undelivered"; review: Review; body: string; reason: string }
  /** The conversation moved on before the approved text could be sent. */
  | { type: "overtaken"; review: Review; body: string; reason: string }
  /** An approval is on its way, or its outcome is being reconciled. */
  | { type: "underway"; review: Review; decisionId: string; queued: boolean }
  /** The last draft was dealt with. */
  | { type: "settled"; review: Review; outcome: Outcome };

export async function findSituation(
  db: Database,
  workspaceId: string,
  conversationId: string,
): Promise<Situation> {
  const [review] = await listReviews(db, { workspaceId, conversationId, limit: 1 });
  if (review === undefined || review.status === "superseded") return { type: "new" };
  if (review.status === "open") return { type: "open", review };
  const decision = await findDecision(db, review.id);
  return decision ? situationAfter(review, decision, await listDeliveries(db, decision.id)) : { type: "new" };
}

/** The situation after a decision, given how far its deliveries have come. */
export function situationAfter(
  review: Review,
  decision: Decision,
  deliveries: readonly Delivery[],
): Situation {
  const text = { review, body: decision.body ?? "" };
  switch (decision.type) {
    case "revise":
      return { type: "revise", review, instruction: decision.comment ?? "" };
    case "reject":
      return { type: "settled", review, outcome: { type: "rejected" } };
    case "take_over":
      return { type: "settled", review, outcome: { type: "taken_over" } };
    case "approve":
    case "edit":
      break;
  }
  const [first] = deliveries;
  const unfinished = deliveries.find(({ status }) => ["queued", "sending", "unknown"].includes(status));
  const reason = first?.reason ?? "Nothing was sent.";
  if (first?.status === "failed") return { type: "undelivered", ...text, reason };
  if (first?.status === "stale") return { type: "overtaken", ...text, reason };
  if (unfinished) {
    return { type: "underway", review, decisionId: decision.id, queued: unfinished.status === "queued" };
  }
  const missed = deliveries.find(({ status }) => status !== "sent");
  const outcome: Outcome = missed
    ? { type: "incomplete", reason: missed.reason ?? "A follow-up was not carried out." }
    : { type: "sent", partId: first?.partId ?? null };
  return { type: "settled", review, outcome };
}
