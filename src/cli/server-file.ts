import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

/** What a running server leaves in its data folder, for the commands of whoever may read that folder. */
export const ServerFile = z.object({
  url: z.url(),
  pid: z.number().int().positive(),
  operatorKey: z.string(),
  /** Sandbox only: a token for each teammate, and the teammate whose is used unless one is chosen. */
  development: z
    .object({ teammate: z.string(), tokens: z.record(z.string(), z.string()).readonly() })
    .nullable(),
});
export type ServerFile = z.infer<typeof ServerFile>;

/** Written whole or not at all, readable by its owner alone. */
export async function writeServerFile(data: string, content: ServerFile): Promise<void> {
  await mkdir(data, { recursive: true });
  const temporary = join(data, `server.json.${content.pid}`);
  await writeFile(temporary, JSON.stringify(content), { mode: 0o600 });
  await rename(temporary, pathOf(data));
}

/** The server that runs from the data folder; null when none does. */
export async function readServerFile(data: string): Promise<ServerFile | null> {
  try {
    const content = ServerFile.parse(JSON.parse(await readFile(pathOf(data), "utf8")));
    return isAlive(content.pid) ? content : null;
  } catch {
    return null;
  }
}

export async function removeServerFile(data: string): Promise<void> {
  await rm(pathOf(data), { force: true });
}

function pathOf(data: string): string {
  return join(data, "server.json");
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
