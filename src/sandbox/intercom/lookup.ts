import { IntercomError, notFound } from "./errors.ts";
import type { Admin, Contact, Conversation, Ticket, TicketType, Workspace } from "./workspace.ts";

/** Finds what a call names, or answers as Intercom does when it is not there. */

/** A conversation the caller may not see is as if it were not there. */
export function findConversation(workspace: Workspace, caller: Admin, id: string): Conversation {
  const conversation = workspace.conversations.find((candidate) => candidate.id === id);
  if (!conversation || !maySee(caller, conversation)) throw notFound();
  return conversation;
}

/** A role can limit a teammate to the conversations that are with them or with one of their teams. */
export function maySee(caller: Admin, { adminAssigneeId, teamAssigneeId }: Conversation): boolean {
  if (caller.conversationAccess === "all" || adminAssigneeId === caller.id) return true;
  return teamAssigneeId !== null && caller.teamIds.includes(teamAssigneeId);
}

/** In the reply path `last` is Intercom's word for the conversation that moved last. */
export function findConversationOrLast(workspace: Workspace, caller: Admin, id: string): Conversation {
  if (id !== "last") return findConversation(workspace, caller, id);
  const [newest] = workspace.conversations
    .filter((conversation) => maySee(caller, conversation))
    .sort((left, right) => right.updatedAt - left.updatedAt);
  if (!newest) throw notFound();
  return newest;
}

export function findAdmin(workspace: Workspace, id: string): Admin {
  const admin = workspace.admins.find((candidate) => candidate.id === id);
  if (!admin) throw notFound("Admin not found", "admin_not_found");
  return admin;
}

export function findContact(workspace: Workspace, id: string): Contact {
  const contact = workspace.contacts.find((candidate) => candidate.id === id);
  if (!contact) throw notFound("User Not Found");
  return contact;
}

export function findTag(workspace: Workspace, id: string): { id: string; name: string } {
  const tag = workspace.tags.find((candidate) => candidate.id === id);
  if (!tag) throw notFound();
  return tag;
}

export function findTicket(workspace: Workspace, id: string): Ticket {
  const ticket = workspace.tickets.find((candidate) => candidate.id === id);
  if (!ticket) throw notFound("Ticket not found", "ticket_not_found");
  return ticket;
}

export function findTicketType(workspace: Workspace, id: string): TicketType {
  const type = workspace.ticketTypes.find((candidate) => candidate.id === id);
  if (!type) throw notFound("Ticket type not found", "ticket_type_not_found");
  return type;
}

/** Intercom checks the seat of the teammate whose token makes the call, and of nobody else. */
export function requireInboxSeat(caller: Admin): void {
  if (caller.hasInboxSeat) return;
  throw new IntercomError(403, "action_forbidden", "This teammate has no inbox seat and cannot assign");
}
