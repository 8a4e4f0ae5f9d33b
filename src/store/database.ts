import type { PgDatabase, PgQueryResultHKT } from "drizzle-orm/pg-core";
import { openEmbedded } from "./embedded.ts";
import { openPostgres } from "./postgres.ts";

/** A connection or a transaction, of either engine: every query of the store takes one. */
export type Database = PgDatabase<PgQueryResultHKT>;

export interface Store {
  db: Database;
  /** What it is and where, for a person; never with a password. */
  description: string;
  /** Waits for running transactions, then lets go of the connections or the folder. A second call does nothing. */
  close(): Promise<void>;
}

/**
 * Opens the store and brings its tables up to date: PostgreSQL when there is a URL, otherwise the embedded database in
 * `folder`, which this process then holds alone. What stands in the way is an OperatorError that says what to do.
 */
export async function openStore(options: { url: string | null; folder: string }): Promise<Store> {
  return options.url === null ? openEmbedded(options.folder) : openPostgres(options.url);
}
