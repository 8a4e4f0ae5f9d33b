import type { JsonObject } from "../../domain/json.ts";
import { plainText } from "./html.ts";
import { appliedTagObject, authorObject, companyObject, contactReference } from "./people.ts";
import type { Conversation, Part, Workspace } from "./workspace.ts";

/** Intercom returns the newest 500 parts of a conversation and no more. */
const MOST_PARTS = 500;

/** A conversation as lists and searches show it: without its parts. */
export function conversationListItem(workspace: Workspace, conversation: Conversation): JsonObject {
  return conversationFields(workspace, conversation, false);
}

/** A conversation as it is retrieved, and as replying to it and managing it answer: with its newest 500 parts. */
export function conversationObject(
  workspace: Workspace,
  conversation: Conversation,
  plaintext = false,
): JsonObject {
  return {
    ...conversationFields(workspace, conversation, plaintext),
    conversation_parts: {
      type: "conversation_part.list",
      conversation_parts: conversation.parts
        .slice(-MOST_PARTS)
        .map((part) => partObject(workspace, part, plaintext)),
      total_count: conversation.parts.length,
    },
  };
}

function conversationFields(
  workspace: Workspace,
  conversation: Conversation,
  plaintext: boolean,
): JsonObject {
  const { source } = conversation;
  const shown = (html: string) => (plaintext ? plainText(html) : html);
  const medium = conversation.channel === "email" ? "email" : "messenger";
  return {
    type: "conversation",
    id: conversation.id,
    title: conversation.title,
    created_at: conversation.createdAt,
    updated_at: conversation.updatedAt,
    waiting_since: conversation.waitingSince,
    snoozed_until: conversation.snoozedUntil,
    open: conversation.state !== "closed",
    state: conversation.state,
    read: conversation.read,
    priority: conversation.priority ? "high" : "none",
    admin_assignee_id: Number(conversation.adminAssigneeId ?? 0),
    team_assignee_id: Number(conversation.teamAssigneeId ?? 0),
    company: companyOf(workspace, conversation),
    tags: { type: "tag.list", tags: conversation.tags.map((tag) => appliedTagObject(workspace, tag)) },
    conversation_rating: ratingObject(workspace, conversation),
    source: {
      type: conversation.channel,
      id: source.id,
      delivered_as: source.author.type === "admin" ? "admin_initiated" : "customer_initiated",
      subject: shown(source.subject),
      body: shown(source.body),
      author: authorObject(workspace, source.author),
      attachments: source.attachments.map(attachmentObject),
      url: null,
      redacted: source.redacted,
    },
    contacts: {
      type: "contact.list",
      contacts: conversation.contactIds.map((id) => contactReference(workspace, id)),
    },
    teammates: {
      type: "admin.list",
      teammates: teammateIds(conversation).map((id) => ({ type: "admin", id })),
    },
    custom_attributes: conversation.customAttributes,
    topics: {},
    ticket: conversation.ticketId ? { type: "ticket", id: conversation.ticketId } : null,
    first_contact_reply: firstContactReply(conversation),
    sla_applied: null,
    statistics: statisticsOf(conversation),
    linked_objects: linkedObjects(workspace, conversation),
    ai_agent_participated: false,
    ai_agent: null,
    channel: { initial: medium, current: medium },
  };
}

function partObject(workspace: Workspace, part: Part, plaintext: boolean): JsonObject {
  return {
    type: "conversation_part",
    id: part.id,
    part_type: part.type,
    body: part.body !== null && plaintext ? plainText(part.body) : part.body,
    created_at: part.createdAt,
    updated_at: part.updatedAt,
    notified_at: part.createdAt,
    assigned_to: part.assignedTo?.type === "nobody" ? { type: "nobody_admin", id: "0" } : part.assignedTo,
    author: authorObject(workspace, part.author),
    attachments: part.attachments.map(attachmentObject),
    external_id: null,
    redacted: part.redacted,
    email_message_metadata: null,
    metadata: {},
    state: part.state,
    tags: [],
    event_details: part.eventDetails,
    app_package_code: part.appPackageCode,
  };
}

