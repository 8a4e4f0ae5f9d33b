import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { VendorError } from "../domain/errors.ts";
import type { ReadConversationEvent } from "./gateway.ts";
import { optionalId } from "./provider.ts";

/**
 * Reads Intercom's signed webhooks: an HMAC-SHA1 over the raw body with the client secret of the Intercom app. A message
 * can be sent again, so who acts on one must know its id. What it says of a conversation is a hint to read it, and no
 * more: Intercom's signature covers no time.
 */
export function createConversationEventReader(clientSecret: string): ReadConversationEvent {
  return (headers, body) => {
    const expected = `sha1=${createHmac("sha1", clientSecret).update(body).digest("hex")}`;
    if (!isSame(headers.get("x-hub-signature") ?? "", expected)) return null;
    const { id, topic, app_id: workspaceId, data } = readEvent(body);
    const conversation = Item.safeParse(data?.item);
    const isAboutOne = topic.startsWith("conversation.") && conversation.success;
    return {
      id,
      topic,
      workspaceId,
      conversation: isAboutOne
        ? { id: conversation.data.id, assigneeId: conversation.data.admin_assignee_id }
        : null,
    };
  };
}

function readEvent(body: string): z.infer<typeof Event> {
  try {
    return Event.parse(JSON.parse(body));
  } catch (cause) {
    throw new VendorError(
      "webhook_unreadable",
      "Intercom sent an event that cannot be read.",
      "Compare the event in Intercom's Developer Hub with what Countersign expects.",
      { cause },
    );
  }
}

const Event = z.looseObject({
  id: z.string().min(1).max(200),
  topic: z.string().min(1).max(200),
  app_id: z.string().min(1),
  data: z.looseObject({ item: z.unknown() }).nullish(),
});

const Item = z.looseObject({
  type: z.literal("conversation"),
  id: z.string().regex(/^\d+$/),
  admin_assignee_id: optionalId,
});

function isSame(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}
