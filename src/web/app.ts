import { Hono, type Context } from "hono";
import { CallerError } from "../domain/errors.ts";
import { createDelegationToken } from "../identity/tokens.ts";
import { openRuntime } from "../runtime.ts";
import { answerError, type WebEnvironment } from "./answer.ts";
import { guard } from "./guard.ts";
import { openIdentity } from "./identity.ts";
import { pageRoutes } from "./page.ts";
import { connectionRoutes, connectRoutes } from "./routes/connection.ts";
import { conversationRoutes } from "./routes/conversations.ts";
import { createReviewDecisionRoutes } from "./routes/decisions.ts";
import { eventRoutes } from "./routes/events.ts";
import { intercomWebhookRoutes } from "./routes/intercom-webhook.ts";
import { ledgerRoutes } from "./routes/ledger.ts";
import { openApiRoutes } from "./routes/openapi.ts";
import { operatorRoutes } from "./routes/operator.ts";
import { pickUpRoutes } from "./routes/pick-up.ts";
import { presenceRoutes } from "./routes/presence.ts";
import { reviewRoutes } from "./routes/reviews.ts";
import { meRoutes, signInRoutes, signOutRoutes } from "./routes/sign-in.ts";
import { webhookRoutes } from "./routes/webhooks.ts";
import { completeSchemas } from "./schemas.ts";

/** Countersign's own routes on the LangGraph server, and the guard that stands before the server's. */
export const app = new Hono<WebEnvironment>()
  .onError(answerError)
  .use("*", guard(openIdentity))
  .use("/api/*", async (context, next) => {
    context.set("runtime", await openRuntime());
    await next();
  })
  .use("/assistants/:assistant/schemas", completeSchemas)
  .get("/health", (context) => context.json({ product: "countersign", status: "ok" }))
  .route("/", pageRoutes)
  .route("/sign-in", signInRoutes(openRuntime))
  .route("/sign-out", signOutRoutes(openRuntime))
  .route("/connect", connectRoutes(openRuntime))
  .route("/webhooks", webhookRoutes(openRuntime))
  .route("/webhooks/intercom", intercomWebhookRoutes(openRuntime))
  .route("/api/me", meRoutes(openRuntime))
  .route("/api/connection", connectionRoutes(openRuntime))
  .route("/api/reviews", createReviewDecisionRoutes({ delegate }))
  .route("/api/reviews", pickUpRoutes)
  .route("/api/reviews", reviewRoutes)
  .route("/api/reviews", presenceRoutes)
  .route("/api/conversations", conversationRoutes)
  .route("/api/events", eventRoutes)
  .route("/api/ledger", ledgerRoutes)
  .route("/api/openapi.json", openApiRoutes)
  .route("/api/operator", operatorRoutes);

/** A decision is resumed on the LangGraph server in the name of the teammate this request was authenticated as. */
function delegate(context: Context<WebEnvironment>): () => string {
  const { identity, via, kind } = context.get("auth").user;
  const { identity: settings, clock } = context.get("runtime");
  if (kind !== "teammate")
    throw new CallerError("not_permitted", "Only a teammate decides.", "Sign in as one.");
  return () => createDelegationToken({ identity, via, kind }, settings.dispatchKey, clock());
}
