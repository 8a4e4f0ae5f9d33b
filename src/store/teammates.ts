import { and, asc, desc, eq } from "drizzle-orm";
import { boolean } from "drizzle-orm/pg-core";
import { Teammate } from "../domain/teammate.ts";
import { countersign, document, moment, text } from "./columns.ts";
import type { Database } from "./database.ts";
import { parseRow } from "./row.ts";

export const teammates = countersign.table("teammates", {
  identifier: text("identifier").primaryKey(),
  connectedAccountId: text("connected_account_id").notNull(),
  adminId: text("admin_id").notNull(),
  name: text("name").notNull(),
  email: text("email").notNull(),
  hasInboxSeat: boolean("has_inbox_seat").notNull(),
  teamIds: document("team_ids").$type<string[]>().notNull(),
  workspaceId: text("workspace_id").notNull(),
  identifiedAt: moment("identified_at").notNull(),
});

/** Keeps what a live identification said; what was known of the same identifier before is replaced. */
export async function saveTeammate(db: Database, teammate: Teammate, at: Date): Promise<void> {
  const { identifier, ...rest } = Teammate.parse(teammate);
  const known = { ...rest, identifiedAt: at.toISOString() };
  await db
    .insert(teammates)
    .values({ identifier, ...known })
    .onConflictDoUpdate({ target: teammates.identifier, set: known });
}

export async function findTeammate(db: Database, identifier: string): Promise<Teammate | null> {
  const [row] = await db.select().from(teammates).where(eq(teammates.identifier, identifier));
  return row ? toTeammate(row) : null;
}

/** The teammate behind an Intercom admin; of two identifiers with the same admin, the last one identified. */
export async function findTeammateByAdmin(
  db: Database,
  workspaceId: string,
  adminId: string,
): Promise<Teammate | null> {
  const [row] = await db
    .select()
    .from(teammates)
    .where(and(eq(teammates.workspaceId, workspaceId), eq(teammates.adminId, adminId)))
    .orderBy(desc(teammates.identifiedAt), asc(teammates.identifier))
    .limit(1);
  return row ? toTeammate(row) : null;
}

/** All teammates, by identifier. */
export async function listTeammates(db: Database): Promise<Teammate[]> {
  const rows = await db.select().from(teammates).orderBy(asc(teammates.identifier));
  return rows.map(toTeammate);
}

function toTeammate(row: typeof teammates.$inferSelect): Teammate {
  return parseRow(Teammate, row, "teammates", row.identifier);
}
