import type { JsonObject } from "../../domain/json.ts";
import { authorObject, contactReference } from "./people.ts";
import type { Ticket, TicketPart, TicketState, TicketType, Workspace } from "./workspace.ts";
import { ticketStates } from "./workspace.ts";

const labels: Record<TicketState, { internal: string; external: string }> = {
  submitted: { internal: "Submitted", external: "Submitted" },
  in_progress: { internal: "In progress", external: "In progress" },
  waiting_on_customer: { internal: "Waiting on customer", external: "Waiting on you" },
  resolved: { internal: "Resolved", external: "Resolved" },
};

export function ticketObject(workspace: Workspace, ticket: Ticket): JsonObject {
  const type = workspace.ticketTypes.find(({ id }) => id === ticket.typeId);
  return {
    type: "ticket",
    id: ticket.id,
    ticket_id: ticket.ticketId,
    category: type?.category ?? "Customer",
    ticket_attributes: ticket.attributes,
    ticket_state: ticketStateObject(ticket.state),
    ticket_type: type ? ticketTypeObject(workspace, type) : null,
    contacts: {
      type: "contact.list",
      contacts: ticket.contactIds.map((id) => contactReference(workspace, id)),
    },
    admin_assignee_id: Number(ticket.adminAssigneeId ?? 0),
    team_assignee_id: Number(ticket.teamAssigneeId ?? 0),
    created_at: ticket.createdAt,
    updated_at: ticket.updatedAt,
    open: ticket.open,
    snoozed_until: ticket.snoozedUntil,
    linked_objects: linkedConversations(ticket),
    ticket_parts: {
      type: "ticket_part.list",
      ticket_parts: ticket.parts.map((part) => ({
        ...ticketPartObject(workspace, part),
        previous_ticket_state: part.previousState,
        ticket_state: part.state,
      })),
      total_count: ticket.parts.length,
    },
    is_shared: ticket.shared,
  };
}

export function ticketPartObject(workspace: Workspace, part: TicketPart): JsonObject {
  return {
    type: "ticket_part",
    id: part.id,
    part_type: part.type,
    body: part.body,
    created_at: part.createdAt,
    updated_at: part.createdAt,
    author: authorObject(workspace, part.author),
    attachments: [],
    redacted: false,
    app_package_code: null,
  };
}

export function ticketTypeObject(workspace: Workspace, type: TicketType): JsonObject {
  const attribute = (order: number, name: string, multiline: boolean) => ({
    type: "ticket_type_attribute",
    id: `${type.id}${order}`,
    workspace_id: workspace.idCode,
    name,
    description: "",
    data_type: "string",
    input_options: { multiline },
    order,
    required_to_create: false,
    required_to_create_for_contacts: false,
    visible_on_create: true,
    visible_to_contacts: true,
    default: true,
    ticket_type_id: Number(type.id),
    archived: false,
    created_at: type.createdAt,
    updated_at: type.createdAt,
  });
  return {
    type: "ticket_type",
    id: type.id,
    category: type.category,
    name: type.name,
    description: type.description,
    icon: "🎟️",
    workspace_id: workspace.idCode,
    is_internal: type.category !== "Customer",
    ticket_type_attributes: {
      type: "list",
      data: [attribute(0, "_default_title_", false), attribute(1, "_default_description_", true)],
    },
    ticket_states: { type: "list", data: ticketStates.map(ticketStateObject) },
    archived: false,
    created_at: type.createdAt,
    updated_at: type.createdAt,
  };
}

function ticketStateObject(state: TicketState): JsonObject {
  return {
    type: "ticket_state",
    id: String(8481 + ticketStates.indexOf(state)),
    category: state,
    internal_label: labels[state].internal,
    external_label: labels[state].external,
  };
}

function linkedConversations(ticket: Ticket): JsonObject {
  const data = ticket.conversationId ? [{ type: "conversation", id: ticket.conversationId }] : [];
  return { type: "list", data, total_count: data.length, has_more: false };
}
