import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import pg from "pg";
import { lockFolder } from "./folder-lock.ts";
import { placeOf, unusable } from "./postgres.ts";

/**
 * Erases the whole store, ledger included. There is no way back; asking whether it is meant is the caller's.
 * A folder that another process has open is an OperatorError, and stays as it is.
 */
export async function eraseStore({ url, folder }: { url: string | null; folder: string }): Promise<void> {
  await (url === null ? eraseFolder(folder) : eraseSchema(url));
}

async function eraseFolder(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  await lockFolder(folder);
  await rm(folder, { recursive: true, force: true });
}

async function eraseSchema(url: string): Promise<void> {
  const place = placeOf(url);
  const pool = new pg.Pool({ connectionString: url, max: 1, connectionTimeoutMillis: 10_000 });
  try {
    await drizzle(pool).execute(sql`drop schema if exists countersign cascade`);
  } catch (error) {
    throw unusable(place, error);
  } finally {
    await pool.end();
  }
}
