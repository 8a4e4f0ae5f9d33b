import { describe, it } from "@jest/globals";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createHash } from "node:crypto";
import pg from "pg";
import { openStore, type Store } from "../../src/store/database.ts";

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
const ROOT = fileURLToPath(new URL("../../", import.meta.url));

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
  const prepared = await preparedFolder();
  const folder = await mkdtemp(join(tmpdir(), "countersign-store-"));
  await cp(join(prepared, "database"), join(folder, "database"), { recursive: true });
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

/** Kept between runs: to make one takes seconds, to copy it a fraction of one. */
async function preparedFolder(): Promise<string> {
  const cache = join(ROOT, "node_modules/.cache/countersign-test-store");
  const folder = join(cache, await versionOfTables());
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(join(cache, "draft-"));
  const store = await openStore({ url: null, folder: draft });
  await store.close();
  await rename(draft, folder).catch(async (error: unknown) => {
    await rm(draft, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  });
  return folder;
}

async function versionOfTables(): Promise<string> {
  const folder = join(ROOT, "src/store/migrations");
  const names = (await readdir(folder)).sort();
  const files = [
    ...names.map((name) => join(folder, name)),
    join(ROOT, "node_modules/@electric-sql/pglite/package.json"),
  ];
  const hash = createHash("sha256");
  for (const file of files) hash.update(await readFile(file));
  return hash.digest("hex").slice(0, 16);
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
