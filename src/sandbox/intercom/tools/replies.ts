import { z } from "zod";
import {
  actorOf,
  addPart,
  assignConversation,
  closeConversation,
  openConversation,
  snoozeConversation,
} from "../changes.ts";
import { conversationObject } from "../conversation-objects.ts";
import { invalidParameter, missingParameter, notFound } from "../errors.ts";
import { storedHtml } from "../html.ts";
import { findAdmin, findConversation, findConversationOrLast, requireInboxSeat } from "../lookup.ts";
import { defineTool } from "../tool.ts";
import type { IntercomTool } from "../tool.ts";
import type { Part, Workspace } from "../workspace.ts";

/** What Intercom notes on parts that an API call made. */
const appPackageCode = "scalekit";

const replyToConversation = defineTool({
  description:
    "Reply to a conversation as an admin: a comment the customer reads, or an internal note. Returns the whole conversation.",
  parameters: {
    admin_id: "The id of the admin the reply is shown to come from.",
    conversation_id: 'The id of the conversation, or "last" for the one that moved last.',
    message_type: "comment for a public reply, note for an internal one.",
    type: "admin",
    body: "The text of the reply, as plain text or HTML.",
    created_at: "Optional time of the reply (UNIX timestamp).",
  },
  access: "write",
  input: z.object({
    admin_id: z.string(),
    conversation_id: z.string(),
    message_type: z.string(),
    type: z.string(),
    body: z.string().optional(),
    created_at: z.number().int().optional(),
  }),
  run: ({ workspace, now, caller }, input) => {
    const conversation = findConversationOrLast(workspace, caller, input.conversation_id);
    if (input.type === "user") throw missingParameter("intercom_user_id, user_id or email is required");
    if (input.type !== "admin") throw invalidParameter("type must be admin or user");
    if (input.message_type !== "comment" && input.message_type !== "note") {
      throw invalidParameter("message_type must be comment or note");
    }
    const admin = findAdmin(workspace, input.admin_id);
    if (input.body === undefined || input.body.trim() === "") throw missingParameter("body is required");
    if (input.created_at !== undefined && input.created_at > now + 60) {
      throw invalidParameter("created_at cannot be in the future");
    }
    addPart(workspace, conversation, {
      type: input.message_type,
      author: actorOf(admin),
      at: input.created_at ?? now,
      body: storedHtml(input.body),
      appPackageCode,
    });
    conversation.updatedAt = now;
    return conversationObject(workspace, conversation);
  },
});

const manageConversation = defineTool({
  description:
    "Close, open, snooze or assign a conversation as an admin. A body given with it is posted in the conversation. Returns the whole conversation.",
  parameters: {
    admin_id: "The id of the admin who does it.",
    conversation_id: "The id of the conversation.",
    message_type: "close, open, snoozed or assignment.",
    type: "admin, or team when assigning to a team.",
    assignee_id: "For an assignment: the id of the admin or team; 0 for nobody.",
    body: "Optional message posted with it.",
    snoozed_until: "For snoozed: the time it opens again (UNIX timestamp).",
  },
  access: "write",
  input: z.object({
    admin_id: z.string(),
    conversation_id: z.string(),
    message_type: z.string(),
    type: z.string(),
    assignee_id: z.string().optional(),
    body: z.string().optional(),
    snoozed_until: z.number().int().optional(),
  }),
  run: ({ workspace, now, caller }, input) => {
    const conversation = findConversation(workspace, caller, input.conversation_id);
    const change = { author: actorOf(findAdmin(workspace, input.admin_id)), at: now, appPackageCode };
    const body = input.body === undefined || input.body.trim() === "" ? null : storedHtml(input.body);
    if (input.message_type !== "assignment" && input.type !== "admin")
      throw invalidParameter("type must be admin");
    switch (input.message_type) {
      case "close":
        closeConversation(workspace, conversation, { ...change, body });
        break;
      case "open":
        openConversation(workspace, conversation, change);
        break;
      case "snoozed":
        if (input.snoozed_until === undefined) throw missingParameter("snoozed_until is required");
        if (input.snoozed_until <= now) throw invalidParameter("snoozed_until must be in the future");
        snoozeConversation(workspace, conversation, { ...change, until: input.snoozed_until });
        break;
      case "assignment":
        requireInboxSeat(caller);
        assignConversation(workspace, conversation, { ...change, body, to: assignee(workspace, input) });
        break;
      default:
        throw invalidParameter("message_type must be assignment, close, open or snoozed");
    }
    return conversationObject(workspace, conversation);
  },
});

const updateConversation = defineTool({
  description: "Change whether a conversation is read, or its custom attributes. Returns the conversation.",
  parameters: {
    conversation_id: "The id of the conversation.",
    read: "Whether it is marked as read.",
    custom_attributes: "Custom attributes to set, by name; null takes one away.",
  },
  access: "write",
  input: z.object({
    conversation_id: z.string(),
    read: z.boolean().optional(),
    custom_attributes: z.record(z.string(), z.json()).optional(),
  }),
  run: ({ workspace, now, caller }, input) => {
    const conversation = findConversation(workspace, caller, input.conversation_id);
    if (input.read !== undefined) conversation.read = input.read;
    for (const [name, value] of Object.entries(input.custom_attributes ?? {})) {
      conversation.customAttributes[name] = value;
      addPart(workspace, conversation, {
        type: "conversation_attribute_updated_by_admin",
        author: actorOf(caller),
        at: now,
        eventDetails: {
          attribute: { name },
          value: { name: typeof value === "string" ? value : JSON.stringify(value) },
        },
        appPackageCode,
      });
    }
    conversation.updatedAt = now;
    return conversationObject(workspace, conversation);
  },
});

export const replyTools: Readonly<Record<string, IntercomTool>> = {
  intercom_reply_to_conversation: replyToConversation,
  intercom_manage_conversation: manageConversation,
  intercom_update_conversation: updateConversation,
};

function assignee(
  workspace: Workspace,
  input: { type: string; assignee_id?: string | undefined },
): NonNullable<Part["assignedTo"]> {
  const id = input.assignee_id;
  if (id === undefined) throw missingParameter("assignee_id is required");
  if (input.type !== "admin" && input.type !== "team") throw invalidParameter("type must be admin or team");
  if (id === "0") return { type: "nobody", id };
  const candidates = input.type === "admin" ? workspace.admins : workspace.teams;
  if (!candidates.some((candidate) => candidate.id === id)) {
    throw notFound("Assignee not found", "assignee_not_found");
  }
  return { type: input.type, id };
}
