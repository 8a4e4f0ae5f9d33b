import { link, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { OperatorError } from "../domain/errors.ts";

/** Who holds a folder. `started` tells a process from a later one with the same id, where the system says it. */
const Holder = z.object({ pid: z.number().int(), host: z.string(), started: z.string().nullable() });
type Holder = z.infer<typeof Holder>;

export interface FolderLock {
  /** Gives the folder back. */
  release(): Promise<void>;
}

/**
 * Takes a folder for this process alone, or throws the OperatorError `store_in_use` that names who has it. The folder of
 * a process that is gone, however it ended, is taken over.
 *
 * Each holder has a file of its own, `lock.<generation>`, linked into place whole and only if there is none of that
 * name; the highest generation holds the folder. The number only grows, and a file is removed by a later holder alone:
 * so two processes that take over at the same moment want the same number, and one that was asleep in between finds a
 * higher one after its own and steps back.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  await mkdir(folder, { recursive: true });
  const self: Holder = { pid: process.pid, host: hostname(), started: await startOf("self") };
  for (;;) {
    const last = Math.max(0, ...(await generations(folder)));
    const holder = await readHolder(folder, last);
    if (holder && (await isAlive(holder))) throw inUse(folder, last, holder);
    const mine = last + 1;
    if (!(await place(folder, mine, self))) continue;
    const all = await generations(folder);
    if (all.some((generation) => generation > mine)) {
      await remove(folder, mine);
      continue;
    }
    for (const generation of all) if (generation < mine) await remove(folder, generation);
    return { release: () => giveBack(folder, mine, self) };
  }
}

function fileOf(folder: string, generation: number): string {
  return join(folder, `lock.${generation}`);
}

async function generations(folder: string): Promise<number[]> {
  const names = await readdir(folder);
  return names.flatMap((name) => /^lock\.(\d+)$/.exec(name)?.[1] ?? []).map(Number);
}

/** Null when nobody holds it: no such file, or one without a holder, as a release leaves it. */
async function readHolder(folder: string, generation: number): Promise<Holder | null> {
  try {
    return Holder.parse(JSON.parse(await readFile(fileOf(folder, generation), "utf8")));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError || isErrno(error, "ENOENT")) return null;
    throw error;
  }
}

/** False when another process placed the same generation first. */
async function place(folder: string, generation: number, holder: Holder): Promise<boolean> {
  const draft = await mkdtemp(join(folder, "lock-"));
  try {
    await writeFile(join(draft, "holder"), JSON.stringify(holder));
    await link(join(draft, "holder"), fileOf(folder, generation));
    return true;
  } catch (error) {
    if (isErrno(error, "EEXIST")) return false;
    throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Leaves the file, which keeps the number; leaves it alone where someone deleted it by hand and it is another's now. */
async function giveBack(folder: string, generation: number, self: Holder): Promise<void> {
  const holder = await readHolder(folder, generation);
  if (holder?.pid === self.pid && holder.host === self.host && holder.started === self.started) {
    await writeFile(fileOf(folder, generation), "");
  }
}

async function remove(folder: string, generation: number): Promise<void> {
  await rm(fileOf(folder, generation), { force: true });
}

/** On another machine it cannot be seen, and counts as alive: a damaged database is worse than a question. */
async function isAlive(holder: Holder): Promise<boolean> {
  if (holder.host !== hostname()) return true;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if (isErrno(error, "ESRCH")) return false;
  }
  const started = await startOf(String(holder.pid));
  return holder.started === null || started === null || started === holder.started;
}

/** The boot and the tick a process started at, where there is a /proc; null elsewhere. */
async function startOf(process: string): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${process}/stat`, "utf8");
    const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return `${boot.trim()}:${fields[START_TIME] ?? ""}`;
  } catch {
    return null;
  }
}

/** Place of `starttime` in /proc/<pid>/stat, counted after the name in brackets. */
const START_TIME = 19;

function inUse(folder: string, generation: number, { pid, host }: Holder): OperatorError {
  const elsewhere = host === hostname() ? "" : ` on ${host}`;
  return new OperatorError(
    "store_in_use",
    `The data folder ${folder} is in use by process ${pid}${elsewhere}.`,
    `Stop that process, or give this one another folder. If it is certainly gone, delete ${fileOf(folder, generation)}.`,
  );
}

function isErrno(error: unknown, code: string): boolean {
  return typeof error === "object" && error !== null && "code" in error && error.code === code;
}
