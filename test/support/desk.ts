import { randomUUID } from "node:crypto";
import { mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Command, MemorySaver } from "@langchain/langgraph";
import { supportGraph } from "../../graphs/support.ts";
import { parseConfig } from "../../src/config.ts";
import type { Outcome } from "../../src/domain/delivery.ts";
import type { Principal } from "../../src/domain/teammate.ts";
import { createRuntime, type Replacements, type Runtime } from "../../src/runtime.ts";
import { threadIdOf } from "../../src/runs/client.ts";
import { startSandbox, type Sandbox } from "../../src/sandbox/sandbox.ts";
import { prepareFolder } from "../store/engines.ts";

export const MINA = "mina.park@quillbook.example";
export const PRIYA = "priya.nair@quillbook.example";
export const JONAS = "jonas.weber@quillbook.example";
export const SAM = "sam.okafor@quillbook.example";

const workspaceFolder = resolve(import.meta.dirname, "../../src/sandbox/workspace");

/** How a run ended: at an interrupt, with what it asks, or with an outcome. */
export interface Stop {
  asked: Asked | null;
  outcome: Outcome | null;
}

export interface Asked {
  reviewId: string;
  digest: string;
  body: string;
  refusal: string | null;
  notice: string | null;
  kept: string | null;
  version: number;
  interruptId: string;
  [key: string]: unknown;
}

/** The real graph over the real store, the real gateway and a sandbox, without a server. */
export interface TestDesk {
  runtime: Runtime;
  sandbox: Sandbox;
  graph: ReturnType<typeof supportGraph>;
  /** Moves the desk's clock; the sandbox has its own. */
  passTime(milliseconds: number): void;
  config(conversationId: string, principal: string | Principal): { configurable: Record<string, unknown> };
  open(conversationId: string, principal: string | Principal): Promise<Stop>;
  answer(conversationId: string, principal: string | Principal, answer: unknown): Promise<Stop>;
  /** Replies, notes and every other write Intercom carried out on a conversation. */
  writes(conversationId: string): ReturnType<Sandbox["world"]["writes"]>;
  /** Forgets every thread, as a server that lost its memory would. */
  loseThreads(): void;
  close(): Promise<void>;
}

/** Opens a desk that reaches its own sandbox by the three Scalekit variables, as it would reach a real environment. */
export async function openTestDesk(
  replacements: Replacements = {},
  variables: Record<string, string> = {},
): Promise<TestDesk> {
  const data = await mkdtemp(join(tmpdir(), "countersign-desk-"));
  const store = await prepareFolder();
  await rename(store, join(data, "store"));
  const sandbox = await startSandbox({
    port: 0,
    host: "127.0.0.1",
    workspaceFolder,
    stateFile: null,
    clock: () => new Date(),
    shiftToNow: true,
  });
  let ahead = 0;
  const config = parseConfig({
    SCALEKIT_ENVIRONMENT_URL: sandbox.url,
    SCALEKIT_CLIENT_ID: sandbox.clientId,
    SCALEKIT_CLIENT_SECRET: sandbox.clientSecret,
    COUNTERSIGN_DATA: data,
    COUNTERSIGN_DESK: resolve(import.meta.dirname, "../../desk"),
    COUNTERSIGN_LOG_LEVEL: "silent",
    COUNTERSIGN_WRITE_TIMEOUT_MS: "1500",
    COUNTERSIGN_READ_TIMEOUT_MS: "3000",
    ...variables,
  });
  const clock = () => new Date(Date.now() + ahead);
  const runtime = await createRuntime(config, { clock, ...replacements }).catch(async (error: unknown) => {
    await sandbox.close();
    throw error;
  });
  const graph = supportGraph(runtime);
  graph.checkpointer = new MemorySaver();

  const configFor = (conversationId: string, principal: string | Principal) => ({
    configurable: {
      thread_id: threadIdOf(sandbox.world.workspaceId, conversationId),
      langgraph_auth_user: typeof principal === "string" ? teammate(principal) : principal,
    },
  });
  const standing = async (conversationId: string, principal: string | Principal): Promise<Stop> => {
    const state = await graph.getState(configFor(conversationId, principal));
    const pending = state.tasks.flatMap((task) => task.interrupts).at(-1);
    const values = state.values as { outcome?: Outcome | null };
    return {
      asked: pending ? { ...(pending.value as Asked), interruptId: String(pending.id) } : null,
      outcome: values.outcome ?? null,
    };
  };
  return {
    runtime,
    sandbox,
    graph,
    config: configFor,
    passTime: (milliseconds) => {
      ahead += milliseconds;
    },
    open: async (conversationId, principal) => {
      await graph.invoke({ conversationId }, configFor(conversationId, principal));
      return standing(conversationId, principal);
    },
    answer: async (conversationId, principal, answer) => {
      const { asked } = await standing(conversationId, principal);
      const resume = { [asked?.interruptId ?? randomUUID().replaceAll("-", "")]: answer };
      await graph.invoke(new Command({ resume }), configFor(conversationId, principal));
      return standing(conversationId, principal);
    },
    writes: (conversationId) => sandbox.world.writes({ conversationId }),
    loseThreads: () => {
      graph.checkpointer = new MemorySaver();
    },
    close: async () => {
      await runtime.close();
      await sandbox.close();
      await rm(data, { recursive: true, force: true });
    },
  };
}

export function teammate(identity: string): Principal {
  return { identity, kind: "teammate", via: "development-token" };
}

export function dispatcher(identity: string): Principal {
  return { identity, kind: "dispatcher", via: "dispatch" };
}
