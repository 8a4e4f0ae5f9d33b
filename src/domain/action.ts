import { z } from "zod";
import { ConversationState, type Conversation } from "./conversation.ts";
import { htmlOf } from "./html.ts";
import { digestOf, Json, JsonObject } from "./json.ts";

/** One write: the tool and every argument it will be given, pinned in code. */
export const Action = z.object({
  kind: z.enum(["reply", "follow_up"]),
  tool: z.string(),
  arguments: JsonObject,
  /** What it does, in one line for the reviewer: "Public reply to Ana Silva, from Mina Park". */
  summary: z.string(),
});
export type Action = z.infer<typeof Action>;

/** What a plan rests on: the newest part, whether it was open and with whom, and the digest of every part read. */
export const Seen = z.object({
  lastPartId: z.string(),
  state: ConversationState,
  assigneeId: z.string().nullable(),
  digest: z.string(),
});
export type Seen = z.infer<typeof Seen>;

/**
 * Everything one approval covers: who acts, through which connected account, on which conversation as last seen, and
 * the writes in order. What a person approves is the digest of this.
 */
export const Plan = z.object({
  workspaceId: z.string(),
  conversationId: z.string().regex(/^\d+$/, "an Intercom conversation id has digits only"),
  approver: z.object({ identifier: z.string(), connectedAccountId: z.string(), adminId: z.string() }),
  /** The conversation as it was when the plan was made; any difference before the write makes the plan stale. */
  seen: Seen,
  actions: z.array(Action),
});
export type Plan = z.infer<typeof Plan>;

/** Digest of the whole plan, summaries included: what was shown is what is approved. */
export function planDigest(plan: Plan): string {
  return digestOf(Json.parse(plan));
}

/** A conversation as a plan remembers it. */
export function seenIn(conversation: Conversation): Seen {
  return {
    lastPartId: conversation.lastPartId,
    state: conversation.state,
    assigneeId: conversation.assigneeId,
    digest: digestOf(conversation.parts.map((part) => [part.id, part.text, part.redacted])),
  };
}

/** The plan with another reply text and only the follow-ups at the kept positions; nothing else can change. */
export function editPlan(plan: Plan, body: string, keptFollowUps: readonly number[] | undefined): Plan {
  const replies = plan.actions
    .filter((action) => action.kind === "reply")
    .map((action) => ({ ...action, arguments: { ...action.arguments, body: htmlOf(body) } }));
  const followUps = plan.actions
    .filter((action) => action.kind === "follow_up")
    .filter((_, position) => keptFollowUps?.includes(position) ?? true);
  return { ...plan, actions: [...replies, ...followUps] };
}
