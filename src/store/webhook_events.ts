import { lte } from "drizzle-orm";
import { countersign, moment, text } from "./columns.ts";
import type { Database } from "./database.ts";

export const webhookEvents = countersign.table("webhook_events", {
  source: text("source").notNull(),
  id: text("id").notNull(),
  type: text("type").notNull(),
  receivedAt: moment("received_at").notNull(),
});

/** Longer than any sender goes on sending the same event, in milliseconds. */
const REMEMBERED = 30 * 24 * 60 * 60 * 1000;

/**
 * Remembers an event, so that it counts once however often it is sent. False when it was known. Call it in the
 * transaction that acts on the event: a failure there lets the event be sent again.
 */
export async function rememberEvent(
  db: Database,
  event: { source: string; id: string; type: string; at: Date },
): Promise<boolean> {
  const { source, id, type, at } = event;
  const old = new Date(at.getTime() - REMEMBERED).toISOString();
  await db.delete(webhookEvents).where(lte(webhookEvents.receivedAt, old));
  const added = await db
    .insert(webhookEvents)
    .values({ source, id, type, receivedAt: at.toISOString() })
    .onConflictDoNothing()
    .returning({ id: webhookEvents.id });
  return added.length > 0;
}
