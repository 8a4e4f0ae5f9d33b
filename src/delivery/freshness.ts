import type { Plan } from "../domain/action.ts";
import { changeByOthers, changeSince } from "../domain/change.ts";
import type { Refusal, ToolGateway } from "../tools/gateway.ts";
import { readConversation } from "../tools/conversations.ts";
import { identifyTeammate } from "../tools/intercom.ts";

export type Freshness = { fresh: true } | { fresh: false; to: "stale" | "failed"; reason: string };

/**
 * Asks Intercom, as the approver and right now, whether the plan still fits: the same connected account, the same
 * person, the same conversation. `underway` is true once an action of the plan has been sent; then only what others
 * did since counts. What cannot be confirmed is refused.
 */
export async function checkFreshness(
  gateway: ToolGateway,
  plan: Plan,
  underway: boolean,
): Promise<Freshness> {
  const account = await gateway.findAccount(plan.approver.identifier);
  if (account.kind !== "ok") return failed(account);
  if (account.value?.id !== plan.approver.connectedAccountId || account.value.status !== "active") {
    return notSent(
      "your Intercom connection is no longer the one this was approved under. Connect Intercom again",
    );
  }
  const [person, conversation] = await Promise.all([
    identifyTeammate(gateway, plan.approver, "delivery"),
    readConversation(gateway, plan.approver, plan.conversationId, "delivery"),
  ]);
  if (person.kind !== "ok") return failed(person);
  if (conversation.kind !== "ok") return failed(conversation);
  if (person.value.adminId !== plan.approver.adminId || person.value.workspaceId !== plan.workspaceId) {
    return notSent("your Intercom connection now belongs to another teammate or workspace");
  }
  const change = underway ? changeByOthers(plan, conversation.value) : changeSince(plan, conversation.value);
  return change === null ? { fresh: true } : { fresh: false, to: "stale", reason: change };
}

function failed(refusal: Refusal): Freshness {
  return { fresh: false, to: "failed", reason: `Nothing was sent: ${refusal.reason} ${refusal.next}` };
}

function notSent(reason: string): Freshness {
  return { fresh: false, to: "failed", reason: `Nothing was sent: ${reason}.` };
}
