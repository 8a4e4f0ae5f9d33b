import { paragraphsOf } from "./html.ts";
import type { Actor, Admin, Contact, Conversation, Part, Workspace } from "./workspace.ts";
import { OPERATOR_ID, takeId } from "./workspace.ts";

/** The only way a part comes to be: with the next id, and with everything of the conversation that follows from it. */
export function addPart(
  workspace: Workspace,
  conversation: Conversation,
  part: {
    type: string;
    author: Actor;
    at: number;
    body?: string | null;
    attachments?: Part["attachments"];
    assignedTo?: Part["assignedTo"];
    eventDetails?: Part["eventDetails"];
    /** `countersign-sandbox` for a part an API call made; null for one made by hand. */
    appPackageCode?: string | null;
  },
): Part {
  const added: Part = {
    id: takeId(workspace),
    type: part.type,
    body: part.body ?? null,
    author: part.author,
    assignedTo: part.assignedTo ?? null,
    attachments: part.attachments ?? [],
    eventDetails: part.eventDetails ?? null,
    state: conversation.state,
    redacted: false,
    appPackageCode: part.appPackageCode ?? null,
    createdAt: part.at,
    updatedAt: part.at,
  };
  conversation.parts.push(added);
  conversation.updatedAt = Math.max(conversation.updatedAt, part.at);
  const { author } = added;
  if (author.type === "user" || author.type === "lead") {
    conversation.waitingSince ??= part.at;
    conversation.read = false;
    const contact = workspace.contacts.find(({ id }) => id === author.id);
    if (contact) {
      contact.lastRepliedAt = part.at;
      contact.lastSeenAt = part.at;
    }
  } else if (author.type === "admin" && added.body !== null && part.type !== "note") {
    conversation.waitingSince = null;
    conversation.read = true;
    for (const contact of workspace.contacts) {
      if (conversation.contactIds.includes(contact.id)) contact.lastContactedAt = part.at;
    }
  }
  return added;
}

export function closeConversation(
  workspace: Workspace,
  conversation: Conversation,
  change: { author: Actor; at: number; body?: string | null; appPackageCode?: string | null },
): Part {
  conversation.state = "closed";
  conversation.snoozedUntil = null;
  conversation.waitingSince = null;
  return addPart(workspace, conversation, { type: "close", ...change });
}

export function openConversation(
  workspace: Workspace,
  conversation: Conversation,
  change: { author: Actor; at: number; appPackageCode?: string | null },
): Part {
  conversation.state = "open";
  conversation.snoozedUntil = null;
  return addPart(workspace, conversation, { type: "open", ...change });
}

export function snoozeConversation(
  workspace: Workspace,
  conversation: Conversation,
  change: { author: Actor; at: number; until: number; appPackageCode?: string | null },
): Part {
  const { until, ...part } = change;
  conversation.state = "snoozed";
  conversation.snoozedUntil = until;
  return addPart(workspace, conversation, { type: "snoozed", ...part });
}

/** Assigns to a teammate, a team or nobody. Assigning reopens: Intercom then calls the part `assign_and_reopen`. */
export function assignConversation(
  workspace: Workspace,
  conversation: Conversation,
  change: {
    author: Actor;
    at: number;
    to: NonNullable<Part["assignedTo"]>;
    body?: string | null;
    appPackageCode?: string | null;
  },
): Part {
  const { to, ...part } = change;
  const reopens = conversation.state !== "open";
  if (to.type === "nobody") {
    conversation.adminAssigneeId = null;
    conversation.teamAssigneeId = null;
  } else if (to.type === "admin") {
    conversation.adminAssigneeId = to.id;
  } else {
    conversation.teamAssigneeId = to.id;
    const assignee = workspace.admins.find(({ id }) => id === conversation.adminAssigneeId);
    if (!assignee?.teamIds.includes(to.id)) conversation.adminAssigneeId = null;
  }
  conversation.state = "open";
  conversation.snoozedUntil = null;
  return addPart(workspace, conversation, {
    type: reopens ? "assign_and_reopen" : "assignment",
    assignedTo: to,
    ...part,
  });
}

/**
 * A customer's message. In a closed or snoozed conversation it is stored as a part of type `open` that carries the words,
 * the way Intercom does it.
 */
export function receiveMessage(
  workspace: Workspace,
  conversation: Conversation,
  message: { contact: Contact; body: string; attachments?: Part["attachments"]; at: number },
): Part {
  const reopens = conversation.state !== "open";
  conversation.state = "open";
  conversation.snoozedUntil = null;
  return addPart(workspace, conversation, {
    type: reopens ? "open" : "comment",
    author: { type: message.contact.role, id: message.contact.id },
    at: message.at,
    body: paragraphsOf(message.body),
    ...(message.attachments && { attachments: message.attachments }),
  });
}

/** A conversation a customer begins. */
export function beginConversation(
  workspace: Workspace,
  message: { contact: Contact; body: string; subject: string | null; at: number },
): Conversation {
  const conversation: Conversation = {
    id: takeId(workspace),
    title: message.subject,
    channel: message.subject === null ? "conversation" : "email",
    state: "open",
    snoozedUntil: null,
    waitingSince: message.at,
    priority: false,
    read: false,
    adminAssigneeId: null,
    teamAssigneeId: null,
    contactIds: [message.contact.id],
    tags: [],
    customAttributes: {},
    rating: null,
    ticketId: null,
    createdAt: message.at,
    updatedAt: message.at,
    source: {
      id: takeId(workspace),
      subject: message.subject ?? "",
      body: paragraphsOf(message.body),
      author: { type: message.contact.role, id: message.contact.id },
      attachments: [],
      redacted: false,
    },
    parts: [],
  };
  message.contact.lastRepliedAt = message.at;
  message.contact.lastSeenAt = message.at;
  workspace.conversations.push(conversation);
  return conversation;
}

/** Takes the words out of a part, or of the opening message; what is left says so. False when there is no such part. */
export function redactPart(conversation: Conversation, partId: string, at: number): boolean {
  const target = [conversation.source, ...conversation.parts].find(({ id }) => id === partId);
  if (!target) return false;
  target.body = "<p><i>This message was deleted</i></p>";
  target.redacted = true;
  target.attachments = [];
  if ("updatedAt" in target) target.updatedAt = at;
  conversation.updatedAt = Math.max(conversation.updatedAt, at);
  return true;
}

/** Opens the conversations whose snooze has run out. True when there were any. */
export function wakeSnoozed(workspace: Workspace, now: number): boolean {
  const due = workspace.conversations.filter(
    ({ state, snoozedUntil }) => state === "snoozed" && snoozedUntil !== null && snoozedUntil <= now,
  );
  for (const conversation of due) {
    const at = conversation.snoozedUntil ?? now;
    conversation.state = "open";
    conversation.snoozedUntil = null;
    addPart(workspace, conversation, {
      type: "timer_unsnooze",
      author: { type: "bot", id: OPERATOR_ID },
      at,
    });
  }
  return due.length > 0;
}

export function actorOf(admin: Admin): Actor {
  return { type: "admin", id: admin.id };
}
