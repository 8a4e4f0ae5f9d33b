import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { OperatorError } from "../domain/errors.ts";
import { pageEdition } from "../web/page.ts";

/** Builds that are kept beside the newest: a server of an older state may still be running. */
const KEPT = 3;

/**
 * Builds the review inbox page unless it was built from these very sources before. Returns whether it had to. Throws an
 * OperatorError when it cannot be built; a build that fails halfway leaves nothing behind.
 */
export async function buildPage(): Promise<{ built: boolean; folder: string }> {
  const { folder, sources } = pageEdition();
  if (existsSync(folder)) return { built: false, folder };
  const shelf = dirname(folder);
  await mkdir(shelf, { recursive: true });
  const draft = await mkdtemp(join(shelf, "draft-"));
  try {
    await runVite(sources, draft);
    // Another process may have finished the same build first: then this one is not needed.
    await rename(draft, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } catch (error) {
    throw new OperatorError(
      "page_not_built",
      `The review inbox page could not be built: ${error instanceof Error ? error.message : String(error)}`,
      "Install the packages again with npm ci, and start again.",
      { cause: error },
    );
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  await removeOld(shelf, folder);
  return { built: true, folder };
}

async function runVite(root: string, outDir: string): Promise<void> {
  const { build } = await import("vite");
  await build({
    root,
    configFile: false,
    envDir: false,
    logLevel: "warn",
    publicDir: false,
    mode: "production",
    // The name React asks its bundler for. Nothing is read: the build is the same whatever the environment says.
    define: { "process.env.NODE_ENV": JSON.stringify("production") },
    oxc: { jsx: { runtime: "automatic", development: false } },
    build: {
      outDir,
      emptyOutDir: false,
      target: "es2022",
      cssCodeSplit: false,
      modulePreload: false,
      assetsInlineLimit: 0,
      rolldownOptions: {
        input: join(root, "main.tsx"),
        output: { entryFileNames: "inbox.js", assetFileNames: "inbox[extname]", codeSplitting: false },
      },
    },
  });
}

async function removeOld(shelf: string, newest: string): Promise<void> {
  const folders = (await readdir(shelf)).map((name) => join(shelf, name)).filter((path) => path !== newest);
  const dated = await Promise.all(folders.map(async (path) => ({ path, at: (await stat(path)).mtimeMs })));
  const old = dated.sort((one, other) => other.at - one.at).slice(KEPT);
  await Promise.all(old.map(({ path }) => rm(path, { recursive: true, force: true })));
}
