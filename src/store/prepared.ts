import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openStore } from "./database.ts";

/**
 * Puts an embedded database with its tables and nothing in them into `folder`, as `openStore` would find it there. It is
 * a copy of one that is kept in `cache`, made once for each set of migrations: to make one takes seconds, to copy it a
 * fraction of one.
 */
export async function prepareStore(folder: string, cache: string): Promise<void> {
  const prepared = await preparedIn(cache);
  await mkdir(folder, { recursive: true });
  await cp(join(prepared, "database"), join(folder, "database"), { recursive: true });
}

async function preparedIn(cache: string): Promise<string> {
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
  const migrations = join(import.meta.dirname, "migrations");
  const names = (await readdir(migrations)).sort();
  const engine = fileURLToPath(import.meta.resolve("@electric-sql/pglite"));
  const files = [...names.map((name) => join(migrations, name)), engine];
  const hash = createHash("sha256");
  for (const file of files) hash.update(await readFile(file));
  return hash.digest("hex").slice(0, 16);
}
