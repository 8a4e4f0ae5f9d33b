import { eq, inArray } from "drizzle-orm";
import { type Action, type Plan, planDigest } from "../domain/action.ts";
import { Decision } from "../domain/decision.ts";
import type { Delivery } from "../domain/delivery.ts";
import { DefectError } from "../domain/errors.ts";
import { digestOf, Json } from "../domain/json.ts";
import type { Review } from "../domain/review.ts";
import { appendFact } from "./audit.ts";
import { countersign, document, moment, text } from "./columns.ts";
import type { Database } from "./database.ts";
import { queueDeliveries } from "./deliveries.ts";
import { closeReview, getReview } from "./reviews.ts";
import { only, parseRow } from "./row.ts";

export const decisions = countersign.table("decisions", {
  id: text("id").primaryKey(),
  reviewId: text("review_id").notNull(),
  type: text("type").$type<Decision["type"]>().notNull(),
  decidedBy: text("decided_by").notNull(),
  via: text("via").notNull(),
  shownDigest: text("shown_digest").notNull(),
  plan: document("plan").$type<Plan>(),
  planDigest: text("plan_digest"),
  body: text("body"),
  comment: text("comment"),
  decidedAt: moment("decided_at").notNull(),
});

/** A decision about to be recorded, with one delivery for each action of its plan. */
export interface ProposedDecision {
  decision: Decision;
  review: Review;
  deliveries: readonly { id: string; position: number; action: Action }[];
}

export type RecordedDecision =
  | { recorded: true; decision: Decision; deliveries: Delivery[] }
  /** The review was not open any more: what was decided before, if anything, and what became of the review. */
  | { recorded: false; existing: Decision | null; status: Review["status"] };

/**
 * Records what a person decided: the review closes, the decision, its queued deliveries and the fact are stored, all in
 * one transaction or not at all. Of any number of callers for one review exactly one records; the others get its decision.
 * Refuses (DefectError) deliveries that are not the plan's actions one for one, and a plan that is not what its digest says.
 */
export async function recordDecision(db: Database, proposed: ProposedDecision): Promise<RecordedDecision> {
  const decision = Decision.parse(proposed.decision);
  assertConsistent({ ...proposed, decision });
  return db.transaction(async (transaction) => {
    if (!(await closeReview(transaction, decision.reviewId, "decided")))
      return explain(transaction, decision);
    const { conversationId } = proposed.review;
    const inserted = await transaction.insert(decisions).values(decision).returning();
    const stored = toDecision(only(inserted, "decisions"));
    const deliveries = await queueDeliveries(
      transaction,
      { id: stored.id, conversationId },
      proposed.deliveries,
    );
    await appendFact(
      transaction,
      {
        actor: stored.decidedBy,
        event: "review.decided",
        conversationId,
        data: {
          reviewId: stored.reviewId,
          decisionId: stored.id,
          type: stored.type,
          via: stored.via,
          shownDigest: stored.shownDigest,
          planDigest: stored.planDigest,
          contentDigest: digestOf(Json.parse(stored)),
          deliveries: deliveries.map(({ id, position, action }) => {
            return { id, position, tool: action.tool, actionDigest: digestOf(action) };
          }),
        },
      },
      new Date(stored.decidedAt),
    );
    return { recorded: true, decision: stored, deliveries };
  });
}

export async function getDecision(db: Database, id: string): Promise<Decision | null> {
  const [row] = await db.select().from(decisions).where(eq(decisions.id, id));
  return row ? toDecision(row) : null;
}

/** What was decided about a review, if anything was. */
export async function findDecision(db: Database, reviewId: string): Promise<Decision | null> {
  const [row] = await db.select().from(decisions).where(eq(decisions.reviewId, reviewId));
  return row ? toDecision(row) : null;
}

/** The decisions about those of these reviews that were decided, by review. */
export async function findDecisions(
  db: Database,
  reviewIds: readonly string[],
): Promise<Map<string, Decision>> {
  if (reviewIds.length === 0) return new Map();
  const rows = await db
    .select()
    .from(decisions)
    .where(inArray(decisions.reviewId, [...reviewIds]));
  return new Map(rows.map((row) => [row.reviewId, toDecision(row)]));
}

async function explain(transaction: Database, decision: Decision): Promise<RecordedDecision> {
  const review = await getReview(transaction, decision.reviewId);
  if (!review) throw inconsistent(`The review ${decision.reviewId} is not in the store.`);
  return {
    recorded: false,
    existing: await findDecision(transaction, decision.reviewId),
    status: review.status,
  };
}

function assertConsistent({ decision, review, deliveries }: ProposedDecision): void {
  const { plan } = decision;
  if (decision.reviewId !== review.id) {
    throw inconsistent(`The decision ${decision.id} is not about the review ${review.id}.`);
  }
  const foreign =
    plan !== null &&
    (plan.workspaceId !== review.workspaceId ||
      plan.conversationId !== review.conversationId ||
      plan.approver.identifier !== decision.decidedBy);
  if (foreign) {
    throw inconsistent(`The plan of the decision ${decision.id} has another conversation or approver.`);
  }
  if (decision.planDigest !== (plan === null ? null : planDigest(plan))) {
    throw inconsistent(`The plan of the decision ${decision.id} is not the one its digest names.`);
  }
  const planned = plan?.actions ?? [];
  const delivered = [...deliveries].sort((one, other) => one.position - other.position);
  const matches =
    delivered.length === planned.length &&
    delivered.every(({ position, action }, index) => {
      const expected = planned[index];
      return position === index && expected !== undefined && digestOf(action) === digestOf(expected);
    });
  if (!matches) {
    throw inconsistent(`The deliveries of the decision ${decision.id} are not the actions of its plan.`);
  }
}

function inconsistent(message: string): DefectError {
  return new DefectError(
    "decision_inconsistent",
    message,
    "Nothing was recorded. Report it with the server's log.",
  );
}

function toDecision(row: typeof decisions.$inferSelect): Decision {
  return parseRow(Decision, row, "decisions", row.id);
}
