import { createHash, timingSafeEqual } from "node:crypto";
import { Hono } from "hono";
import { z } from "zod";
import { OperatorError } from "../domain/errors.ts";
import type { Core } from "./core.ts";
import { FaultRequest } from "./faults.ts";
import { WebhookSender } from "./webhooks/outbox.ts";
import type { World } from "./world.ts";

/** The header that carries the control key. A web page cannot send it here: the sandbox allows no other origin. */
export const CONTROL_HEADER = "x-sandbox-key";

const Assignment = z.strictObject({ type: z.enum(["admin", "team", "nobody"]), id: z.string() });

/** What `/sandbox/*` serves: what a test, a script or the messenger page does to the world from outside. */
export function createControlRoutes(core: Core, world: World, controlKey: string): Hono {
  const routes = new Hono();

  routes.use(async (context, next) => {
    if (!isSame(context.req.header(CONTROL_HEADER) ?? "", controlKey)) {
      return context.json(
        { error: { code: "forbidden", message: `Send the control key as ${CONTROL_HEADER}.` } },
        403,
      );
    }
    return next();
  });
  routes.onError((error, context) => {
    if (error instanceof z.ZodError || error instanceof SyntaxError) {
      const message = error instanceof z.ZodError ? z.prettifyError(error) : "The body is not JSON.";
      return context.json({ error: { code: "invalid", message } }, 400);
    }
    if (error instanceof OperatorError) {
      const status = error.code === "sandbox_not_found" ? 404 : 400;
      return context.json({ error: { code: error.code, message: error.message } }, status);
    }
    core.log(`control request failed: ${error.message}`);
    return context.json({ error: { code: "failed", message: error.message } }, 500);
  });

  routes.get("/faults", (context) => context.json({ faults: core.faults.list() }));
  routes.post("/faults", async (context) => {
    const request = FaultRequest.parse(await context.req.json());
    return context.json({ id: core.faults.add(request) }, 201);
  });
  routes.delete("/faults", (context) => {
    core.faults.clear();
    return context.body(null, 204);
  });
  routes.delete("/faults/:id", (context) =>
    core.faults.remove(context.req.param("id"))
      ? context.body(null, 204)
      : context.json({ error: { code: "not_found", message: "There is no such fault." } }, 404),
  );

  routes.get("/accounts", (context) => context.json({ accounts: world.accounts() }));
  routes.post("/accounts", async (context) => {
    const { identifier, change } = z
      .strictObject({
        identifier: z.string(),
        change: z.enum(["active", "expired", "disconnected", "token_revoked"]),
      })
      .parse(await context.req.json());
    await world.changeAccount(identifier, change);
    return context.json({ accounts: world.accounts() });
  });
  routes.post("/connections", async (context) => {
    const { name } = z.strictObject({ name: z.string().min(1) }).parse(await context.req.json());
    await world.addConnection(name);
    return context.body(null, 204);
  });
  routes.post("/tokens", async (context) => {
    const { identifier, expires_in } = z
      .strictObject({ identifier: z.string().min(1), expires_in: z.number().int().positive().default(600) })
      .parse(await context.req.json());
    return context.json({ access_token: await core.issuer.issueForTeammate(identifier, expires_in) });
  });

  const webhooks = () => {
    const { scalekit, intercom } = core.state.outbox;
    return { scalekit, intercom, undelivered: world.undelivered() };
  };
  routes.get("/webhooks", (context) => context.json(webhooks()));
  routes.post("/webhooks", async (context) => {
    const { sender, url } = z
      .strictObject({ sender: WebhookSender, url: z.string().nullable() })
      .parse(await context.req.json());
    await world.setWebhook(sender, url);
    return context.json(webhooks());
  });

  routes.get("/writes", (context) => context.json({ writes: world.writes() }));
  routes.get("/calls", (context) => context.json({ calls: world.calls() }));
  routes.get("/conversations/:id", (context) =>
    context.json({ conversation: world.conversation(context.req.param("id")) }),
  );
  routes.post("/conversations", async (context) => {
    const { contact_id, body, subject } = z
      .strictObject({ contact_id: z.string(), body: z.string().min(1), subject: z.string().optional() })
      .parse(await context.req.json());
    const message = { contactId: contact_id, body, ...(subject !== undefined && { subject }) };
    return context.json({ conversation: await world.beginConversation(message) }, 201);
  });
  routes.post("/conversations/:id/messages", async (context) => {
    const { contact_id, body } = z
      .strictObject({ contact_id: z.string().optional(), body: z.string().min(1) })
      .parse(await context.req.json());
    const message = { body, ...(contact_id !== undefined && { contactId: contact_id }) };
    return context.json({ part: await world.customerWrites(context.req.param("id"), message) }, 201);
  });
  routes.post("/conversations/:id/replies", async (context) => {
    const { admin_id, body, type } = z
      .strictObject({
        admin_id: z.string(),
        body: z.string().min(1),
        type: z.enum(["comment", "note"]).default("comment"),
      })
      .parse(await context.req.json());
    const message = { adminId: admin_id, body, type };
    return context.json({ part: await world.adminWrites(context.req.param("id"), message) }, 201);
  });
  routes.post("/conversations/:id/close", async (context) => {
    const { admin_id } = z.strictObject({ admin_id: z.string() }).parse(await context.req.json());
    return context.json({ part: await world.closeConversation(context.req.param("id"), admin_id) });
  });
  routes.post("/conversations/:id/open", async (context) => {
    const { admin_id } = z.strictObject({ admin_id: z.string() }).parse(await context.req.json());
    return context.json({ part: await world.openConversation(context.req.param("id"), admin_id) });
  });
  routes.post("/conversations/:id/assign", async (context) => {
    const { admin_id, to } = z
      .strictObject({ admin_id: z.string(), to: Assignment })
      .parse(await context.req.json());
    return context.json({ part: await world.assignConversation(context.req.param("id"), admin_id, to) });
  });
  routes.post("/conversations/:id/redact", async (context) => {
    const { part_id } = z.strictObject({ part_id: z.string() }).parse(await context.req.json());
    await world.redactPart(context.req.param("id"), part_id);
    return context.body(null, 204);
  });

  return routes;
}

function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
