import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { MemorySaver } from "@langchain/langgraph";
import { supportGraph } from "../graphs/support.ts";
import { createEngines } from "../src/agents/engines.ts";
import { parseConfig } from "../src/config.ts";
import { identifyNow } from "../src/identity/teammates.ts";
import { createRuntime, type Runtime } from "../src/runtime.ts";
import { startSandbox, type Sandbox } from "../src/sandbox/sandbox.ts";
import { openStore, type Store } from "../src/store/database.ts";
import { prepareStore } from "../src/store/prepared.ts";
import type { Case } from "./case.ts";
import type { Dataset } from "./dataset.ts";
import { findInternalSentences } from "./internal.ts";
import { createRecorder } from "./recorder.ts";
import type { TurnTrace } from "./trace.ts";
import { makeWorld, type World } from "./world.ts";

/** Where cases are played: the real graph, gateway and store over a sandbox of the data set's workspace. */
export interface Stage {
  dataset: Dataset;
  world: World;
  sandbox: Sandbox;
  runtime: Runtime;
  graph: ReturnType<typeof supportGraph>;
  /** Sentences of articles that no customer may read. */
  internal: readonly string[];
  /** Runs `work` and gives the calls its desk made through the gateway. */
  recordCalls<T>(work: () => Promise<T>): Promise<{ result: T; calls: TurnTrace["calls"] }>;
  close(): Promise<void>;
}

export interface StageOptions {
  dataset: Dataset;
  /** The cases that will be played on it. */
  cases: readonly Case[];
  store: Store;
  /** Variables of the models, as in the environment; none for the offline engines. */
  variables?: Record<string, string>;
  /** Puts something in the place of a part: what a test breaks. */
  change?: (runtime: Runtime) => Runtime;
}

const READ_TIMEOUT_MS = 20_000;

/** Opens a stage. The clock stands at the workspace's `as_of`, and ids are counted: two runs give the same. */
export async function openStage(options: StageOptions): Promise<Stage> {
  const { dataset, cases, store } = options;
  const clock = () => new Date(dataset.seed.workspace.as_of);
  const world = await makeWorld(dataset, cases);
  const data = await mkdtemp(join(tmpdir(), "countersign-eval-data-"));
  const closing = [() => rm(data, { recursive: true, force: true }), () => world.remove()];
  const close = async () => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  try {
    const sandbox = await startSandbox({
      port: 0,
      host: "127.0.0.1",
      workspaceFolder: world.folder,
      stateFile: null,
      clock,
      shiftToNow: false,
    });
    closing.push(() => sandbox.close());
    for (const { tool, status, message } of cases.flatMap((one) => one.world?.toolErrors ?? [])) {
      sandbox.faults.add({ tool, times: "always", effect: { kind: "tool_error", status, message } });
    }
    const config = parseConfig({
      ...options.variables,
      SCALEKIT_ENVIRONMENT_URL: sandbox.url,
      SCALEKIT_CLIENT_ID: sandbox.clientId,
      SCALEKIT_CLIENT_SECRET: sandbox.clientSecret,
      COUNTERSIGN_DATA: data,
      COUNTERSIGN_DESK: dataset.deskFolder,
      COUNTERSIGN_LOG_LEVEL: "silent",
      COUNTERSIGN_READ_TIMEOUT_MS: String(READ_TIMEOUT_MS),
    });
    const opened = await createRuntime(config, { clock, newId: countedIds(), store });
    closing.push(() => opened.close());
    const recorder = createRecorder();
    const gateway = recorder.around(opened.gateway);
    const engines = createEngines({ models: opened.models, gateway });
    // One desk for all, so that its offline classifier is trained once.
    const runtime = { ...opened, gateway, engines, desk: dataset.desk };
    const changed = options.change?.(runtime) ?? runtime;
    const graph = supportGraph(changed);
    graph.checkpointer = new MemorySaver();
    const internal = await findInternalSentences(world.folder);
    await greetTeammates(sandbox, runtime);
    return {
      dataset,
      world,
      sandbox,
      runtime: changed,
      graph,
      internal,
      recordCalls: recorder.record,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A store that was on another stage knows the teammates by connections that are not of this sandbox. */
async function greetTeammates(sandbox: Sandbox, runtime: Runtime): Promise<void> {
  for (const { identifier, status } of sandbox.world.accounts()) {
    if (status === "active") await identifyNow(runtime, identifier);
  }
}

const cache = resolve(import.meta.dirname, "../node_modules/.cache/countersign-store");

/** An empty store in a temporary folder; closing it removes it. */
export async function openTemporaryStore(): Promise<Store> {
  const folder = await mkdtemp(join(tmpdir(), "countersign-eval-store-"));
  await prepareStore(folder, cache);
  const store = await openStore({ url: null, folder });
  const close = async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { ...store, close };
}

/** Ids for a store that several stages share: each stage has a series of its own. */
function countedIds(): () => string {
  const series = (stages += 1);
  let count = 0;
  return () => {
    count += 1;
    return `${series.toString(16).padStart(8, "0")}-0000-4000-8000-${count.toString(16).padStart(12, "0")}`;
  };
}

let stages = 0;
