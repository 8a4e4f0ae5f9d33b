import { z } from "zod";

/** Who wrote a part. `type` is Intercom's word; a new one reads as `other` rather than failing the conversation. */
export const Author = z.object({
  type: z.enum(["user", "lead", "admin", "bot", "team", "other"]),
  id: z.string(),
  name: z.string(),
});
export type Author = z.infer<typeof Author>;

export const Attachment = z.object({ name: z.string(), contentType: z.string() });
export type Attachment = z.infer<typeof Attachment>;

/** One message or event of a conversation, as plain text. The conversation's opening message is its first part. */
export const Part = z.object({
  id: z.string(),
  /** Intercom's part type: `comment`, `note`, `assignment`, `close`, `open`, `snoozed` and others. */
  type: z.string(),
  author: Author,
  text: z.string(),
  attachments: z.array(Attachment),
  /** Unix seconds. */
  createdAt: z.number().int(),
  redacted: z.boolean(),
});
export type Part = z.infer<typeof Part>;

export const ConversationState = z.enum(["open", "closed", "snoozed"]);

/** A conversation bounded for reading: its first part and its newest ones. Text is untrusted data, whoever wrote it. */
export const Conversation = z.object({
  id: z.string(),
  title: z.string(),
  state: ConversationState,
  /** The medium it came by: `conversation`, `email`, `whatsapp` and others. */
  channel: z.string(),
  priority: z.boolean(),
  tags: z.array(z.string()),
  contactId: z.string().nullable(),
  assigneeId: z.string().nullable(),
  teamId: z.string().nullable(),
  /** Unix seconds of the oldest unanswered customer message; null when nobody waits. */
  waitingSince: z.number().int().nullable(),
  createdAt: z.number().int(),
  updatedAt: z.number().int(),
  parts: z.array(Part),
  /** Parts between the first and the newest that were left out to bound the size. */
  omittedParts: z.number().int().nonnegative(),
  /** Id of the newest part of all. */
  lastPartId: z.string(),
});
export type Conversation = z.infer<typeof Conversation>;

/** The customer, as far as a reply needs to know them. */
export const Contact = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  role: z.string(),
  companies: z.array(z.string()),
  tags: z.array(z.string()),
  attributes: z.record(z.string(), z.string()),
});
export type Contact = z.infer<typeof Contact>;

/**
 * Something the other side can read: neither a note nor a bare event. A reply that reopens a conversation, or a word
 * said while closing it, comes as the event's type with a text.
 */
export function isMessage(part: Part): boolean {
  const spoken = part.type === "comment" || part.type === "quick_reply" || part.text !== "";
  return spoken && part.type !== "note" && !part.redacted;
}

export function isFromCustomer(part: Part): boolean {
  return part.author.type === "user" || part.author.type === "lead";
}

/** The customer's messages since a teammate or a bot last answered, oldest first. */
export function unansweredMessages(conversation: Conversation): Part[] {
  const messages = conversation.parts.filter(isMessage);
  const lastAnswer = messages.findLastIndex((part) => !isFromCustomer(part));
  return messages.slice(lastAnswer + 1);
}

/** The text the customer is waiting to have answered; empty when they only sent attachments, or nothing. */
export function unansweredText(conversation: Conversation): string {
  return unansweredMessages(conversation)
    .map((part) => part.text.trim())
    .filter((text) => text !== "")
    .join("\n\n");
}
