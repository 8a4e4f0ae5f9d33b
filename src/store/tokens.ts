import { and, asc, eq, isNull } from "drizzle-orm";
import { ApiToken } from "../domain/token.ts";
import { appendFact } from "./audit.ts";
import { countersign, moment, text } from "./columns.ts";
import type { Database } from "./database.ts";
import { parseRow } from "./row.ts";

export const tokens = countersign.table("tokens", {
  id: text("id").primaryKey(),
  identifier: text("identifier").notNull(),
  name: text("name").notNull(),
  /** The digest of the secret. The secret itself is shown once and stored nowhere. */
  hash: text("hash").notNull(),
  createdAt: moment("created_at").notNull(),
  revokedAt: moment("revoked_at"),
});

/** Stores a new token by the digest of its secret, with the fact. */
export async function createToken(
  db: Database,
  token: { id: string; identifier: string; name: string; hash: string; at: Date },
): Promise<void> {
  const { id, identifier, name, hash, at } = token;
  await db.transaction(async (transaction) => {
    await transaction.insert(tokens).values({ id, identifier, name, hash, createdAt: at.toISOString() });
    await recordToken(transaction, "token.created", { id, identifier, name }, at);
  });
}

/** Whom a token speaks for, found by the digest of its secret; null when it is unknown or revoked. */
export async function findToken(
  db: Database,
  hash: string,
): Promise<{ id: string; identifier: string; name: string } | null> {
  const [row] = await db
    .select({ id: tokens.id, identifier: tokens.identifier, name: tokens.name })
    .from(tokens)
    .where(and(eq(tokens.hash, hash), isNull(tokens.revokedAt)));
  return row ?? null;
}

/** All tokens, revoked ones too, oldest first. */
export async function listTokens(db: Database): Promise<ApiToken[]> {
  const rows = await db.select().from(tokens).orderBy(asc(tokens.createdAt), asc(tokens.id));
  return rows.map((row) => parseRow(ApiToken, row, "tokens", row.id));
}

/** Revokes a token at once and for good, with the fact. False when it is unknown or was revoked before. */
export async function revokeToken(db: Database, id: string, at: Date): Promise<boolean> {
  return db.transaction(async (transaction) => {
    const [row] = await transaction
      .update(tokens)
      .set({ revokedAt: at.toISOString() })
      .where(and(eq(tokens.id, id), isNull(tokens.revokedAt)))
      .returning();
    if (!row) return false;
    await recordToken(transaction, "token.revoked", row, at);
    return true;
  });
}

async function recordToken(
  transaction: Database,
  event: string,
  { id, identifier, name }: { id: string; identifier: string; name: string },
  at: Date,
): Promise<void> {
  const data = { tokenId: id, identifier, name };
  await appendFact(transaction, { actor: "countersign", event, conversationId: null, data }, at);
}
