import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Workbench } from "./workbench.ts";

const run = promisify(execFile);

let databases = 0;

/**
 * Makes a database on the workbench's PostgreSQL server, by PostgreSQL's own programs; it is dropped at the end. Null
 * when there is no such server or no such program, which the workbench is told.
 */
export async function makeDatabase(workbench: Workbench): Promise<string | null> {
  const { databaseServer, progress } = workbench;
  databases += 1;
  const name = `countersign_bench_${process.pid}_${Date.now()}_${databases}`;
  const there = [`--maintenance-db=${databaseServer}`, "--no-password"];
  try {
    await run("createdb", [...there, "--template=template0", "--encoding=UTF8", name], { timeout: 20_000 });
  } catch (error) {
    const { host } = new URL(databaseServer);
    progress(`PostgreSQL at ${host} is left out: ${reasonOf(error)}`);
    return null;
  }
  workbench.atEnd(async () => {
    await run("dropdb", [...there, "--force", "--if-exists", name], { timeout: 20_000 });
  });
  const url = new URL(databaseServer);
  url.pathname = `/${name}`;
  return url.href;
}

/** What the program said, or why it did not run. The command line is left out: it may hold a password. */
function reasonOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return "it cannot be reached";
  if ("stderr" in error && typeof error.stderr === "string" && error.stderr !== "")
    return error.stderr.trim();
  return "code" in error ? `createdb: ${String(error.code)}` : "it cannot be reached";
}
