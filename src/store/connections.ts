import { eq } from "drizzle-orm";
import type { AuditFact } from "../domain/audit.ts";
import { KnownConnection } from "../domain/connection.ts";
import type { JsonObject } from "../domain/json.ts";
import { appendFact } from "./audit.ts";
import { countersign, moment, text } from "./columns.ts";
import type { Database } from "./database.ts";
import { parseRow } from "./row.ts";

export const connections = countersign.table("connections", {
  identifier: text("identifier").primaryKey(),
  accountId: text("account_id"),
  status: text("status").notNull(),
  asOf: moment("as_of").notNull(),
});

/** What is known of a teammate's connection; null when nothing was ever learned. */
export async function findConnection(db: Database, identifier: string): Promise<KnownConnection | null> {
  const [row] = await db.select().from(connections).where(eq(connections.identifier, identifier));
  return row ? toConnection(row) : null;
}

/**
 * Keeps what was learned of a connection, unless something later is known. Where that differs from what was known it is
 * a fact, `connection.changed`, and the answer is true. `how` says from where it was learned.
 */
export async function learnConnection(
  db: Database,
  learned: KnownConnection,
  how: JsonObject,
  at: Date,
): Promise<boolean> {
  return db.transaction(async (transaction) => {
    const known = await lockConnection(transaction, learned);
    if (known && known.asOf > learned.asOf) return false;
    await putConnection(transaction, learned);
    const from = known?.status ?? "unknown";
    if (known?.accountId === learned.accountId && from === learned.status) return false;
    const { identifier, accountId, status } = learned;
    const data = { identifier, accountId, from, to: status, ...how };
    const fact = { actor: "countersign", event: "connection.changed", conversationId: null, data };
    await appendFact(transaction, fact, at);
    return true;
  });
}

/** Keeps what a person made of their connection, with the fact that says so. */
export async function changeConnection(
  db: Database,
  changed: KnownConnection,
  fact: Pick<AuditFact, "event" | "data">,
): Promise<void> {
  const { identifier, accountId, status, asOf } = changed;
  await db.transaction(async (transaction) => {
    await putConnection(transaction, changed);
    const data = { identifier, accountId, status, ...fact.data };
    await appendFact(
      transaction,
      { actor: identifier, event: fact.event, conversationId: null, data },
      new Date(asOf),
    );
  });
}

/** What is known, held until the transaction ends. Null when nothing was: then nobody else can add it meanwhile. */
async function lockConnection(
  transaction: Database,
  learned: KnownConnection,
): Promise<KnownConnection | null> {
  const added = await transaction
    .insert(connections)
    .values(learned)
    .onConflictDoNothing()
    .returning({ identifier: connections.identifier });
  if (added.length > 0) return null;
  const [row] = await transaction
    .select()
    .from(connections)
    .where(eq(connections.identifier, learned.identifier))
    .for("update");
  return row ? toConnection(row) : null;
}

async function putConnection(transaction: Database, connection: KnownConnection): Promise<void> {
  const { identifier, ...known } = KnownConnection.parse(connection);
  await transaction
    .insert(connections)
    .values({ identifier, ...known })
    .onConflictDoUpdate({ target: connections.identifier, set: known });
}

function toConnection(row: typeof connections.$inferSelect): KnownConnection {
  return parseRow(KnownConnection, row, "connections", row.identifier);
}
