import type { Action, Plan } from "../domain/action.ts";
import type { ToolGateway, WriteOutcome } from "../tools/gateway.ts";

/** The tools that write. No other file sends anything to Intercom. */
export const writeTools = {
  reply: "intercom_reply_to_conversation",
  manage: "intercom_manage_conversation",
  tag: "intercom_attach_tag_to_conversation",
} as const;

/**
 * Makes one attempt at one action, under the approver's own connected account, and never a second: what it returns
 * as `unknown` may have been written. `deliveryId` travels along so that the attempt can be found later.
 */
export function send(
  gateway: ToolGateway,
  plan: Plan,
  action: Action,
  deliveryId: string,
): Promise<WriteOutcome> {
  return gateway.write(plan.approver, action.tool, action.arguments, { runId: deliveryId });
}
