import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { refuse } from "../../identity/refused.ts";
import { takeConversationEvent, type IntakeDependencies } from "../../intake/conversation-events.ts";
import type { ReadConversationEvent } from "../../tools/gateway.ts";
import { ownAddress } from "../own-address.ts";
import { answerRefused } from "../people.ts";

/** An event holds one part of a conversation, which may be a long e-mail. */
const LARGEST_EVENT = 2 * 1024 * 1024;

interface IntercomWebhookDependencies extends IntakeDependencies {
  readConversationEvent: ReadConversationEvent | null;
}

/**
 * `/webhooks/intercom`: what Intercom announces of conversations, so that a customer's message is drafted for at once and
 * a draft that no longer fits is replaced. Open to everybody; only what is signed counts. Answers before the work is done.
 */
export function intercomWebhookRoutes(open: () => Promise<IntercomWebhookDependencies>) {
  return (
    new Hono()
      .use("*", bodyLimit({ maxSize: LARGEST_EVENT, onError: () => answerRefused(tooLarge) }))
      // Intercom asks whether the address is there before it takes it.
      .get("/", (context) => context.body(null, 200))
      .post("/", async (context) => {
        const dependencies = await open();
        const { readConversationEvent, clock } = dependencies;
        if (readConversationEvent === null) return answerRefused(notConfigured);
        const event = readConversationEvent(context.req.raw.headers, await context.req.text());
        if (event === null) return answerRefused(signatureRefused);
        const { result } = await takeConversationEvent(dependencies, ownAddress(context), event, clock());
        return context.json({ result });
      })
  );
}

const tooLarge = refuse(413, "event_too_large", "The event is too large.", "Nothing was taken in.");
const notConfigured = refuse(
  404,
  "webhooks_not_configured",
  "This server takes no webhooks of Intercom.",
  "Set COUNTERSIGN_INTERCOM_SECRET to the client secret of your Intercom app.",
);
const signatureRefused = refuse(
  403,
  "signature_refused",
  "The event is not signed with the client secret of the Intercom app.",
  "Compare COUNTERSIGN_INTERCOM_SECRET with the client secret in Intercom's Developer Hub.",
);
