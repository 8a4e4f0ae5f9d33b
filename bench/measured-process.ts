import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { deskFolder } from "./desk.ts";
import type { Workbench } from "./workbench.ts";

export interface MeasuredProcess {
  /** Resolves when it ended by itself without a failure; rejects with what it said when it failed. */
  ended: Promise<void>;
  send(message: object): void;
  /** Ends it now. */
  stop(): Promise<void>;
}

/**
 * Runs a file of the benchmarks, given by its URL, beside this process, with a data folder of its own and what it sends as messages. Its
 * environment is made here, so that no setting of the developer reaches it.
 */
export async function startMeasured(
  workbench: Workbench,
  file: string,
  variables: Record<string, string>,
  onMessage: (content: unknown) => void,
): Promise<MeasuredProcess> {
  const data = await workbench.folder();
  const child = spawn(process.execPath, ["--import", import.meta.resolve("tsx"), fileURLToPath(file)], {
    cwd: data,
    env: {
      COUNTERSIGN_DATA: data,
      COUNTERSIGN_DESK: deskFolder,
      COUNTERSIGN_PORT: "0",
      COUNTERSIGN_LOG_LEVEL: "error",
      ...variables,
    },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const stop = workbench.atEnd(() => endOf(child));
  let errors = "";
  child.stdout?.resume();
  child.stderr?.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  child.on("message", onMessage);
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve)).then((code) => {
    if (code !== 0) throw new Error(`The measured process ended with ${String(code)}.\n${errors}`);
  });
  // Whoever does not wait for the end is not to be stopped by it.
  ended.catch(() => undefined);
  return { ended, stop, send: (message) => child.send(message) };
}

/** Ends a measured process that failed: the LangGraph server in it would take the error, say so in its log and go on. */
export function giveUp(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
}

async function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("close", resolve));
  child.kill("SIGKILL");
  await ended;
}
