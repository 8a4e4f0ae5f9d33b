import { and, eq, gt, lte } from "drizzle-orm";
import { Session } from "../domain/session.ts";
import { appendFact } from "./audit.ts";
import { countersign, moment, text } from "./columns.ts";
import type { Database } from "./database.ts";
import { parseRow } from "./row.ts";

export const sessions = countersign.table("sessions", {
  id: text("id").primaryKey(),
  /** The digest of the token. The token itself is in the browser's cookie and stored nowhere. */
  hash: text("hash").notNull(),
  identifier: text("identifier").notNull(),
  name: text("name").notNull(),
  createdAt: moment("created_at").notNull(),
  expiresAt: moment("expires_at").notNull(),
});

/** Stores a new session by the digest of its token, with the fact. Sessions that are over by then are forgotten. */
export async function createSession(db: Database, session: Session & { hash: string }): Promise<void> {
  const { hash, ...rest } = session;
  const stored = { ...Session.parse(rest), hash };
  const { id, identifier, createdAt, expiresAt } = stored;
  await db.transaction(async (transaction) => {
    await transaction.delete(sessions).where(lte(sessions.expiresAt, createdAt));
    await transaction.insert(sessions).values(stored);
    const data = { sessionId: id, identifier, expiresAt };
    const fact = { actor: identifier, event: "session.created", conversationId: null, data };
    await appendFact(transaction, fact, new Date(createdAt));
  });
}

/** The session of a token, found by the token's digest; null when it is unknown, ended or over at `now`. */
export async function findSession(db: Database, hash: string, now: Date): Promise<Session | null> {
  const [row] = await db
    .select()
    .from(sessions)
    .where(and(eq(sessions.hash, hash), gt(sessions.expiresAt, now.toISOString())));
  return row ? parseRow(Session, row, "sessions", row.id) : null;
}

/** Ends a session at once and for good, with the fact. False when there was none. */
export async function endSession(db: Database, hash: string, at: Date): Promise<boolean> {
  return db.transaction(async (transaction) => {
    const [row] = await transaction.delete(sessions).where(eq(sessions.hash, hash)).returning();
    if (!row) return false;
    const data = { sessionId: row.id, identifier: row.identifier };
    const fact = { actor: row.identifier, event: "session.ended", conversationId: null, data };
    await appendFact(transaction, fact, at);
    return true;
  });
}
