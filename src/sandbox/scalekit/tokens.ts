import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import type { Core } from "../core.ts";
import { answerHttp } from "../wire.ts";
import { TOKEN_LIFETIME } from "./environment.ts";

/** The environment's token endpoint, its key set and what it says of itself. */
export function createTokenRoutes(core: Core): Hono<{ Bindings: HttpBindings }> {
  const routes = new Hono<{ Bindings: HttpBindings }>();

  routes.post("/oauth/token", async (context) => {
    for (const effect of core.faults.meet({ tool: "oauth/token", identifier: null }, "before")) {
      if (effect.kind === "latency") await core.pause(effect.milliseconds);
      else if (effect.kind === "late_commit") return answerHttp(effect.answer, context.env.outgoing);
      else if (effect.kind !== "account") return answerHttp(effect, context.env.outgoing);
    }
    const form = new URLSearchParams(await context.req.text());
    const grant = form.get("grant_type");
    const { id, secret } = credentialsOf(form, context.req.header("authorization"));
    const { clientId, clientSecret } = core.state.environment;
    if (id !== clientId || secret !== clientSecret) {
      const description = "The client is unknown or its secret is wrong.";
      return context.json({ error: "invalid_client", error_description: description }, 401);
    }
    if (grant !== "client_credentials") return context.json({ error: "unsupported_grant_type" }, 400);
    context.header("cache-control", "no-store");
    const token = await core.issuer.issueForApplication();
    return context.json({ access_token: token, token_type: "Bearer", expires_in: TOKEN_LIFETIME });
  });

  routes.get("/keys", (context) => context.json(core.issuer.publicKeys));

  routes.get("/.well-known/oauth-authorization-server", (context) =>
    context.json({
      issuer: core.url,
      token_endpoint: `${core.url}/oauth/token`,
      jwks_uri: `${core.url}/keys`,
      grant_types_supported: ["client_credentials"],
      token_endpoint_auth_methods_supported: ["client_secret_post", "client_secret_basic"],
    }),
  );

  return routes;
}

function credentialsOf(form: URLSearchParams, authorization: string | undefined) {
  const [, basic] = /^Basic (.+)$/i.exec(authorization ?? "") ?? [];
  if (basic === undefined) return { id: form.get("client_id"), secret: form.get("client_secret") };
  const [id = "", secret = ""] = Buffer.from(basic, "base64").toString("utf8").split(":");
  return { id: decodeURIComponent(id), secret: decodeURIComponent(secret) };
}
