import {
  isFromCustomer,
  isMessage,
  unansweredMessages,
  type Conversation,
  type Part,
} from "../../src/domain/conversation.ts";
import type { People } from "./redact.ts";

/** A conversation as it was when nobody had answered, and the answer that then came. */
export interface Cut {
  conversation: Conversation;
  reply: { text: string; at: number };
  /** Everybody who wrote in the whole conversation, by name. */
  people: People;
}

/** A reply in several messages is one, if they follow each other. In seconds. */
const SAME_REPLY = 15 * 60;

/**
 * Cuts a conversation at the customer's last message before a teammate's first public reply. What came later, and what
 * teammates noted among themselves in between, is not in it. A sentence why, where there is nothing to compare.
 */
export function cutBeforeReply(conversation: Conversation, subject: string): Cut | string {
  if (conversation.omittedParts > 0) return "too long to be read whole";
  const { parts } = conversation;
  const asked = parts.findIndex((part) => isMessage(part) && isFromCustomer(part));
  if (asked === -1) return "the customer wrote nothing";
  const answered = parts.findIndex((part, index) => index > asked && isPublicReply(part));
  if (answered === -1) return "no teammate answered in public";
  const last = parts.slice(0, answered).findLastIndex((part) => isMessage(part) && isFromCustomer(part));
  const reply = replyFrom(parts, answered);
  if (reply === null) return "the answer has no text";
  return { conversation: asItWas(conversation, last, subject), reply, people: peopleIn(conversation) };
}

/** Cuts a conversation after a part, as a draft of that time saw it; with the answer that people sent, if one came. */
export function cutAfter(
  conversation: Conversation,
  partId: string,
  title: string,
): (Omit<Cut, "reply"> & { reply: Cut["reply"] | null }) | string {
  if (conversation.omittedParts > 0) return "too long to be read whole";
  const { parts } = conversation;
  const index = parts.findIndex(({ id }) => id === partId);
  if (index === -1) return "the message it was drafted for is not in the conversation any more";
  const answered = parts.findIndex((part, at) => at > index && isPublicReply(part));
  const reply = answered === -1 ? null : replyFrom(parts, answered);
  return { conversation: asItWas(conversation, index, title), reply, people: peopleIn(conversation) };
}

/**
 * The conversation up to a part. Each field is written out: one that may say what came later (state, tags, assignee,
 * title) is what it was at the beginning, or empty.
 */
function asItWas(conversation: Conversation, index: number, title: string): Conversation {
  const { id, channel, contactId, createdAt } = conversation;
  const parts = conversation.parts.slice(0, index + 1);
  const last = parts.at(-1);
  const was: Conversation = {
    id,
    title,
    state: "open",
    channel,
    priority: false,
    tags: [],
    contactId,
    assigneeId: null,
    teamId: null,
    waitingSince: null,
    createdAt,
    updatedAt: last?.createdAt ?? createdAt,
    parts,
    omittedParts: 0,
    lastPartId: last?.id ?? "",
  };
  return { ...was, waitingSince: unansweredMessages(was)[0]?.createdAt ?? null };
}

function peopleIn({ parts }: Conversation): People {
  const names = (wanted: (part: Part) => boolean) => [
    ...new Set(parts.filter(wanted).flatMap(({ author: { name } }) => (name === "" ? [] : [name]))),
  ];
  return {
    customers: names(isFromCustomer),
    teammates: names(({ author: { type } }) => type === "admin"),
  };
}

function isPublicReply(part: Part): boolean {
  return isMessage(part) && part.author.type === "admin" && (part.text !== "" || part.attachments.length > 0);
}

/** The reply that begins at a part, with what the same teammate added right after; null when it is only files. */
function replyFrom(parts: readonly Part[], from: number): Cut["reply"] | null {
  const [first, ...later] = parts.slice(from).filter(isMessage);
  if (!first) return null;
  const texts = [first.text];
  let at = first.createdAt;
  for (const part of later) {
    const goesOn =
      part.author.id === first.author.id && part.author.type === "admin" && part.createdAt - at <= SAME_REPLY;
    if (!goesOn) break;
    texts.push(part.text);
    at = part.createdAt;
  }
  const text = texts.filter((one) => one !== "").join("\n\n");
  return text === "" ? null : { text, at: first.createdAt };
}
