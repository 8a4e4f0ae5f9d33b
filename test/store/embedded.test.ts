import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { appendFact, verifyLedger } from "../../src/store/audit.ts";
import { openStore } from "../../src/store/database.ts";
import { type FolderLock, lockFolder } from "../../src/store/folder-lock.ts";
import { prepareFolder } from "./engines.ts";
import { AT } from "./fixtures.ts";

const fact = { actor: "countersign", event: "noted", conversationId: null, data: {} };

describe("the data folder", () => {
  let folder: string;
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    folder = await prepareFolder();
  });
  afterEach(async () => {
    for (const child of children.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    await rm(folder, { recursive: true, force: true });
  });

  const open = () => openStore({ url: null, folder });

  function start() {
    const script = fileURLToPath(new URL("./open-and-write.ts", import.meta.url));
    const child = spawn(process.execPath, ["--import", "tsx", script, folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.push(child);
    return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
  }

  it("belongs to one process, survives its kill -9 with all that was committed, and is taken over", async () => {
    const { child, lines } = start();
    expect((await lines.next()).value).toBe("open");
    let committed = 0;
    while (committed < 25) committed = Number((await lines.next()).value);
    const refusal = { actor: "operator", code: "store_in_use" };
    await expect(open()).rejects.toMatchObject({
      ...refusal,
      message: `The data folder ${folder} is in use by process ${child.pid}.`,
    });
    child.kill("SIGKILL");
    await once(child, "exit");
    const store = await open();
    const { entries, broken } = await verifyLedger(store.db);
    expect(broken).toBeNull();
    expect(entries).toBeGreaterThanOrEqual(committed);
    await appendFact(store.db, fact, AT);
    expect(await verifyLedger(store.db)).toMatchObject({ entries: entries + 1, broken: null });
    await expect(open()).rejects.toMatchObject(refusal);
    await store.close();
    expect((await readdir(folder)).filter((name) => name.startsWith("lock."))).toHaveLength(1);
  });

  it("goes to one of three processes that take it over at the same moment", async () => {
    await writeFile(join(folder, "lock.1"), JSON.stringify(await holderOfTheDead()));
    const processes = [start(), start(), start()];
    const first = await Promise.all(processes.map(async ({ lines }) => String((await lines.next()).value)));
    expect(first.sort()).toEqual(["open", "store_in_use", "store_in_use"]);
  });

  it("goes to one of many at any interleaving, over and over", async () => {
    await writeFile(join(folder, "lock.1"), JSON.stringify(await holderOfTheDead()));
    for (let round = 0; round < 20; round += 1) {
      const attempts = await Promise.allSettled(Array.from({ length: 10 }, () => lockFolder(folder)));
      const locks = attempts.flatMap((attempt): FolderLock[] =>
        attempt.status === "fulfilled" ? [attempt.value] : [],
      );
      expect(locks).toHaveLength(1);
      for (const attempt of attempts) {
        if (attempt.status === "rejected") expect(attempt.reason).toMatchObject({ code: "store_in_use" });
      }
      await locks[0]!.release();
    }
  });

  it.each([
    ["of a living process that has the id of the dead one", { started: "another-boot:1" }, true],
    ["of this very process", {}, false],
    ["of a process on another machine, which cannot be seen", { host: "elsewhere" }, false],
    ["of a living process on a system that does not say when it started", { started: null }, false],
  ])("with the lock %s", async (_, changes, free) => {
    const held = await lockFolder(folder);
    const [name] = (await readdir(folder)).filter((entry) => entry.startsWith("lock."));
    await held.release();
    const holder = { pid: process.pid, host: hostname(), started: await startOfThis(), ...changes };
    await writeFile(join(folder, name!), JSON.stringify(holder));
    if (free) await (await lockFolder(folder)).release();
    else await expect(lockFolder(folder)).rejects.toMatchObject({ code: "store_in_use" });
  });

  it("that cannot be written is an error that names it", async () => {
    const file = join(folder, "a-file");
    await writeFile(file, "");
    const blocked = openStore({ url: null, folder: join(file, "data") });
    await expect(blocked).rejects.toMatchObject({ actor: "operator", code: "store_folder_unwritable" });
    await expect(blocked).rejects.toThrow(join(file, "data"));
  });

  it.each([
    ["without its version file", "PG_VERSION", null],
    ["of another engine version", "PG_VERSION", "12\n"],
    ["with a torn control file", "global/pg_control", "torn"],
    ["without its log", "pg_wal", null],
  ])("%s is refused, left as it is, and let go", async (_, path, content) => {
    const target = join(folder, "database", path);
    await rm(target, { recursive: true });
    if (content !== null) await writeFile(target, content);
    const refusal = { actor: "operator", code: "store_damaged" };
    await expect(open()).rejects.toMatchObject(refusal);
    await expect(open()).rejects.toMatchObject(refusal);
    expect(existsSync(join(folder, "database/base"))).toBe(true);
  });

  it("whose first start was cut short is made anew", async () => {
    await rm(join(folder, "database"), { recursive: true });
    await mkdir(join(folder, "database.new/base"), { recursive: true });
    const store = await open();
    expect(await verifyLedger(store.db)).toMatchObject({ entries: 0, broken: null });
    expect(existsSync(join(folder, "database.new"))).toBe(false);
    await store.close();
  });
});

/** What a process leaves in its lock when it is killed. */
async function holderOfTheDead() {
  const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
  await once(child, "exit");
  return { pid: child.pid, host: hostname(), started: null };
}

async function startOfThis(): Promise<string | null> {
  const folder = await mkdtemp(join(tmpdir(), "countersign-lock-"));
  const lock = await lockFolder(folder);
  const holder = JSON.parse(await readFile(join(folder, "lock.1"), "utf8")) as { started: string | null };
  await lock.release();
  await rm(folder, { recursive: true });
  return holder.started;
}
