import { randomUUID } from "node:crypto";
import { type Action, type Plan, planDigest } from "../../src/domain/action.ts";
import type { Decision } from "../../src/domain/decision.ts";
import type { Review } from "../../src/domain/review.ts";
import type { Database } from "../../src/store/database.ts";
import { type ProposedDecision, recordDecision } from "../../src/store/decisions.ts";
import { openReview } from "../../src/store/reviews.ts";

export const AT = new Date("2026-11-20T09:30:00.125Z");
export const MINA = "mina.park@quillbook.example";

let conversations = 1000;

/** The id of a conversation that no other test of the file has. */
export function newConversation(): string {
  conversations += 1;
  return String(conversations);
}

export function plan(conversationId: string, actions = 1): Plan {
  return {
    workspaceId: "qb7x2m1k",
    conversationId,
    approver: { identifier: MINA, connectedAccountId: "ca_1", adminId: "5510001" },
    seen: { lastPartId: "p9", state: "open", assigneeId: null, digest: "5".repeat(64) },
    actions: Array.from({ length: actions }, (_, index) => action(conversationId, index)),
  };
}

export function proposal(
  conversationId: string,
  changes: Partial<Review> = {},
): Omit<Review, "version" | "status" | "createdAt"> {
  return {
    id: `rev_${randomUUID()}`,
    threadId: randomUUID(),
    workspaceId: "qb7x2m1k",
    conversationId,
    teammate: MINA,
    teamId: null,
    customer: "Ana Silva",
    title: "Deposit charged twice",
    classification: {
      topic: "payments_setup",
      confidence: 0.1 + 0.2,
      urgency: "high",
      sentiment: "negative",
      language: "en",
      asks: ["Why was I charged twice?"],
      route: "reply",
      reason: "An article answers it.",
      uncertain: false,
    },
    findings: { passages: [], gaps: [], cautions: [], searches: [] },
    draft: {
      channel: "comment",
      body: "Hello Ana",
      sentences: [],
      followUps: [{ type: "close" }],
      abstained: false,
      warnings: [],
      engine: "offline",
    },
    plan: plan(conversationId),
    digest: "d".repeat(64),
    notice: null,
    kept: null,
    ...changes,
  };
}

export function approval(review: Review, changes: Partial<Decision> = {}, actions = 1): ProposedDecision {
  const approved = plan(review.conversationId, actions);
  const decision: Decision = {
    id: `dec_${randomUUID()}`,
    reviewId: review.id,
    type: "approve",
    decidedBy: MINA,
    via: "api-token",
    shownDigest: review.digest,
    plan: approved,
    planDigest: planDigest(approved),
    body: null,
    comment: null,
    decidedAt: AT.toISOString(),
    ...changes,
  };
  const deliveries = (decision.plan?.actions ?? []).map((one, position) => {
    return { id: `dlv_${randomUUID()}`, position, action: one };
  });
  return { decision, review, deliveries };
}

/** An approved review, and its queued deliveries. */
export async function approveOne(db: Database, actions = 1) {
  const review = await openReview(db, proposal(newConversation()), AT);
  const outcome = await recordDecision(db, approval(review, {}, actions));
  if (!outcome.recorded) throw new Error("the decision of a new review was not recorded");
  return { review, decision: outcome.decision, deliveries: outcome.deliveries };
}

function action(conversationId: string, index: number): Action {
  return {
    kind: index === 0 ? "reply" : "follow_up",
    tool: index === 0 ? "intercom_reply_to_conversation" : "intercom_close_conversation",
    arguments: {
      id: conversationId,
      body: "<p>Hello Ana</p>",
      admin_id: "5510001",
      attachments: null,
      weight: 1e21,
    },
    summary: "Public reply to Ana Silva, from Mina Park",
  };
}
