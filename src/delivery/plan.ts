import { seenIn, type Action, type Plan } from "../domain/action.ts";
import type { Contact, Conversation } from "../domain/conversation.ts";
import type { Draft, FollowUp } from "../domain/draft.ts";
import { htmlOf } from "../domain/html.ts";
import type { JsonObject } from "../domain/json.ts";
import type { Teammate } from "../domain/teammate.ts";
import { writeTools } from "./send.ts";

export interface PlanRequest {
  draft: Draft;
  conversation: Conversation;
  contact: Contact | null;
  teammate: Teammate;
  /** When the plan is made; snoozing counts from here. */
  at: Date;
}

/**
 * Turns a draft into the exact writes an approval would cover. Only the body comes from the draft's text: the
 * conversation, the author, the tool and every other argument are set here.
 */
export function planWrites(request: PlanRequest): Plan {
  const { draft, conversation, teammate } = request;
  const reply = draft.body.trim() === "" ? [] : [replyAction(request)];
  return {
    workspaceId: teammate.workspaceId,
    conversationId: conversation.id,
    approver: {
      identifier: teammate.identifier,
      connectedAccountId: teammate.connectedAccountId,
      adminId: teammate.adminId,
    },
    seen: seenIn(conversation),
    actions: [...reply, ...draft.followUps.map((followUp) => followUpAction(followUp, request))],
  };
}

function replyAction({ draft, conversation, contact, teammate }: PlanRequest): Action {
  const customer = contact?.name ?? "the customer";
  return {
    kind: "reply",
    tool: writeTools.reply,
    arguments: { ...pinned(conversation, teammate), message_type: draft.channel, body: htmlOf(draft.body) },
    summary:
      draft.channel === "comment"
        ? `Public reply to ${customer}, from ${teammate.name}`
        : `Internal note for the team, from ${teammate.name}; the customer sees nothing`,
  };
}

function followUpAction(followUp: FollowUp, { conversation, teammate, at }: PlanRequest): Action {
  const target = pinned(conversation, teammate);
  switch (followUp.type) {
    case "close":
      return manage({ ...target, message_type: "close" }, "Close the conversation");
    case "snooze": {
      const until = Math.floor(at.getTime() / 1000) + followUp.hours * 3600;
      return manage(
        { ...target, message_type: "snoozed", snoozed_until: until },
        `Snooze the conversation for ${followUp.hours} hours`,
      );
    }
    case "assign":
      return manage(
        { ...target, type: followUp.to, message_type: "assignment", assignee_id: followUp.id },
        `Assign the conversation to ${followUp.name}`,
      );
    case "tag":
      return {
        kind: "follow_up",
        tool: writeTools.tag,
        arguments: { admin_id: teammate.adminId, conversation_id: conversation.id, id: followUp.id },
        summary: `Tag the conversation “${followUp.name}”`,
      };
    case "note":
      return {
        kind: "follow_up",
        tool: writeTools.reply,
        arguments: { ...target, message_type: "note", body: htmlOf(followUp.body) },
        summary: `Internal note: ${followUp.body}`,
      };
  }
}

function manage(input: JsonObject, summary: string): Action {
  return { kind: "follow_up", tool: writeTools.manage, arguments: input, summary };
}

function pinned(conversation: Conversation, teammate: Teammate) {
  return { conversation_id: conversation.id, admin_id: teammate.adminId, type: "admin" };
}
