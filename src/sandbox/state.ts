import { mkdir, open, readFile, rename, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { OperatorError } from "../domain/errors.ts";
import { Workspace } from "./intercom/workspace.ts";
import { isMissingFile } from "./missing-file.ts";
import { Account, AuthorizationRequest, Connection } from "./scalekit/accounts.ts";
import { Environment } from "./scalekit/environment.ts";
import { Outbox } from "./webhooks/outbox.ts";

const Write = z.object({
  executionId: z.string(),
  tool: z.string(),
  parameters: z.record(z.string(), z.json()),
  identifier: z.string(),
  connectedAccountId: z.string(),
  agentRunId: z.string().nullable(),
  /** Milliseconds since 1970. */
  at: z.number(),
});
/** A write tool that was carried out: the change it made is in the world. */
export type Write = z.infer<typeof Write>;

/** All that the sandbox is; what the state file holds. */
export const State = z.object({
  format: z.literal(1),
  environment: Environment,
  workspace: Workspace,
  connections: z.array(Connection),
  accounts: z.array(Account),
  authorizationRequests: z.array(AuthorizationRequest),
  issuedTokens: z.array(z.string()),
  writes: z.array(Write),
  outbox: Outbox.prefault({}),
});
export type State = z.infer<typeof State>;

/**
 * Reads a state file; null when there is none. Throws an OperatorError when what is there cannot be used: it is never
 * overwritten or repaired without being asked.
 */
export async function readState(file: string): Promise<State | null> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (isMissingFile(error)) return null;
    throw unusable(file, "it cannot be read", error);
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw unusable(file, "it is not complete JSON", error);
  }
  const state = State.safeParse(content);
  if (!state.success) {
    const [issue] = state.error.issues;
    throw unusable(
      file,
      `${issue?.path.join(".") ?? "its content"}: ${issue?.message ?? "is not valid"}`,
      state.error,
    );
  }
  return state.data;
}

export interface Saver {
  /** Resolves once everything that was changed before the call is on disk. Calls made meanwhile share one write. */
  save(): Promise<void>;
}

/** Keeps the state in a file: written beside it, synced, then renamed over it. Without a file nothing is kept. */
export function createSaver(file: string | null, state: State): Saver {
  if (file === null) return { save: () => Promise.resolve() };
  let running: Promise<void> = Promise.resolve();
  let waiting: Promise<void> | null = null;
  return {
    save() {
      // A write that has not begun yet will hold this change too; one that is running may not.
      waiting ??= running
        .catch(() => undefined)
        .then(() => {
          waiting = null;
          running = writeState(file, state);
          return running;
        });
      return waiting;
    },
  };
}

async function writeState(file: string, state: State): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.new`;
  const handle = await open(temporary, "w", 0o600);
  try {
    await handle.writeFile(JSON.stringify(state));
    await handle.sync();
  } catch (error) {
    await handle.close();
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  await handle.close();
  await rename(temporary, file);
  await syncFolder(dirname(file));
}

/** The rename itself is on disk only once the folder is; not every system lets a folder be synced. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync().catch(() => undefined);
  } finally {
    await handle.close();
  }
}

function unusable(file: string, why: string, cause: unknown): OperatorError {
  return new OperatorError(
    "sandbox_state_unusable",
    `The sandbox's state file ${file} cannot be used: ${why}.`,
    "Put back a good copy, or delete the file to begin again with a fresh workspace.",
    { cause },
  );
}
