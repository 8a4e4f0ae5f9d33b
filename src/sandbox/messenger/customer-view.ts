import { plainText } from "../intercom/html.ts";
import type { Actor, Contact, Conversation, Workspace } from "../intercom/workspace.ts";
import { OPERATOR_ID } from "../intercom/workspace.ts";

/** A message as the customer sees it: plain text, and links with their address. */
export interface Message {
  id: string;
  from: "customer" | "team" | "bot";
  name: string;
  text: string;
  /** Names of attached files. */
  attachments: string[];
  /** ISO 8601. */
  at: string;
}

/** A conversation as the customer sees it: without notes, assignments and whatever else the team keeps to itself. */
export interface CustomerView {
  id: string;
  subject: string | null;
  /** Whom the messenger plays: the conversation's first contact. */
  customer: string;
  state: Conversation["state"];
  messages: Message[];
}

export function customerView(workspace: Workspace, conversation: Conversation): CustomerView {
  const { source, parts, channel } = conversation;
  const opening = { ...source, type: "comment", createdAt: conversation.createdAt };
  const messages = [opening, ...parts].flatMap(({ id, type, body, author, attachments, createdAt }) => {
    const text = body === null ? "" : plainText(body);
    if (type === "note" || (text === "" && attachments.length === 0)) return [];
    const at = new Date(createdAt * 1000).toISOString();
    const files = attachments.map(({ name }) => name);
    return [{ id, from: sideOf(author), name: nameOf(workspace, author), text, attachments: files, at }];
  });
  return {
    id: conversation.id,
    subject: channel === "email" ? source.subject || conversation.title : null,
    customer: customerOf(workspace, conversation),
    // What the team does about the order of its work is no news to the customer.
    state: conversation.state === "snoozed" ? "open" : conversation.state,
    messages,
  };
}

export function customerOf(workspace: Workspace, { contactIds }: Conversation): string {
  return nameOfContact(workspace.contacts.find(({ id }) => id === contactIds[0]));
}

/** A visitor may have given no name, an empty one or nothing at all. */
export function nameOfContact(contact: Pick<Contact, "name" | "email"> | undefined): string {
  return [contact?.name, contact?.email].find((name) => name?.trim()) ?? "A visitor";
}

function sideOf({ type }: Actor): Message["from"] {
  if (type === "admin") return "team";
  return type === "bot" ? "bot" : "customer";
}

function nameOf(workspace: Workspace, author: Actor): string {
  const { id, type } = author;
  if (type === "bot") return author.name ?? (id === OPERATOR_ID ? "Operator" : "Bot");
  if (type === "admin") return workspace.admins.find((admin) => admin.id === id)?.name ?? workspace.name;
  return nameOfContact(workspace.contacts.find((contact) => contact.id === id));
}
