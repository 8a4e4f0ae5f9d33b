import { and, asc, eq, inArray, sql } from "drizzle-orm";
import { integer } from "drizzle-orm/pg-core";
import type { Action } from "../domain/action.ts";
import { Delivery, type DeliveryStatus } from "../domain/delivery.ts";
import { DefectError } from "../domain/errors.ts";
import { digestOf, type JsonObject } from "../domain/json.ts";
import { appendFact } from "./audit.ts";
import { countersign, document, moment, text } from "./columns.ts";
import type { Database } from "./database.ts";
import { parseRow } from "./row.ts";

export const deliveries = countersign.table("deliveries", {
  id: text("id").primaryKey(),
  decisionId: text("decision_id").notNull(),
  /** The conversation it writes to: what its facts concern. */
  conversationId: text("conversation_id").notNull(),
  position: integer("position").notNull(),
  action: document("action").$type<Action>().notNull(),
  status: text("status").$type<DeliveryStatus>().notNull(),
  fence: integer("fence").notNull(),
  claimedAt: moment("claimed_at"),
  finishedAt: moment("finished_at"),
  partId: text("part_id"),
  executionId: text("execution_id"),
  reason: text("reason"),
});

/** How one delivery ends, or comes to be unknown. */
export interface FinishedDelivery {
  id: string;
  /** The fence of the claim; an older one records nothing. */
  fence: number;
  from: "queued" | "sending" | "unknown";
  to: "sent" | "failed" | "unknown" | "stale" | "skipped";
  partId: string | null;
  executionId: string | null;
  reason: string | null;
  /** Who did it, for the ledger: the approver's identifier, or `countersign`. */
  actor: string;
  at: Date;
}

/** The ways a delivery may go without a claim; the database refuses the others too. */
const endings: Record<FinishedDelivery["from"], readonly FinishedDelivery["to"][]> = {
  queued: ["failed", "stale", "skipped"],
  sending: ["sent", "failed", "unknown", "stale", "skipped"],
  unknown: ["sent", "failed"],
};

const UNFINISHED = ["queued", "sending", "unknown"] as const;

/** The deliveries of a decision, in the order of its plan. */
export async function listDeliveries(db: Database, decisionId: string): Promise<Delivery[]> {
  const rows = await db
    .select()
    .from(deliveries)
    .where(eq(deliveries.decisionId, decisionId))
    .orderBy(asc(deliveries.position));
  return rows.map(toDelivery);
}

export async function getDelivery(db: Database, id: string): Promise<Delivery | null> {
  const [row] = await db.select().from(deliveries).where(eq(deliveries.id, id));
  return row ? toDelivery(row) : null;
}

/** What is still to be sent, being sent, or of unknown outcome, by decision and in the order of each plan. */
export async function listUnfinished(db: Database): Promise<Delivery[]> {
  const rows = await db
    .select()
    .from(deliveries)
    .where(inArray(deliveries.status, UNFINISHED))
    .orderBy(asc(deliveries.decisionId), asc(deliveries.position));
  return rows.map(toDelivery);
}

/**
 * Claims a queued delivery for one attempt: it is `sending` under a new fence, and the fact is in the ledger before
 * anything is sent. Of any number of callers one gets it, the others null.
 */
export async function claimDelivery(db: Database, id: string, at: Date): Promise<Delivery | null> {
  return db.transaction(async (transaction) => {
    const [row] = await transaction
      .update(deliveries)
      .set({ status: "sending", fence: sql`${deliveries.fence} + 1`, claimedAt: at.toISOString() })
      .where(and(eq(deliveries.id, id), eq(deliveries.status, "queued")))
      .returning();
    if (!row) return null;
    await recordStatus(transaction, row, "countersign", at);
    return toDelivery(row);
  });
}

/**
 * Records how an attempt ended, with its fact, by compare-and-set on status and fence. False when the delivery has
 * moved on: then nothing is recorded. A way that no delivery may go is a DefectError.
 */
export async function finishDelivery(db: Database, finished: FinishedDelivery): Promise<boolean> {
  const { id, fence, from, to, partId, executionId, reason, actor, at } = finished;
  if (!endings[from].includes(to)) {
    throw new DefectError(
      "delivery_transition_invalid",
      `A delivery may not go from ${from} to ${to} (${id}).`,
      "Nothing was recorded. Report it with the server's log.",
    );
  }
  return db.transaction(async (transaction) => {
    const finishedAt = to === "unknown" ? null : at.toISOString();
    const [row] = await transaction
      .update(deliveries)
      .set({ status: to, partId, executionId, reason, finishedAt })
      .where(and(eq(deliveries.id, id), eq(deliveries.status, from), eq(deliveries.fence, fence)))
      .returning();
    if (!row) return false;
    await recordStatus(transaction, row, actor, at);
    return true;
  });
}

/** Stores the deliveries of a decision, queued. Part of the transaction that records the decision. */
export async function queueDeliveries(
  transaction: Database,
  decision: { id: string; conversationId: string },
  planned: readonly { id: string; position: number; action: Action }[],
): Promise<Delivery[]> {
  if (planned.length === 0) return [];
  const rows = planned.map(({ id, position, action }) => ({
    ...{ id, position, action, decisionId: decision.id, conversationId: decision.conversationId },
    ...{ status: "queued" as const, fence: 0 },
  }));
  const stored = await transaction.insert(deliveries).values(rows).returning();
  return stored.map(toDelivery).sort((one, other) => one.position - other.position);
}

async function recordStatus(
  transaction: Database,
  row: typeof deliveries.$inferSelect,
  actor: string,
  at: Date,
): Promise<void> {
  const data: JsonObject = {
    deliveryId: row.id,
    decisionId: row.decisionId,
    position: row.position,
    fence: row.fence,
    tool: row.action.tool,
    actionDigest: digestOf(row.action),
    partId: row.partId,
    executionId: row.executionId,
    reason: row.reason,
  };
  const event = `delivery.${row.status}`;
  await appendFact(transaction, { actor, event, conversationId: row.conversationId, data }, at);
}

function toDelivery(row: typeof deliveries.$inferSelect): Delivery {
  return parseRow(Delivery, row, "deliveries", row.id);
}
