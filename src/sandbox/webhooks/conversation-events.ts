import { randomUUID } from "node:crypto";
import { conversationObject } from "../intercom/conversation-objects.ts";
import type { Conversation, Part, Workspace } from "../intercom/workspace.ts";
import type { Delivery } from "./outbox.ts";

/**
 * Watches the conversations. Each call tells, as Intercom's webhooks do, what was said and done in them since the one
 * before. New parts are known by their ids, which only grow.
 */
export function watchConversations(workspace: Workspace, clock: () => Date): () => Delivery[] {
  let next = workspace.nextId;
  return () => {
    const isNew = ({ id }: { id: string }) => Number(id) >= next;
    const now = Math.floor(clock().getTime() / 1000);
    const deliveries = workspace.conversations.flatMap((conversation) => {
      const last = conversation.parts.at(-1);
      if (!isNew(conversation) && !(last && isNew(last))) return [];
      const began = isNew(conversation)
        ? [deliveryOf(workspace, now, beginningOf(conversation), conversation, null)]
        : [];
      const parts = conversation.parts.filter(isNew).flatMap((part) => {
        const topic = topicOf(part);
        return topic === null ? [] : [deliveryOf(workspace, now, topic, conversation, part)];
      });
      return [...began, ...parts];
    });
    next = workspace.nextId;
    return deliveries;
  };
}

function beginningOf({ source }: Conversation): string {
  return source.author.type === "admin" ? "conversation.admin.single.created" : "conversation.user.created";
}

/** Null for a part that Intercom tells nobody about. */
function topicOf({ type, author, body }: Part): string | null {
  if (author.type === "user" || author.type === "lead") {
    return body === null ? null : "conversation.user.replied";
  }
  if (type === "comment" && author.type === "bot") return "conversation.operator.replied";
  return topics[type] ?? null;
}

const topics: Readonly<Record<string, string>> = {
  comment: "conversation.admin.replied",
  note: "conversation.admin.noted",
  assignment: "conversation.admin.assigned",
  assign_and_reopen: "conversation.admin.assigned",
  close: "conversation.admin.closed",
  open: "conversation.admin.opened",
  snoozed: "conversation.admin.snoozed",
  timer_unsnooze: "conversation.admin.unsnoozed",
};

/** Webhook bodies are plain text and hold the part they are about, not the whole conversation. */
function deliveryOf(
  workspace: Workspace,
  now: number,
  topic: string,
  conversation: Conversation,
  part: Part | null,
): Delivery {
  const id = `notif_${randomUUID()}`;
  const item = conversationObject(workspace, { ...conversation, parts: part ? [part] : [] }, true);
  return {
    id,
    sender: "intercom",
    type: topic,
    identifier: null,
    attempts: 0,
    body: {
      type: "notification_event",
      app_id: workspace.idCode,
      id,
      topic,
      data: { type: "notification_event_data", item },
      links: {},
      self: null,
      delivery_status: "pending",
      delivery_attempts: 0,
      delivered_at: 0,
      first_sent_at: now,
      created_at: now,
    },
  };
}
