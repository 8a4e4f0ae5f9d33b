import type { Actor, Ticket, TicketPart, TicketState, Workspace } from "./workspace.ts";
import { takeId } from "./workspace.ts";

/** A ticket in its first state, with the next number people see. */
export function newTicket(
  workspace: Workspace,
  ticket: { typeId: string; contactIds: string[]; at: number },
): Ticket {
  const numbers = workspace.tickets.map(({ ticketId }) => Number(ticketId)).filter(Number.isSafeInteger);
  const created: Ticket = {
    id: takeId(workspace),
    ticketId: String(Math.max(0, ...numbers) + 1),
    typeId: ticket.typeId,
    contactIds: [...ticket.contactIds],
    conversationId: null,
    state: "submitted",
    attributes: {},
    adminAssigneeId: null,
    teamAssigneeId: null,
    open: true,
    shared: false,
    snoozedUntil: null,
    tags: [],
    createdAt: ticket.at,
    updatedAt: ticket.at,
    parts: [],
  };
  workspace.tickets.push(created);
  return created;
}

/** The only way a ticket's part comes to be; with a state, the ticket moves to it. */
export function addTicketPart(
  workspace: Workspace,
  ticket: Ticket,
  part: { type: string; author: Actor; at: number; body?: string; state?: TicketState },
): TicketPart {
  const previousState = ticket.state;
  ticket.state = part.state ?? ticket.state;
  ticket.updatedAt = Math.max(ticket.updatedAt, part.at);
  const added: TicketPart = {
    id: takeId(workspace),
    type: part.type,
    body: part.body ?? null,
    state: ticket.state,
    previousState,
    author: part.author,
    createdAt: part.at,
  };
  ticket.parts.push(added);
  return added;
}
