import { reconcile } from "./delivery/reconcile.ts";
import type { Plan } from "./domain/action.ts";
import { dispatcherFor } from "./runs/dispatcher.ts";
import { openConversation } from "./runs/dispatch.ts";
import { callRoll } from "./runs/roll.ts";
import { sweep } from "./runs/sweep.ts";
import type { Runtime } from "./runtime.ts";
import { getDecision } from "./store/decisions.ts";
import { listUnfinished } from "./store/deliveries.ts";

/**
 * One round of what keeps a desk going while nobody looks: settles unknown deliveries by reading back, takes up
 * approvals that a stopped process left behind, and opens what waits for an answer by now.
 */
export async function tend(runtime: Runtime, url: string): Promise<void> {
  await resumeDeliveries(runtime, url);
  const { connected } = await callRoll(runtime);
  for await (const event of sweep(runtime, url, connected)) {
    if (event.type === "progress" && event.progress.type === "failed") {
      const { conversationId } = event.conversation;
      runtime.log.warn(
        { conversationId, reason: event.progress.reason },
        "a conversation could not be drafted",
      );
    }
  }
}

/** Settles what is unclear, then lets the graph go on with every approval that is not finished. */
export async function resumeDeliveries(runtime: Runtime, url: string): Promise<void> {
  const reconciled = await reconcile(runtime);
  const queued = (await listUnfinished(runtime.store.db)).filter(({ status }) => status === "queued");
  const decisionIds = new Set([
    ...reconciled.filter(({ status }) => status !== "waiting").map(({ decisionId }) => decisionId),
    ...queued.map(({ decisionId }) => decisionId),
  ]);
  for (const decisionId of decisionIds) {
    const plan = (await getDecision(runtime.store.db, decisionId))?.plan;
    if (plan) await resume(runtime, url, plan);
  }
}

async function resume(runtime: Runtime, url: string, plan: Plan): Promise<void> {
  const { workspaceId, conversationId, approver } = plan;
  const server = dispatcherFor(runtime, url, approver.identifier);
  const job = { workspaceId, conversationId, teammate: approver.identifier };
  for await (const progress of openConversation(server, job)) {
    runtime.log.info({ conversationId, progress: progress.type }, "delivery resumed");
  }
}
