import { z } from "zod";
import { IntercomError, invalidParameter, missingParameter, notFound } from "../errors.ts";
import { storedHtml } from "../html.ts";
import {
  findAdmin,
  findContact,
  findConversation,
  findTicket,
  findTicketType,
  requireInboxSeat,
} from "../lookup.ts";
import { addTicketPart, newTicket } from "../ticket-changes.ts";
import { ticketObject, ticketPartObject } from "../ticket-objects.ts";
import { defineTool } from "../tool.ts";
import type { IntercomTool } from "../tool.ts";
import type { Actor, Ticket, Workspace } from "../workspace.ts";
import { TicketState } from "../workspace.ts";

const JsonRecord = z.record(z.string(), z.json());

const createTicket = defineTool({
  description: "Create a ticket for one or more contacts. Returns the ticket.",
  parameters: {
    ticket_type_id: "The id of the ticket type.",
    contacts: 'Who it is for: [{"id"}], or with "external_id" or "email" instead.',
    ticket_attributes: "Attributes by name; _default_title_ and _default_description_ are always there.",
  },
  access: "write",
  input: z.object({
    ticket_type_id: z.string(),
    contacts: z.array(JsonRecord).min(1),
    company_id: z.string().optional(),
    created_at: z.number().int().optional(),
    ticket_attributes: JsonRecord.optional(),
  }),
  run: ({ workspace, now, caller }, input) => {
    const type = findTicketType(workspace, input.ticket_type_id);
    const contactIds = input.contacts.map((reference) => contactIdOf(workspace, reference));
    const ticket = newTicket(workspace, { typeId: type.id, contactIds, at: input.created_at ?? now });
    ticket.shared = type.category === "Customer";
    ticket.attributes = { _default_title_: null, _default_description_: null, ...input.ticket_attributes };
    addTicketPart(workspace, ticket, {
      type: "ticket_state_updated_by_admin",
      author: adminActor(caller.id),
      at: now,
    });
    return ticketObject(workspace, ticket);
  },
});

const convertConversation = defineTool({
  description: "Turn a conversation into a ticket of a customer ticket type. Returns the ticket.",
  parameters: {
    conversation_id: "The id of the conversation.",
    ticket_type_id: "The id of a ticket type of the category Customer.",
  },
  access: "write",
  input: z.object({ conversation_id: z.string(), ticket_type_id: z.string() }),
  run: ({ workspace, now, caller }, input) => {
    const conversation = findConversation(workspace, caller, input.conversation_id);
    const type = findTicketType(workspace, input.ticket_type_id);
    if (type.category !== "Customer") throw invalidParameter("Ticket type is not a customer ticket type");
    if (conversation.ticketId !== null) throw invalidParameter("Conversation is already a ticket");
    const { contactIds, createdAt } = conversation;
    const ticket = newTicket(workspace, { typeId: type.id, contactIds, at: createdAt });
    ticket.shared = true;
    ticket.conversationId = conversation.id;
    ticket.adminAssigneeId = conversation.adminAssigneeId;
    ticket.teamAssigneeId = conversation.teamAssigneeId;
    const { source } = conversation;
    addTicketPart(workspace, ticket, {
      type: "comment",
      author: source.author,
      at: createdAt,
      body: source.body,
    });
    addTicketPart(workspace, ticket, {
      type: "ticket_state_updated_by_admin",
      author: adminActor(caller.id),
      at: now,
    });
    conversation.ticketId = ticket.id;
    conversation.updatedAt = now;
    return ticketObject(workspace, ticket);
  },
});

const replyToTicket = defineTool({
  description:
    "Reply to a ticket as an admin: a comment the customer reads, or an internal note. Returns the part.",
  parameters: {
    admin_id: "The id of the admin the reply is shown to come from.",
    ticket_id: "The id of the ticket.",
    message_type: "comment or note.",
    type: "admin",
    body: "The text, as plain text or HTML.",
  },
  access: "write",
  input: z.object({
    admin_id: z.string(),
    ticket_id: z.string(),
    message_type: z.string(),
    type: z.string(),
    body: z.string().optional(),
  }),
  run: ({ workspace, now }, input) => {
    const ticket = findTicket(workspace, input.ticket_id);
    const category = findTicketType(workspace, ticket.typeId).category;
    if (input.type === "user" && category === "Back-office") {
      throw new IntercomError(
        400,
        "parameter_mismatch",
        "User replies are not allowed on Backoffice tickets",
      );
    }
    if (input.type === "user") throw missingParameter("intercom_user_id, user_id or email is required");
    if (input.type !== "admin") throw invalidParameter("type must be admin or user");
    if (input.message_type !== "comment" && input.message_type !== "note") {
      throw invalidParameter("message_type must be comment or note");
    }
    const admin = findAdmin(workspace, input.admin_id);
    if (input.body === undefined || input.body.trim() === "") throw missingParameter("body is required");
    const author = adminActor(admin.id);
    const body = storedHtml(input.body);
    return ticketPartObject(
      workspace,
      addTicketPart(workspace, ticket, { type: input.message_type, author, at: now, body }),
    );
  },
});

