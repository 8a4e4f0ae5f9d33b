import { describe, it } from "@jest/globals";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import pg from "pg";
import { openStore, type Store } from "../../src/store/database.ts";
import { prepareStore } from "../../src/store/prepared.ts";

export type Engine = "embedded" | "postgres";

export interface TestStore extends Store {
  /** What `openStore` takes to open the same data once more. */
  options: { url: string | null; folder: string };
  /** Closes the store and leaves its data where it is. */
  release(): Promise<void>;
  /** Closes the store and removes its data. */
  close(): Promise<void>;
}

export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

const SERVER = process.env.TEST_DATABASE_URL ?? "postgresql://postgres@127.0.0.1:5432/postgres";
const CACHE = resolve(import.meta.dirname, "../../node_modules/.cache/countersign-store");

/**
 * A store with its tables and nothing in them, removed when it is closed. The embedded one is a copy of a folder that is
 * prepared once for each set of migrations; the other is a new database on the PostgreSQL server of the tests.
 */
export async function openTestStore(engine: Engine = "embedded"): Promise<TestStore> {
  return engine === "embedded" ? openEmbeddedTestStore() : openPostgresTestStore();
}

/**
 * Describes the same behaviour on both engines. Without a PostgreSQL server (TEST_DATABASE_URL, or a local one) its half
 * is skipped and says so; where `CI` is set that is a failure.
 */
export function onBothEngines(subject: string, describeOn: (engine: Engine) => void): void {
  describe(`${subject} (embedded)`, () => {
    describeOn("embedded");
  });
  onPostgres(subject, () => {
    describeOn("postgres");
  });
}

/** The PostgreSQL half of `onBothEngines`, for what the embedded database does not have. */
export function onPostgres(subject: string, describeIt: () => void): void {
  if (unreachable === null) {
    describe(`${subject} (PostgreSQL)`, describeIt);
    return;
  }
  const missing = `${subject} (PostgreSQL): SKIPPED, no server at ${new URL(SERVER).host}: ${unreachable}`;
  if (process.env.CI) {
    it(missing, () => {
      throw new Error("Start a PostgreSQL server for the tests, and name it in TEST_DATABASE_URL.");
    });
  } else {
    process.stderr.write(`\n*** ${missing} ***\n`);
    it.todo(missing);
  }
}

/** A data folder with a prepared, empty embedded database in it. */
export async function prepareFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "countersign-store-"));
  await prepareStore(folder, CACHE);
  return folder;
}

/** A new, empty database on the server of the tests. */
export async function createDatabase(): Promise<TestDatabase> {
  const name = `countersign_test_${randomUUID().replaceAll("-", "")}`;
  await onServer(`create database ${name} encoding 'UTF8' template template0`);
  const url = new URL(SERVER);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => onServer(`drop database if exists ${name} with (force)`) };
}

const unreachable = await onServer("select 1").then(
  () => null,
  (error: unknown) => (error instanceof Error ? error.message || error.name : String(error)),
);

async function openEmbeddedTestStore(): Promise<TestStore> {
  const options = { url: null, folder: await prepareFolder() };
  const store = await openStore(options);
  const close = async () => {
    await store.close();
    await rm(options.folder, { recursive: true, force: true });
  };
  return { ...store, options, release: () => store.close(), close };
}

async function openPostgresTestStore(): Promise<TestStore> {
  const database = await createDatabase();
  const options = { url: database.url, folder: "" };
  const store = await openStore(options).catch(async (error: unknown) => {
    await database.drop();
    throw error;
  });
  const close = async () => {
    await store.close();
    await database.drop();
  };
  return { ...store, options, release: () => store.close(), close };
}

/** Runs a statement as the superuser of the tests' server. */
export async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: SERVER, connectionTimeoutMillis: 3_000 });
  try {
    await client.connect();
    await client.query(statement);
  } finally {
    await client.end();
  }
}
