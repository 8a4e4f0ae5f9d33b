import type { Seed } from "../seed-format.ts";
import { paragraphsOf } from "./html.ts";
import type { Actor, Conversation, Part, Source, Workspace } from "./workspace.ts";
import { OPERATOR_ID, takeId } from "./workspace.ts";

type Seeded = Seed["conversations"][number];
type Message = Seeded["messages"][number];

/** A conversation as its messages make it: parts, states on the way, and who has been waiting since when. */
export function conversationOf(
  workspace: Workspace,
  seed: Seeded,
  at: (iso: string) => number,
): Conversation {
  const [first, ...rest] = seed.messages;
  if (!first) throw new Error("A conversation begins with a message; the seed's schema sees to it.");
  const source: Source = {
    id: takeId(workspace),
    subject: seed.subject ?? "",
    body: bodyOf(first) ?? "",
    author: actorOf(workspace, first.from),
    attachments: attachmentsOf(first),
    redacted: false,
  };
  let state: Part["state"] = "open";
  const parts = rest.map((message): Part => {
    const author = actorOf(workspace, message.from);
    const fromContact = author.type === "user" || author.type === "lead";
    const reopens = fromContact && message.type === "comment" && state !== "open";
    if (message.type === "close") state = "closed";
    else if (message.type === "snoozed") state = "snoozed";
    else if (message.type === "open" || reopens) state = "open";
    const createdAt = at(message.at);
    return {
      id: takeId(workspace),
      type: reopens ? "open" : message.type,
      body: bodyOf(message),
      author,
      assignedTo: assigneeOf(workspace, message),
      attachments: attachmentsOf(message),
      eventDetails: null,
      state,
      redacted: false,
      appPackageCode: null,
      createdAt,
      updatedAt: createdAt,
    };
  });
  const createdAt = at(first.at);
  const updatedAt = parts.at(-1)?.createdAt ?? createdAt;
  return {
    id: seed.id,
    title: seed.title ?? null,
    channel: seed.channel,
    state: seed.state,
    snoozedUntil: seed.state === "snoozed" && seed.snoozed_until != null ? at(seed.snoozed_until) : null,
    waitingSince: seed.state === "closed" ? null : waitingSince(source, createdAt, parts),
    priority: seed.priority,
    read: seed.read,
    adminAssigneeId: seed.admin_assignee_id,
    teamAssigneeId: seed.team_assignee_id,
    contactIds: [seed.contact_id],
    tags: seed.tag_ids.map((id) => ({ id, appliedAt: updatedAt, appliedBy: null })),
    customAttributes: seed.custom_attributes,
    rating: seed.rating ? { ...seed.rating, adminId: seed.admin_assignee_id, createdAt: updatedAt } : null,
    ticketId: null,
    createdAt,
    updatedAt,
    source,
    parts,
  };
}

/** Time of the oldest customer message no teammate has answered; a bot's message is no answer. */
function waitingSince(source: Source, createdAt: number, parts: readonly Part[]): number | null {
  let since = source.author.type === "user" || source.author.type === "lead" ? createdAt : null;
  for (const part of parts) {
    const fromContact = part.author.type === "user" || part.author.type === "lead";
    if (fromContact) since ??= part.createdAt;
    else if (part.author.type === "admin" && part.body !== null && part.type !== "note") since = null;
  }
  return since;
}

function actorOf(workspace: Workspace, from: Message["from"]): Actor {
  if ("admin" in from) return { type: "admin", id: from.admin };
  if ("bot" in from) return { type: "bot", id: OPERATOR_ID, name: from.bot };
  return { type: workspace.contacts.find(({ id }) => id === from.contact)?.role ?? "user", id: from.contact };
}

function bodyOf(message: Message): string | null {
  if (message.html !== undefined) return message.html.trim();
  return message.body === undefined ? null : paragraphsOf(message.body);
}

function attachmentsOf(message: Message): Part["attachments"] {
  return message.attachments.map(({ content_type, ...attachment }) => ({
    ...attachment,
    contentType: content_type,
  }));
}

function assigneeOf(workspace: Workspace, message: Message): Part["assignedTo"] {
  if (message.assigned_to == null) return null;
  if (message.assigned_to === "0") return { type: "nobody", id: "0" };
  const isAdmin = workspace.admins.some(({ id }) => id === message.assigned_to);
  return { type: isAdmin ? "admin" : "team", id: message.assigned_to };
}
