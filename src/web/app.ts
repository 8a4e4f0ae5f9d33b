import { Hono } from "hono";
import { openRuntime } from "../runtime.ts";
import { answerError, type WebEnvironment } from "./answer.ts";
import { guard } from "./guard.ts";
import { completeSchemas } from "./schemas.ts";
import { conversationRoutes } from "./routes/conversations.ts";
import { ledgerRoutes } from "./routes/ledger.ts";
import { operatorRoutes } from "./routes/operator.ts";
import { reviewRoutes } from "./routes/reviews.ts";

/** Countersign's own routes on the LangGraph server, and the guard that stands before the server's. */
export const app = new Hono<WebEnvironment>()
  .onError(answerError)
  .use(
    "*",
    guard(async () => (await openRuntime()).identity),
  )
  .use("/api/*", async (context, next) => {
    context.set("runtime", await openRuntime());
    await next();
  })
  .use("/assistants/:assistant/schemas", completeSchemas)
  .get("/health", (context) => context.json({ product: "countersign", status: "ok" }))
  .get("/api/me", (context) => context.json(context.get("auth").user))
  .route("/api/reviews", reviewRoutes)
  .route("/api/conversations", conversationRoutes)
  .route("/api/ledger", ledgerRoutes)
  .route("/api/operator", operatorRoutes);
