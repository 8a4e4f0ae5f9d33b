import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Engines } from "../src/agents/engines.ts";
import { parseConfig } from "../src/config.ts";
import type { Classification } from "../src/domain/classification.ts";
import type { Draft } from "../src/domain/draft.ts";
import type { Findings } from "../src/domain/findings.ts";
import type { Review } from "../src/domain/review.ts";
import type { Principal } from "../src/domain/teammate.ts";
import { threadIdOf } from "../src/runs/client.ts";
import { createRuntime, type Runtime } from "../src/runtime.ts";
import { findOpenReview } from "../src/store/reviews.ts";
import type { Workbench } from "./workbench.ts";

/** The desk's own files, wherever the benchmark is started from. */
export const deskFolder = resolve(import.meta.dirname, "../desk");
export const workspaceFolder = resolve(import.meta.dirname, "../src/sandbox/workspace");

/** A desk as the product makes it, with its sandbox and its embedded store in a temporary folder. */
export interface Desk {
  runtime: Runtime;
  sandbox: NonNullable<Runtime["sandbox"]>;
  /** The teammate for conversations that nobody is assigned to. */
  teammate: string;
}

export async function openDesk(workbench: Workbench, variables: Record<string, string> = {}): Promise<Desk> {
  const data = await workbench.folder();
  await mkdir(join(data, "store"), { recursive: true });
  const runtime = await createRuntime(
    parseConfig({
      COUNTERSIGN_DATA: data,
      COUNTERSIGN_DESK: deskFolder,
      COUNTERSIGN_LOG_LEVEL: "silent",
      ...variables,
    }),
  );
  workbench.atEnd(() => runtime.close());
  return deskOf(runtime);
}

export function deskOf(runtime: Runtime): Desk {
  const { sandbox, desk } = runtime;
  if (sandbox === null) throw new Error("a benchmark's desk runs over its own sandbox");
  return { runtime, sandbox, teammate: desk.unassigned };
}

/** What the engine gives a node besides the state, as the server stamps it. */
export function runConfig(
  { sandbox }: Desk,
  conversationId: string,
  identity: string,
): { configurable: { thread_id: string; langgraph_auth_user: Principal } } {
  return {
    configurable: {
      thread_id: threadIdOf(sandbox.world.workspaceId, conversationId),
      langgraph_auth_user: { identity, kind: "dispatcher", via: "dispatch" },
    },
  };
}

/** A run that ended anywhere but at a review is not one to measure. */
export async function requireReview({ runtime, sandbox }: Desk, conversationId: string): Promise<Review> {
  const review = await findOpenReview(runtime.store.db, sandbox.world.workspaceId, conversationId);
  if (review === null) throw new Error(`the run left no review of the conversation ${conversationId}`);
  return review;
}

/** A question with an answer in the help centre, from one of the workspace's customers; assigned to nobody but who is named. */
export async function beginConversation({ sandbox }: Desk, adminId?: string): Promise<string> {
  const contactId = sandbox.world.conversations().flatMap(({ contactIds }) => contactIds)[0];
  if (contactId === undefined) throw new Error("the workspace has no customer to write");
  const begun = await sandbox.world.beginConversation({ contactId, body: question });
  if (adminId !== undefined) {
    await sandbox.world.assignConversation(begun.id, adminId, { type: "admin", id: adminId });
  }
  return begun.id;
}

export const question =
  "Hi, my clients get their appointment reminder a whole day before. Where can I change when the reminder is sent?";

/**
 * Engines that say again what `engines` said first, each answer after a wait that stands for its model. What a model
 * would cost the processor is spent by its provider, so it is not to be spent here.
 */
export function repeatingEngines(engines: Engines, milliseconds: number): Engines {
  let classification: Classification | undefined;
  let findings: Findings | undefined;
  let draft: Draft | undefined;
  return {
    classify: async (briefing) => {
      classification ??= await engines.classify(briefing);
      await wait(milliseconds);
      return classification;
    },
    research: async (briefing, classified) => {
      findings ??= await engines.research(briefing, classified);
      await wait(milliseconds);
      return findings;
    },
    draft: async (request) => {
      draft ??= await engines.draft(request);
      await wait(milliseconds);
      return draft;
    },
    description: "repeating",
  };
}

async function wait(milliseconds: number): Promise<void> {
  if (milliseconds > 0) await pause(milliseconds);
}