/** Ids of the teammates who wrote in a conversation or whom it is assigned to. */
export function teammateIds(conversation: Conversation): string[] {
  const writers = [conversation.source, ...conversation.parts]
    .filter(({ author }) => author.type === "admin")
    .map(({ author }) => author.id);
  return [...new Set([...writers, ...(conversation.adminAssigneeId ? [conversation.adminAssigneeId] : [])])];
}

export function statisticsOf(conversation: Conversation): JsonObject {
  const { createdAt, parts, source } = conversation;
  const replies = parts.filter(
    (part) => part.author.type === "admin" && part.body !== null && part.type !== "note",
  );
  const fromContact = parts.filter(({ author }) => author.type === "user" || author.type === "lead");
  const assignments = parts.filter((part) => part.assignedTo !== null);
  const closes = parts.filter((part) => part.type === "close");
  const began = source.author.type === "user" || source.author.type === "lead" ? createdAt : null;
  const since = (part: Part | undefined) => (part ? part.createdAt - createdAt : null);
  const time = (part: Part | undefined) => part?.createdAt ?? null;
  return {
    type: "conversation_statistics",
    time_to_assignment: since(assignments[0]),
    time_to_admin_reply: since(replies[0]),
    time_to_first_close: since(closes[0]),
    time_to_last_close: since(closes.at(-1)),
    median_time_to_reply: since(replies[0]),
    first_contact_reply_at: began ?? time(fromContact[0]),
    first_assignment_at: time(assignments[0]),
    first_admin_reply_at: time(replies[0]),
    first_close_at: time(closes[0]),
    last_assignment_at: time(assignments.at(-1)),
    last_assignment_admin_reply_at: time(replies.at(-1)),
    last_contact_reply_at: time(fromContact.at(-1)) ?? began,
    last_admin_reply_at: time(replies.at(-1)),
    last_close_at: time(closes.at(-1)),
    last_closed_by_id: closes.at(-1)?.author.id ?? null,
    count_reopens: reopensOf(parts),
    count_assignments: assignments.length,
    count_conversation_parts: parts.length + 1,
  };
}

function reopensOf(parts: readonly Part[]): number {
  return parts.filter((part, at) => part.state === "open" && (parts[at - 1]?.state ?? "open") !== "open")
    .length;
}

function firstContactReply(conversation: Conversation): JsonObject | null {
  const at = statisticsOf(conversation).first_contact_reply_at ?? null;
  return at === null ? null : { created_at: at, type: conversation.channel, url: null };
}

function companyOf(workspace: Workspace, conversation: Conversation): JsonObject | null {
  const contact = workspace.contacts.find(({ id }) => id === conversation.contactIds[0]);
  const company = workspace.companies.find(({ id }) => id === contact?.companyIds[0]);
  return company ? companyObject(workspace, company) : null;
}

function ratingObject(workspace: Workspace, conversation: Conversation): JsonObject | null {
  const { rating } = conversation;
  if (!rating) return null;
  return {
    rating: rating.score,
    remark: rating.remark,
    created_at: rating.createdAt,
    updated_at: rating.createdAt,
    contact: contactReference(workspace, conversation.contactIds[0] ?? ""),
    teammate: rating.adminId ? { type: "admin", id: rating.adminId } : null,
  };
}

function linkedObjects(workspace: Workspace, conversation: Conversation): JsonObject {
  const linked = workspace.tickets
    .filter((ticket) => ticket.conversationId === conversation.id && ticket.id !== conversation.ticketId)
    .map((ticket) => ({ type: "ticket", id: ticket.id }));
  return { type: "list", data: linked, total_count: linked.length, has_more: false };
}

function attachmentObject(attachment: Part["attachments"][number]): JsonObject {
  return {
    type: "upload",
    name: attachment.name,
    url: attachment.url,
    content_type: attachment.contentType,
    filesize: attachment.filesize,
    width: null,
    height: null,
  };
}
