import { asc, sql } from "drizzle-orm";
import type { Teammate } from "../domain/teammate.ts";
import type { Database } from "./database.ts";
import { saveTeammate, teammates } from "./teammates.ts";

/**
 * Keeps an identified teammate if they are of the desk's workspace, which is the one of the first teammate that was
 * ever kept. Null when they were kept; otherwise the workspace the desk belongs to, and nothing has changed.
 */
export async function admitTeammate(db: Database, teammate: Teammate, at: Date): Promise<string | null> {
  return db.transaction(async (transaction) => {
    await transaction.execute(
      sql`select pg_advisory_xact_lock(hashtextextended('countersign:workspace', 0))`,
    );
    const [first] = await transaction
      .select({ workspaceId: teammates.workspaceId })
      .from(teammates)
      .orderBy(asc(teammates.identifiedAt), asc(teammates.identifier))
      .limit(1);
    if (first && first.workspaceId !== teammate.workspaceId) return first.workspaceId;
    await saveTeammate(transaction, teammate, at);
    return null;
  });
}
