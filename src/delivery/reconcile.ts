import { z } from "zod";
import type { Action, Plan } from "../domain/action.ts";
import type { Conversation } from "../domain/conversation.ts";
import type { Delivery } from "../domain/delivery.ts";
import { comparableText } from "../domain/html.ts";
import { getDecision } from "../store/decisions.ts";
import { finishDelivery, listUnfinished } from "../store/deliveries.ts";
import { readConversation } from "../tools/conversations.ts";
import { readDirectory } from "../tools/intercom.ts";
import { textOf } from "../tools/message-text.ts";
import { approvedPlan, type DeliveryDependencies } from "./deliver.ts";
import { writeTools } from "./send.ts";
import { skipAfter } from "./skip.ts";

export interface ReconcileDependencies extends DeliveryDependencies {
  /** How long a write may still land after it was started, in milliseconds. Nothing is concluded before. */
  restMs: number;
}

/** What became of a delivery: still open, found in Intercom, or not written. */
export interface Reconciled {
  deliveryId: string;
  decisionId: string;
  status: "waiting" | "sent" | "failed";
}

/** Seconds that Intercom's clock may be behind ours. */
const CLOCK_SKEW = 5;

/**
 * Settles every delivery whose outcome is not known, by reading the conversation back: those that ended as
 * `unknown`, and those a stopped process left as `sending`. Never sends anything. One that cannot be read yet, or
 * whose write may still land, stays as it is.
 */
export async function reconcile(dependencies: ReconcileDependencies): Promise<Reconciled[]> {
  const unfinished = await listUnfinished(dependencies.store.db);
  const unclear = unfinished.filter(({ status }) => status === "unknown" || status === "sending");
  const results: Reconciled[] = [];
  for (const delivery of unclear) results.push(await reconcileDelivery(dependencies, delivery));
  return results;
}

async function reconcileDelivery(
  dependencies: ReconcileDependencies,
  delivery: Delivery,
): Promise<Reconciled> {
  const { store, clock, restMs } = dependencies;
  const waiting: Reconciled = { deliveryId: delivery.id, decisionId: delivery.decisionId, status: "waiting" };
  const startedAt = Date.parse(delivery.claimedAt ?? "");
  const stillOpen = delivery.status === "sending" ? 2 * restMs : restMs;
  if (Number.isNaN(startedAt) || clock().getTime() < startedAt + stillOpen) return waiting;

  const decision = await getDecision(store.db, delivery.decisionId);
  const plan = decision && approvedPlan(decision);
  if (!plan || (delivery.status !== "sending" && delivery.status !== "unknown")) return waiting;
  const found = await lookFor(dependencies, plan, delivery, startedAt / 1000);
  if (found === "unreadable") return waiting;
  const settled = await finishDelivery(store.db, {
    id: delivery.id,
    fence: delivery.fence,
    from: delivery.status,
    to: found.written ? "sent" : "failed",
    partId: found.written ? found.partId : null,
    executionId: delivery.executionId,
    reason: found.written ? null : "Nothing was sent: the conversation was read back and does not have it.",
    actor: "countersign",
    at: clock(),
  });
  if (settled && !found.written) await skipAfter(dependencies, plan, delivery);
  return settled ? { ...waiting, status: found.written ? "sent" : "failed" } : waiting;
}

type Found = { written: true; partId: string | null } | { written: false } | "unreadable";

async function lookFor(
  { gateway }: ReconcileDependencies,
  plan: Plan,
  { action }: Delivery,
  startedAt: number,
): Promise<Found> {
  const conversation = await readConversation(gateway, plan.approver, plan.conversationId, "delivery");
  if (conversation.kind !== "ok") return "unreadable";
  switch (action.tool) {
    case writeTools.reply:
      return writtenPart(conversation.value, plan, action, startedAt);
    case writeTools.manage:
      return { written: isManaged(conversation.value, action), partId: null };
    case writeTools.tag: {
      const directory = await readDirectory(gateway, plan.approver);
      if (directory.kind !== "ok") return "unreadable";
      const tag = directory.value.tags.find(({ id }) => id === action.arguments.id);
      return { written: tag !== undefined && conversation.value.tags.includes(tag.name), partId: null };
    }
    default:
      return "unreadable";
  }
}

function writtenPart(conversation: Conversation, plan: Plan, action: Action, startedAt: number): Found {
  const body = z.string().parse(action.arguments.body);
  const text = comparableText(textOf(body));
  const part = conversation.parts.find(
    (candidate) =>
      candidate.author.type === "admin" &&
      candidate.author.id === plan.approver.adminId &&
      (candidate.type === "note") === (action.arguments.message_type === "note") &&
      candidate.createdAt >= Math.floor(startedAt) - CLOCK_SKEW &&
      comparableText(candidate.text) === text,
  );
  return part ? { written: true, partId: part.id } : { written: false };
}

function isManaged(conversation: Conversation, { arguments: input }: Action): boolean {
  if (input.message_type === "close") return conversation.state === "closed";
  if (input.message_type === "snoozed") return conversation.state === "snoozed";
  const assignee = input.type === "team" ? conversation.teamId : conversation.assigneeId;
  return assignee === input.assignee_id;
}
