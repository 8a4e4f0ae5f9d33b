import { z } from "zod";
import type { JsonObject } from "../../../domain/json.ts";
import { notFound } from "../errors.ts";
import { findAdmin, findContact, findConversation, findTag, findTicket } from "../lookup.ts";
import { appliedTagObject, tagObject } from "../people.ts";
import { defineTool } from "../tool.ts";
import type { IntercomTool } from "../tool.ts";
import type { Contact, Workspace } from "../workspace.ts";

type Tagged = Pick<Contact, "tags" | "updatedAt">;

const listTags = defineTool({
  description: "List all tags of the workspace.",
  access: "read",
  input: z.object({}),
  run: ({ workspace }) => ({ type: "list", data: workspace.tags.map(tagObject) }),
});

const retrieveTag = defineTool({
  description: "Retrieve one tag.",
  parameters: { tag_id: "The id of the tag." },
  access: "read",
  input: z.object({ tag_id: z.string() }),
  run: ({ workspace }, { tag_id }) => tagObject(findTag(workspace, tag_id)),
});

const attachToConversation = defineTool({
  description: "Put a tag on a conversation. Returns the tag.",
  parameters: {
    admin_id: "The id of the admin who tags.",
    conversation_id: "The id of the conversation.",
    id: "The id of the tag.",
  },
  access: "write",
  input: z.object({ admin_id: z.string(), conversation_id: z.string(), id: z.string() }),
  run: ({ workspace, now, caller }, input) => {
    const conversation = findConversation(workspace, caller, input.conversation_id);
    return attach(workspace, conversation, input.id, input.admin_id, now);
  },
});

const detachFromConversation = defineTool({
  description: "Take a tag off a conversation. Returns the tag.",
  parameters: {
    admin_id: "The id of the admin who takes it off.",
    conversation_id: "The id of the conversation.",
    tag_id: "The id of the tag.",
  },
  access: "write",
  input: z.object({ admin_id: z.string(), conversation_id: z.string(), tag_id: z.string() }),
  run: ({ workspace, now, caller }, input) => {
    const conversation = findConversation(workspace, caller, input.conversation_id);
    return detach(workspace, conversation, input.tag_id, input.admin_id, now);
  },
});

const attachToTicket = defineTool({
  description: "Put a tag on a ticket. Returns the tag.",
  parameters: {
    admin_id: "The id of the admin who tags.",
    ticket_id: "The id of the ticket.",
    id: "The id of the tag.",
  },
  access: "write",
  input: z.object({ admin_id: z.string(), ticket_id: z.string(), id: z.string() }),
  run: ({ workspace, now }, input) =>
    attach(workspace, findTicket(workspace, input.ticket_id), input.id, input.admin_id, now),
});

const detachFromTicket = defineTool({
  description: "Take a tag off a ticket. Returns the tag.",
  parameters: {
    admin_id: "The id of the admin who takes it off.",
    ticket_id: "The id of the ticket.",
    tag_id: "The id of the tag.",
  },
  access: "write",
  input: z.object({ admin_id: z.string(), ticket_id: z.string(), tag_id: z.string() }),
  run: ({ workspace, now }, input) =>
    detach(workspace, findTicket(workspace, input.ticket_id), input.tag_id, input.admin_id, now),
});

const attachToContact = defineTool({
  description: "Put a tag on a contact. Returns the tag.",
  parameters: { contact_id: "The id of the contact.", id: "The id of the tag." },
  access: "write",
  input: z.object({ contact_id: z.string(), id: z.string() }),
  run: ({ workspace, now, caller }, input) =>
    attach(workspace, findContact(workspace, input.contact_id), input.id, caller.id, now),
});

const detachFromContact = defineTool({
  description: "Take a tag off a contact. Returns the tag.",
  parameters: { contact_id: "The id of the contact.", tag_id: "The id of the tag." },
  access: "write",
  input: z.object({ contact_id: z.string(), tag_id: z.string() }),
  run: ({ workspace, now, caller }, input) =>
    detach(workspace, findContact(workspace, input.contact_id), input.tag_id, caller.id, now),
});

export const tagTools: Readonly<Record<string, IntercomTool>> = {
  intercom_list_tags: listTags,
  intercom_retrieve_tag: retrieveTag,
  intercom_attach_tag_to_conversation: attachToConversation,
  intercom_detach_tag_from_conversation: detachFromConversation,
  intercom_attach_tag_to_ticket: attachToTicket,
  intercom_detach_tag_from_ticket: detachFromTicket,
  intercom_attach_tag_to_contact: attachToContact,
  intercom_detach_tag_from_contact: detachFromContact,
};

function attach(
  workspace: Workspace,
  target: Tagged,
  tagId: string,
  adminId: string,
  now: number,
): JsonObject {
  findTag(workspace, tagId);
  const admin = findAdmin(workspace, adminId);
  const present = target.tags.find(({ id }) => id === tagId);
  if (present) return appliedTagObject(workspace, present);
  const tagging = { id: tagId, appliedAt: now, appliedBy: { type: "admin" as const, id: admin.id } };
  target.tags.push(tagging);
  target.updatedAt = now;
  return appliedTagObject(workspace, tagging);
}

function detach(
  workspace: Workspace,
  target: Tagged,
  tagId: string,
  adminId: string,
  now: number,
): JsonObject {
  findAdmin(workspace, adminId);
  const tagging = target.tags.find(({ id }) => id === tagId);
  if (!tagging) throw notFound("Tag not found", "tag_not_found");
  target.tags = target.tags.filter(({ id }) => id !== tagId);
  target.updatedAt = now;
  return appliedTagObject(workspace, tagging);
}
