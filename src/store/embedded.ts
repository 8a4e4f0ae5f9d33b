import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { DrizzleQueryError } from "drizzle-orm";
import { drizzle } from "drizzle-orm/pglite";
import { CountersignError, OperatorError } from "../domain/errors.ts";
import type { Store } from "./database.ts";
import { type FolderLock, lockFolder } from "./folder-lock.ts";
import { migrate } from "./migrate.ts";

/**
 * Opens the embedded database in a folder, which is made if absent. One process at a time holds it. What was committed
 * survives the process however it ends, but not the machine losing power: the engine cannot force its files to the disk.
 */
export async function openEmbedded(folder: string): Promise<Store> {
  const lock = await takeFolder(folder);
  try {
    const client = await openClient(folder);
    const db = drizzle(client);
    await migrate(db).catch(async (error: unknown) => {
      // The reason it failed for is worth more than one that closing a damaged database may add.
      await client.close().catch(() => undefined);
      throw isDamage(error) ? damaged(folder, error) : error;
    });
    let closing: Promise<void> | null = null;
    const close = () => (closing ??= client.close().finally(() => lock.release()));
    return { db, description: `embedded database in ${folder}`, close };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function takeFolder(folder: string): Promise<FolderLock> {
  try {
    return await lockFolder(folder);
  } catch (error) {
    if (error instanceof CountersignError) throw error;
    throw unwritable(folder, error);
  }
}

/** A new database is made beside its place and moved there whole: one cut short is made again, never taken for data. */
async function openClient(folder: string): Promise<PGlite> {
  const place = join(folder, "database");
  if (!existsSync(place)) await createDatabase(folder, place);
  // Without this file the engine would take the folder for an empty one and make a new database over the old.
  if (!existsSync(join(place, "PG_VERSION"))) throw damaged(folder);
  try {
    return await PGlite.create(place);
  } catch (error) {
    throw damaged(folder, error);
  }
}

async function createDatabase(folder: string, place: string): Promise<void> {
  const draft = join(folder, "database.new");
  try {
    await rm(draft, { recursive: true, force: true });
    const created = await PGlite.create(draft);
    await created.close();
    await rename(draft, place);
  } catch (error) {
    throw unwritable(folder, error);
  }
}

/** The engine's words for broken files (classes 58 and XX), or its end in the middle of a query. */
function isDamage(error: unknown): boolean {
  const cause = error instanceof DrizzleQueryError ? error.cause : error;
  if (typeof cause !== "object" || cause === null) return false;
  if ("code" in cause) return typeof cause.code === "string" && /^(58|XX)/.test(cause.code);
  return "name" in cause && cause.name === "RuntimeError";
}

function unwritable(folder: string, cause: unknown): OperatorError {
  return new OperatorError(
    "store_folder_unwritable",
    `The data folder ${folder} cannot be written.`,
    "Let the user that runs Countersign write there, free some space, or choose another folder.",
    { cause },
  );
}

function damaged(folder: string, cause?: unknown): OperatorError {
  return new OperatorError(
    "store_damaged",
    `The embedded database in ${folder} cannot be opened: its files are damaged, or another version made them.`,
    "Restore the folder from a backup, or move it away to start with an empty one.",
    { cause },
  );
}