const updateTicket = defineTool({
  description: "Change a ticket's state, attributes, assignment or visibility. Returns the ticket.",
  parameters: {
    ticket_id: "The id of the ticket.",
    state: "submitted, in_progress, waiting_on_customer or resolved.",
    assignment: '{"admin_id", "assignee_id"}: who assigns, and the admin or team it goes to.',
    ticket_attributes: "Attributes to set, by name.",
    is_shared: "Whether the customer sees it.",
    open: "Whether it is open.",
    snoozed_until: "When it opens again (UNIX timestamp).",
  },
  access: "write",
  input: z.object({
    ticket_id: z.string(),
    state: z.string().optional(),
    assignment: JsonRecord.optional(),
    ticket_attributes: JsonRecord.optional(),
    is_shared: z.boolean().optional(),
    open: z.boolean().optional(),
    snoozed_until: z.number().int().optional(),
  }),
  run: ({ workspace, now, caller }, input) => {
    const ticket = findTicket(workspace, input.ticket_id);
    const state = input.state === undefined ? ticket.state : TicketState.safeParse(input.state).data;
    if (state === undefined) throw invalidParameter("state is not a valid ticket state");
    if (input.assignment !== undefined) {
      requireInboxSeat(caller);
      assignTicket(workspace, ticket, input.assignment);
    }
    Object.assign(ticket.attributes, input.ticket_attributes ?? {});
    ticket.shared = input.is_shared ?? ticket.shared;
    ticket.open = input.open ?? (state === "resolved" ? false : ticket.open);
    ticket.snoozedUntil = input.snoozed_until ?? ticket.snoozedUntil;
    ticket.updatedAt = now;
    if (state !== ticket.state) {
      const part = { type: "ticket_state_updated_by_admin", author: adminActor(caller.id), at: now, state };
      addTicketPart(workspace, ticket, part);
    }
    return ticketObject(workspace, ticket);
  },
});

export const ticketWriteTools: Readonly<Record<string, IntercomTool>> = {
  intercom_create_ticket: createTicket,
  intercom_convert_conversation_to_ticket: convertConversation,
  intercom_reply_to_ticket: replyToTicket,
  intercom_update_ticket: updateTicket,
};

function assignTicket(workspace: Workspace, ticket: Ticket, assignment: z.infer<typeof JsonRecord>): void {
  findAdmin(workspace, textOf(assignment.admin_id) ?? "");
  const id = textOf(assignment.assignee_id);
  if (id === null) throw missingParameter("assignment.assignee_id is required");
  if (workspace.teams.some((team) => team.id === id)) ticket.teamAssigneeId = id;
  else if (workspace.admins.some((admin) => admin.id === id)) ticket.adminAssigneeId = id;
  else if (id === "0") ticket.adminAssigneeId = null;
  else throw notFound("Assignee not found", "assignee_not_found");
}

function contactIdOf(workspace: Workspace, reference: z.infer<typeof JsonRecord>): string {
  const id = textOf(reference.id);
  if (id !== null) return findContact(workspace, id).id;
  const found = workspace.contacts.find(
    ({ externalId, email }) =>
      (externalId !== null && externalId === textOf(reference.external_id)) ||
      (email !== null && email === textOf(reference.email)),
  );
  if (!found) throw notFound("User Not Found");
  return found.id;
}

function adminActor(id: string): Actor {
  return { type: "admin", id };
}

function textOf(value: z.infer<typeof JsonRecord>[string] | undefined): string | null {
  return typeof value === "string" || typeof value === "number" ? String(value) : null;
}
