import { spawn, type ChildProcess } from "node:child_process";
import { cp, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ServerFile } from "../../src/cli/server-file.ts";
import { prepareFolder } from "../store/engines.ts";

const root = resolve(import.meta.dirname, "../..");
const workspace = join(root, "src/sandbox/workspace");

export interface Exit {
  code: number | null;
  output: string;
  errors: string;
}

/** A desk started as its users start it, from a data folder of its own. */
export interface StartedDesk {
  url: string;
  data: string;
  file: ServerFile;
  /** What the server has printed so far. */
  printed(): string;
  /** Runs a command of the command line against it. */
  run(...words: string[]): Promise<Exit>;
  tokenOf(identifier: string): string;
  interrupt(): Promise<Exit>;
  /** Ends the process without giving it time for anything. */
  kill(): Promise<void>;
}

/** A data folder with a prepared store, and a workspace that has only the named conversations. */
export async function prepareData(
  conversations: readonly string[],
): Promise<{ data: string; workspace: string }> {
  const data = await mkdtemp(join(tmpdir(), "countersign-server-"));
  await rename(await prepareFolder(), join(data, "store"));
  const own = join(data, "workspace");
  await cp(workspace, own, {
    recursive: true,
    filter: (path) =>
      !/conversations\/\d/.test(path) ||
      conversations.some((id) => path.includes(`/conversations/${id.slice(-2)}-`)),
  });
  return { data, workspace: own };
}

/** Starts the desk and waits until it has said what waits. */
export async function startDesk(
  place: { data: string; workspace: string },
  variables: Record<string, string> = {},
): Promise<StartedDesk> {
  const environment = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    COUNTERSIGN_DATA: place.data,
    COUNTERSIGN_WORKSPACE: place.workspace,
    COUNTERSIGN_DESK: join(root, "desk"),
    COUNTERSIGN_PORT: "0",
    COUNTERSIGN_LOG_LEVEL: "info",
    ...variables,
  };
  const server = launch(["start"], environment);
  await waitFor(() => server.output().includes("Ctrl-C stops everything"), server, 90_000);
  const file = ServerFile.parse(JSON.parse(await readFile(join(place.data, "server.json"), "utf8")));
  return {
    url: file.url,
    data: place.data,
    file,
    printed: () => server.output() + server.errors(),
    run: (...words) => launch(words, { ...environment, COUNTERSIGN_LOG_LEVEL: "warn" }).ended,
    tokenOf: (identifier) => file.development?.tokens[identifier] ?? "",
    interrupt: async () => {
      server.process.kill("SIGINT");
      return server.ended;
    },
    kill: async () => {
      server.process.kill("SIGKILL");
      await server.ended;
    },
  };
}

export async function removeData({ data }: { data: string }): Promise<void> {
  await rm(data, { recursive: true, force: true });
}

interface Launched {
  process: ChildProcess;
  output(): string;
  errors(): string;
  ended: Promise<Exit>;
}

function launch(words: readonly string[], environment: NodeJS.ProcessEnv): Launched {
  const child = spawn(process.execPath, ["--import", "tsx", join(root, "src/cli/main.ts"), ...words], {
    cwd: root,
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let errors = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const ended = new Promise<Exit>((done) => {
    child.once("close", (code) => {
      done({ code, output, errors });
    });
  });
  return { process: child, output: () => output, errors: () => errors, ended };
}

async function waitFor(condition: () => boolean, server: Launched, milliseconds: number): Promise<void> {
  const deadline = Date.now() + milliseconds;
  while (!condition()) {
    if (server.process.exitCode !== null || Date.now() > deadline) {
      server.process.kill("SIGKILL");
      throw new Error(`The desk did not start.\n${server.output()}\n${server.errors()}`);
    }
    await delay(100);
  }
}
