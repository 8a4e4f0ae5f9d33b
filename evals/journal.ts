import { appendFile, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import { z } from "zod";
import { CaseResult } from "./run-document.ts";

const Finished = z.object({ result: CaseResult, milliseconds: z.number() });
export type Finished = z.infer<typeof Finished>;

/** Where a run writes down each case as it is finished, so that one that was interrupted can go on. */
export interface Journal {
  finished: readonly Finished[];
  keep(finished: Finished): Promise<void>;
  /** The run is over, and there is nothing to go on with. */
  remove(): Promise<void>;
}

const nothing = () => Promise.resolve();
export const noJournal: Journal = { finished: [], keep: nothing, remove: nothing };

/**
 * Opens the journal of a run, named after all that its results depend on: another case, setting or line of code is
 * another run. Begins anew unless it is to be resumed; a last line that was cut off is left out.
 */
export async function openJournal(
  folder: string,
  fingerprint: string,
  { resume }: { resume: boolean },
): Promise<Journal> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${fingerprint}.jsonl`);
  const finished = resume ? await readFinished(file) : [];
  await writeFile(file, finished.map((one) => `${JSON.stringify(one)}\n`).join(""));
  return {
    finished,
    keep: (one) => appendFile(file, `${JSON.stringify(one)}\n`),
    remove: () => rm(file, { force: true }),
  };
}

async function readFinished(file: string): Promise<Finished[]> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text.split("\n").flatMap((line) => {
    try {
      return [Finished.parse(JSON.parse(line))];
    } catch {
      return [];
    }
  });
}

const root = resolve(import.meta.dirname, "..");

/** A digest of what a run's results depend on: what is asked for, the given files and folders, and the code. */
export async function fingerprintOf(asked: unknown, paths: readonly string[]): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify(asked));
  const code = ["src", "graphs", "evals"].map((name) => join(root, name));
  for (const path of [...code, ...paths]) {
    for (const file of await filesIn(path)) hash.update(file).update(await readFile(file));
  }
  return hash.digest("hex").slice(0, 16);
}

async function filesIn(path: string): Promise<string[]> {
  if ((await stat(path)).isFile()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.filter((file) => /\.(ts|css|ya?ml|md)$/.test(file)).sort();
}
