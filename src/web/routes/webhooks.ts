import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { takeAccountEvent } from "../../identity/account-events.ts";
import { refuse } from "../../identity/refused.ts";
import type { OpenPeople, PeopleEnvironment } from "../people.ts";
import { answerRefused } from "../people.ts";

/** Far more than any event of Scalekit's. */
const LARGEST_EVENT = 256 * 1024;

/** `/webhooks`: what others announce. Open to everybody; only what is signed counts. */
export function webhookRoutes(open: OpenPeople) {
  return new Hono<PeopleEnvironment>()
    .use("*", bodyLimit({ maxSize: LARGEST_EVENT, onError: () => answerRefused(tooLarge) }))
    .post("/scalekit", async (context) => {
      const { readAccountEvent, ...dependencies } = await open();
      if (readAccountEvent === null) return answerRefused(notConfigured);
      const event = readAccountEvent(context.req.raw.headers, await context.req.text());
      if (event === null) return answerRefused(signatureRefused);
      return context.json({ result: await takeAccountEvent(dependencies, event) }, 201);
    });
}

const tooLarge = refuse(413, "event_too_large", "The event is too large.", "Nothing was taken in.");
const notConfigured = refuse(
  404,
  "webhooks_not_configured",
  "This server takes no webhooks.",
  "Set COUNTERSIGN_WEBHOOK_SECRET to the signing secret that Scalekit shows.",
);
const signatureRefused = refuse(
  403,
  "signature_refused",
  "The event is not signed with the configured secret, or its time is too far off.",
  "Compare COUNTERSIGN_WEBHOOK_SECRET with the secret that Scalekit shows, and check the clock.",
);
