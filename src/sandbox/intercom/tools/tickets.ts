import { z } from "zod";
import { findTicket, findTicketType } from "../lookup.ts";
import { pageByCursor, paginationOf } from "../paging.ts";
import type { Field } from "../search.ts";
import { compileQuery } from "../search.ts";
import { ticketObject, ticketTypeObject } from "../ticket-objects.ts";
import { defineTool } from "../tool.ts";
import type { IntercomTool } from "../tool.ts";
import type { Ticket, Workspace } from "../workspace.ts";

const JsonRecord = z.record(z.string(), z.json());

const searchTickets = defineTool({
  description: "Search tickets by their attributes (state, type, contact, assignee, title, dates).",
  parameters: {
    query:
      'A filter {"field", "operator", "value"} or a group {"operator": "AND"|"OR", "value": [filters]}. At most 2 levels of groups and 15 filters in each.',
    pagination: 'Optional {"per_page": 1 to 150, "starting_after": cursor}.',
  },
  access: "read",
  input: z.object({ query: JsonRecord, pagination: JsonRecord.optional() }),
  run: ({ workspace }, { query, pagination }) => {
    const matches = compileQuery(query, { field: (name) => fieldOf(workspace, name) });
    const page = pageByCursor(
      workspace.tickets.filter(matches),
      ({ updatedAt, id }) => [updatedAt, id],
      paginationOf(pagination, { standard: 20, most: 150 }),
    );
    return {
      type: "ticket.list",
      pages: page.pages,
      total_count: page.total,
      tickets: page.items.map((ticket) => ticketObject(workspace, ticket)),
    };
  },
});

const retrieveTicket = defineTool({
  description: "Retrieve one ticket by its id, which is not the number people see (ticket_id).",
  parameters: { ticket_id: "The id of the ticket." },
  access: "read",
  input: z.object({ ticket_id: z.string() }),
  run: ({ workspace }, { ticket_id }) => ticketObject(workspace, findTicket(workspace, ticket_id)),
});

const listTicketTypes = defineTool({
  description: "List the ticket types of the workspace.",
  access: "read",
  input: z.object({}),
  run: ({ workspace }) => ({
    type: "list",
    data: workspace.ticketTypes.map((type) => ticketTypeObject(workspace, type)),
  }),
});

const retrieveTicketType = defineTool({
  description: "Retrieve one ticket type.",
  parameters: { ticket_type_id: "The id of the ticket type." },
  access: "read",
  input: z.object({ ticket_type_id: z.string() }),
  run: ({ workspace }, { ticket_type_id }) =>
    ticketTypeObject(workspace, findTicketType(workspace, ticket_type_id)),
});

export const ticketTools: Readonly<Record<string, IntercomTool>> = {
  intercom_search_tickets: searchTickets,
  intercom_retrieve_ticket: retrieveTicket,
  intercom_list_ticket_types: listTicketTypes,
  intercom_retrieve_ticket_type: retrieveTicketType,
};

const fields: Readonly<Record<string, Field<Ticket>>> = {
  id: { type: "string", values: ({ id }) => [id] },
  created_at: { type: "date", values: ({ createdAt }) => [createdAt] },
  updated_at: { type: "date", values: ({ updatedAt }) => [updatedAt] },
  snoozed_until: { type: "date", values: ({ snoozedUntil }) => [snoozedUntil] },
  ticket_type_id: { type: "string", values: ({ typeId }) => [typeId] },
  contact_ids: { type: "string", values: ({ contactIds }) => contactIds },
  admin_assignee_id: { type: "string", values: ({ adminAssigneeId }) => [adminAssigneeId ?? "0"] },
  team_assignee_id: { type: "string", values: ({ teamAssigneeId }) => [teamAssigneeId ?? "0"] },
  teammate_ids: { type: "string", values: ({ parts }) => parts.map(({ author }) => author.id) },
  open: { type: "boolean", values: ({ open }) => [open] },
  state: { type: "string", values: ({ state }) => [state] },
  title: { type: "string", values: ({ attributes }) => [textOf(attributes._default_title_)] },
  description: { type: "string", values: ({ attributes }) => [textOf(attributes._default_description_)] },
};

function fieldOf(workspace: Workspace, name: string): Field<Ticket> | undefined {
  if (name !== "category") return fields[name];
  return {
    type: "string",
    values: ({ typeId }) => [workspace.ticketTypes.find(({ id }) => id === typeId)?.category ?? null],
  };
}

function textOf(value: z.infer<typeof JsonRecord>[string] | undefined): string | null {
  return typeof value === "string" || typeof value === "number" ? String(value) : null;
}
