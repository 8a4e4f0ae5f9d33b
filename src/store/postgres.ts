import { setTimeout as delay } from "node:timers/promises";
import { DrizzleQueryError } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import pg from "pg";
import { CountersignError, OperatorError } from "../domain/errors.ts";
import type { Store } from "./database.ts";
import { migrate } from "./migrate.ts";

/** Opens a PostgreSQL database by its URL. No message names the user's password. */
export async function openPostgres(url: string): Promise<Store> {
  const place = placeOf(url);
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: 10_000,
    application_name: "countersign",
    verify: (client, done) => {
      client.query("set datestyle to 'ISO'; set time zone 'UTC'", done);
    },
  });
  // The next query replaces an idle connection that the server ended; without a listener it would end the process.
  pool.on("error", () => undefined);
  const db = drizzle(pool);
  try {
    await migrate(db);
  } catch (error) {
    await pool.end();
    throw error instanceof CountersignError ? error : unusable(place, error);
  }
  let closing: Promise<void> | null = null;
  return { db, description: `PostgreSQL at ${place}`, close: () => (closing ??= closePool(pool)) };
}

/** Whoever waits for a connection gets one first: a pool that ends would leave them waiting for ever. */
async function closePool(pool: pg.Pool): Promise<void> {
  while (pool.waitingCount > 0) await delay(5);
  await pool.end();
}

/** Host, port and database of the URL: what may be shown of it. */
export function placeOf(url: string): string {
  if (!URL.canParse(url) || !/^postgres(ql)?:$/.test(new URL(url).protocol)) {
    throw new OperatorError(
      "database_url_invalid",
      "DATABASE_URL is not the URL of a PostgreSQL database.",
      "Write it as postgresql://user:password@host:5432/database, with special characters of the password percent-encoded.",
    );
  }
  const { host, port, database } = new pg.Client({ connectionString: url });
  return `${host}:${port}/${database ?? ""}`;
}

/** What the operator can do about it; a fault of ours stays what it is. */
export function unusable(place: string, error: unknown): unknown {
  const cause = error instanceof DrizzleQueryError ? error.cause : error;
  const state = stateOf(cause);
  const known = refusals[state];
  if (known) return new OperatorError(known.code, `${known.message} (${place}).`, known.next, { cause });
  if (/^\d/.test(state) && !/^(08|53|57)/.test(state)) return error;
  return new OperatorError(
    "database_unreachable",
    `PostgreSQL cannot be reached, or takes no connection (${place}${state === "" ? "" : `, ${state}`}).`,
    "Start the database, or correct host and port in DATABASE_URL; without DATABASE_URL the embedded database is used.",
    { cause },
  );
}

/** SQLSTATE of the server, or Node's code of a failed connection. */
function stateOf(error: unknown): string {
  const stated = typeof error === "object" && error !== null && "code" in error;
  return stated && typeof error.code === "string" ? error.code : "";
}

const wrongUser = {
  code: "database_refused",
  message: "PostgreSQL does not let this user in",
  next: "Correct user and password in DATABASE_URL, or let the user in on the server.",
};

const refusals: Record<string, { code: string; message: string; next: string }> = {
  "28P01": wrongUser,
  "28000": wrongUser,
  "3D000": {
    code: "database_missing",
    message: "There is no such database on this PostgreSQL server",
    next: "Create the database, or correct its name in DATABASE_URL.",
  },
  "42501": {
    code: "database_forbidden",
    message: "The user may not create the store's tables in this PostgreSQL database",
    next: "Let the user create a schema: GRANT CREATE ON DATABASE <database> TO <user>.",
  },
};
