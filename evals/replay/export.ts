import type { Part } from "../../src/domain/conversation.ts";
import { isFromCustomer, isMessage } from "../../src/domain/conversation.ts";
import type { Message } from "../case.ts";
import type { Redact } from "./redact.ts";
import { speakerOf, type Shadowed } from "./shadow.ts";

/**
 * A conversation as a line of `cases.jsonl`, up to the point where somebody had to answer. What a good answer is has to be
 * added by hand: `expect` is missing, and `npm run eval -- check` says so. The reply that people sent stands in the note.
 */
export function caseLineOf({ conversation, reply }: Shadowed, redact: Redact): Record<string, unknown> {
  const said = conversation.parts
    .filter((part) => isMessage(part) || part.type === "note")
    .filter(hasContent);
  const answered = said.findLastIndex((part) => !isFromCustomer(part));
  const messages = said.slice(answered + 1);
  const title = redact(conversation.title);
  return {
    id: `replay-${conversation.id}`,
    half: "dev",
    tags: ["kind:replay"],
    note: `What people sent: ${redact(reply.text)}`,
    ...(conversation.channel === "email" && title !== "" && { subject: title }),
    ...(answered >= 0 && { before: said.slice(0, answered + 1).map((part) => messageOf(part, redact)) }),
    messages: messages.map((part) => messageOf(part, redact)),
  };
}

function hasContent({ text, attachments }: Part): boolean {
  return text !== "" || attachments.length > 0;
}

function messageOf(part: Part, redact: Redact): Message {
  const from = speakerOf(part);
  const attachments = part.attachments.map(({ name, contentType }) => ({
    name: redact(`[${name}]`).replace(/^\[|\]$/g, ""),
    content_type: contentType || "application/octet-stream",
  }));
  const body = redact(part.text);
  if (from === "customer" && attachments.length === 0) return body;
  return { from, ...(body !== "" && { body }), attachments };
}
