import { asc, eq, inArray } from "drizzle-orm";
import type { DecisionType } from "../domain/decision.ts";
import type { DeliveryStatus } from "../domain/delivery.ts";
import type { Database } from "./database.ts";
import { decisions } from "./decisions.ts";
import { deliveries } from "./deliveries.ts";

/** What became of a review: what was decided, and how far each of its writes has come. */
export interface ReviewOutcome {
  reviewId: string;
  decisionId: string;
  type: DecisionType;
  decidedBy: string;
  /** ISO 8601, UTC. */
  decidedAt: string;
  /** The instruction of a revise or the reason of a reject. */
  comment: string | null;
  deliveries: { summary: string; status: DeliveryStatus; reason: string | null }[];
}

/** The outcomes of those of these reviews that were decided. */
export async function findOutcomes(
  db: Database,
  reviewIds: readonly string[],
): Promise<Map<string, ReviewOutcome>> {
  const outcomes = new Map<string, ReviewOutcome>();
  if (reviewIds.length === 0) return outcomes;
  const rows = await db
    .select({
      reviewId: decisions.reviewId,
      decisionId: decisions.id,
      type: decisions.type,
      decidedBy: decisions.decidedBy,
      decidedAt: decisions.decidedAt,
      comment: decisions.comment,
      status: deliveries.status,
      action: deliveries.action,
      reason: deliveries.reason,
    })
    .from(decisions)
    .leftJoin(deliveries, eq(deliveries.decisionId, decisions.id))
    .where(inArray(decisions.reviewId, [...reviewIds]))
    .orderBy(asc(decisions.id), asc(deliveries.position));
  for (const { status, action, reason, ...decided } of rows) {
    const outcome = outcomes.get(decided.reviewId) ?? { ...decided, deliveries: [] };
    if (status !== null && action !== null) {
      outcome.deliveries.push({ summary: action.summary, status, reason });
    }
    outcomes.set(decided.reviewId, outcome);
  }
  return outcomes;
}
