import { planDigest, type Plan } from "../domain/action.ts";
import type { Decision } from "../domain/decision.ts";
import type { Delivery, Outcome } from "../domain/delivery.ts";
import { DefectError } from "../domain/errors.ts";
import { digestOf, type JsonObject } from "../domain/json.ts";
import type { Database } from "../store/database.ts";
import { getDecision } from "../store/decisions.ts";
import { claimDelivery, finishDelivery, getDelivery, listDeliveries } from "../store/deliveries.ts";
import type { ToolGateway, WriteOutcome } from "../tools/gateway.ts";
import { newestPartBy } from "./evidence.ts";
import { checkFreshness } from "./freshness.ts";
import { send } from "./send.ts";
import { skipAfter } from "./skip.ts";

export interface DeliveryDependencies {
  store: { db: Database };
  gateway: ToolGateway;
  clock: () => Date;
}

/**
 * Carries out one recorded decision: each of its actions in order, each claimed, checked and sent at most once.
 * Believes only the store: the approved plan is read from the decision, and its digest is recomputed. Safe to call
 * again at any time, from anywhere: what was sent is not sent again, and what is unknown waits for reconciliation.
 */
export async function deliver(dependencies: DeliveryDependencies, decisionId: string): Promise<Outcome> {
  const decision = await getDecision(dependencies.store.db, decisionId);
  if (decision === null) return { type: "failed", reason: "Nothing was sent: there is no such decision." };
  const plan = approvedPlan(decision);
  if (plan === null) return { type: "failed", reason: "Nothing was sent: the decision approves no writing." };

  const deliveries = await listDeliveries(dependencies.store.db, decisionId);
  requireSameActions(plan, deliveries);
  let underway = false;
  let sentPartId: string | null = null;
  for (const queued of deliveries) {
    const delivery =
      queued.status === "queued" ? await attempt(dependencies, plan, queued, underway) : queued;
    if (delivery.status !== "sent") {
      if (delivery.status !== "sending" && delivery.status !== "unknown") {
        await skipAfter(dependencies, plan, delivery);
      }
      return outcomeOf(delivery, underway);
    }
    underway = true;
    sentPartId ??= delivery.partId;
  }
  return { type: "sent", partId: sentPartId };
}

/** The plan a decision approves, after recomputing its digest; null when it approves none. Throws on any difference. */
export function approvedPlan(decision: Decision): Plan | null {
  if (decision.type !== "approve" && decision.type !== "edit") return null;
  if (decision.plan === null || planDigest(decision.plan) !== decision.planDigest) {
    throw new DefectError(
      "approval_altered",
      `Decision ${decision.id} does not match the digest that was approved. Nothing was sent.`,
      "Run countersign audit verify and find out who changed the store.",
    );
  }
  return decision.plan;
}

async function attempt(
  dependencies: DeliveryDependencies,
  plan: Plan,
  queued: Delivery,
  underway: boolean,
): Promise<Delivery> {
  const { store, gateway, clock } = dependencies;
  const claimed = await claimDelivery(store.db, queued.id, clock());
  if (claimed === null) return (await getDelivery(store.db, queued.id)) ?? queued;

  const freshness = await checkFreshness(gateway, plan, underway);
  const result = freshness.fresh
    ? resultOf(await send(gateway, plan, claimed.action, claimed.id), plan)
    : { to: freshness.to, partId: null, executionId: null, reason: freshness.reason };
  await finishDelivery(store.db, {
    ...result,
    id: claimed.id,
    fence: claimed.fence,
    from: "sending",
    actor: plan.approver.identifier,
    at: clock(),
  });
  return (await getDelivery(store.db, claimed.id)) ?? claimed;
}

function resultOf(outcome: WriteOutcome, plan: Plan) {
  const { executionId } = outcome;
  switch (outcome.kind) {
    case "ok":
      return { to: "sent" as const, partId: partIn(outcome.value, plan), executionId, reason: null };
    case "not_executed":
    case "rejected": {
      const reason = `Nothing was sent: ${outcome.reason} ${outcome.next}`;
      return { to: "failed" as const, partId: null, executionId, reason };
    }
    case "unknown":
      return { to: "unknown" as const, partId: null, executionId, reason: outcome.reason };
  }
}

function partIn(conversation: JsonObject, plan: Plan): string | null {
  return newestPartBy(conversation, plan.approver.adminId);
}

/** Once the reply is out, a follow-up that failed does not bring the reply back to review. */
function outcomeOf(delivery: Delivery, underway: boolean): Outcome {
  const reason = delivery.reason ?? "It is being sent by another process.";
  switch (delivery.status) {
    case "stale":
      return underway ? { type: "incomplete", reason } : { type: "stale", reason };
    case "failed":
    case "skipped":
      return underway ? { type: "incomplete", reason } : { type: "failed", reason };
    case "queued":
    case "sending":
    case "sent":
    case "unknown":
      return { type: "unknown", reason };
  }
}

function requireSameActions(plan: Plan, deliveries: readonly Delivery[]): void {
  const approved = plan.actions.map((action) => digestOf(action));
  const same =
    deliveries.length === approved.length &&
    deliveries.every((delivery, position) => digestOf(delivery.action) === approved[position]);
  if (!same) {
    throw new DefectError(
      "delivery_altered",
      "The deliveries of this decision are not the actions that were approved. Nothing was sent.",
      "Run countersign audit verify and find out who changed the store.",
    );
  }
}
