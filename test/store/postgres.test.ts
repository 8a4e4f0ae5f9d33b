import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { sql } from "drizzle-orm";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { appendFact, listFacts, verifyLedger } from "../../src/store/audit.ts";
import { openStore } from "../../src/store/database.ts";
import { eraseStore } from "../../src/store/erase.ts";
import { createDatabase, onPostgres, onServer, type TestDatabase } from "./engines.ts";
import { AT } from "./fixtures.ts";

const PASSWORD = "s3cret-of-the-url";
const fact = { actor: "countersign", event: "noted", conversationId: null, data: {} };
const open = (url: string) => openStore({ url, folder: "" });

describe("a PostgreSQL that cannot be used", () => {
  let closed = 0;
  let silent: Server;

  beforeAll(async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    closed = portOf(server);
    server.close();
    // Accepts the connection and ends it: what a proxy without a database behind it does.
    silent = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
    await once(silent, "listening");
  });
  afterAll(() => {
    silent.close();
  });

  it.each([
    ["no server", () => `postgresql://desk:${PASSWORD}@127.0.0.1:${closed}/desk`, "database_unreachable"],
    [
      "a server that hangs up",
      () => `postgres://desk:${PASSWORD}@127.0.0.1:${portOf(silent)}/desk`,
      "database_unreachable",
    ],
    [
      "a host that does not exist",
      () => `postgres://desk:${PASSWORD}@desk.invalid/desk`,
      "database_unreachable",
    ],
    ["another kind of URL", () => `mysql://desk:${PASSWORD}@127.0.0.1/desk`, "database_url_invalid"],
    ["no URL at all", () => PASSWORD, "database_url_invalid"],
    [
      "a password that breaks the URL",
      () => `postgres://desk:${PASSWORD}#/@127.0.0.1/desk`,
      "database_url_invalid",
    ],
  ])("is refused without its password: %s", async (_, url, code) => {
    const error = await open(url()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ actor: "operator", code });
    const { message, next } = error as Error & { next: string };
    expect(message + next).not.toContain(PASSWORD);
    expect(next).not.toBe("");
    await expect(eraseStore({ url: url(), folder: "" })).rejects.toMatchObject({ code });
    if (code === "database_unreachable") expect(message).toContain(new URL(url()).hostname);
  });
});

onPostgres("a server", () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await createDatabase();
  });
  afterEach(() => database.drop());

  it("gets its tables once from six processes that start at the same moment", async () => {
    const stores = await Promise.all(Array.from({ length: 6 }, () => open(database.url)));
    await Promise.all(stores.map((store) => appendFact(store.db, fact, AT)));
    expect(await verifyLedger(stores[0]!.db)).toMatchObject({ entries: 6, broken: null });
    await Promise.all(stores.map((store) => store.close()));
  });

  it("keeps one chain when several processes append at once", async () => {
    const stores = await Promise.all([open(database.url), open(database.url), open(database.url)]);
    const appended = stores.flatMap((store) =>
      Array.from({ length: 20 }, () => appendFact(store.db, fact, AT)),
    );
    await Promise.all(appended);
    expect(await verifyLedger(stores[0].db)).toMatchObject({ entries: 60, broken: null });
    await Promise.all(stores.map((store) => store.close()));
  });

  it("may end idle connections without ending the process", async () => {
    const store = await open(database.url);
    await appendFact(store.db, fact, AT);
    const watcher = await open(database.url);
    await watcher.db.execute(sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`);
    await delay(100);
    expect(await verifyLedger(store.db)).toMatchObject({ entries: 1, broken: null });
    await Promise.all([store.close(), watcher.close()]);
  });

  it("keeps moments whatever its own time zone and date style are", async () => {
    const { pathname } = new URL(database.url);
    await onServer(`alter database ${pathname.slice(1)} set datestyle to 'SQL, DMY'`);
    await onServer(`alter database ${pathname.slice(1)} set timezone to 'Asia/Kathmandu'`);
    const store = await open(database.url);
    const entry = await appendFact(store.db, fact, AT);
    expect(await listFacts(store.db)).toEqual([entry]);
    expect(entry.at).toBe(AT.toISOString());
    await store.close();
  });

  it("that lacks the database, the user or the right is an error that says so", async () => {
    const role = `countersign_test_${randomUUID().replaceAll("-", "")}`;
    const as = (changes: { username?: string; password?: string; pathname?: string }) =>
      Object.assign(new URL(database.url), changes).href;
    await expect(open(as({ pathname: "/no_such" }))).rejects.toMatchObject({ code: "database_missing" });
    await expect(open(as({ username: role }))).rejects.toMatchObject({ code: "database_refused" });
    await onServer(`create role ${role} login password '${PASSWORD}'`);
    const limited = as({ username: role, password: PASSWORD });
    await expect(open(limited)).rejects.toMatchObject({ code: "database_forbidden", actor: "operator" });
    await onServer(`drop role ${role}`);
  });
});

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}
