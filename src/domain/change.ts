import { seenIn, type Plan } from "./action.ts";
import type { Conversation, Part } from "./conversation.ts";

/** What is different from what the approver saw, in a sentence; null when nothing is. */
export function changeSince(plan: Plan, conversation: Conversation): string | null {
  if (conversation.id !== plan.conversationId) return "The conversation was merged into another one.";
  const newer = partsAfter(plan.seen.lastPartId, conversation);
  const message = newer?.find((part) => part.text !== "" || part.attachments.length > 0);
  if (message) return `${authorOf(message)} wrote after this draft was made.`;
  const now = seenIn(conversation);
  if (now.state !== plan.seen.state) return `The conversation is ${now.state} now.`;
  if (now.assigneeId !== plan.seen.assigneeId) return "The conversation was assigned to somebody else.";
  if (now.digest !== plan.seen.digest) return "Part of the conversation was added, changed or redacted.";
  return null;
}

/** What anybody but the approver did since, in a sentence: for a plan whose first action has already been sent. */
export function changeByOthers(plan: Plan, conversation: Conversation): string | null {
  if (conversation.id !== plan.conversationId) return "The conversation was merged into another one.";
  const newer = partsAfter(plan.seen.lastPartId, conversation);
  if (newer === null) return "The conversation has moved on too far to compare.";
  const foreign = newer.find(
    (part) => part.author.type !== "admin" || part.author.id !== plan.approver.adminId,
  );
  return foreign ? `${authorOf(foreign)} acted on the conversation in the meantime.` : null;
}

function partsAfter(partId: string, conversation: Conversation): Part[] | null {
  const position = conversation.parts.findIndex((part) => part.id === partId);
  return position === -1 ? null : conversation.parts.slice(position + 1);
}

function authorOf(part: Part): string {
  return part.author.name === "" ? "Somebody" : part.author.name;
}
