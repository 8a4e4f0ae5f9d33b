import { createHash, timingSafeEqual } from "node:crypto";
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import type { Core } from "../core.ts";
import { answerHttp } from "../wire.ts";
import { TOKEN_LIFETIME } from "./environment.ts";
import type { SignIn, SignInCodes } from "./sign-in-codes.ts";

/** The environment's token endpoint, its key set and what it says of itself. */
export function createTokenRoutes(core: Core, codes: SignInCodes): Hono<{ Bindings: HttpBindings }> {
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
    context.header("cache-control", "no-store");
    if (grant === "authorization_code") {
      const code = form.get("code") ?? "";
      const signIn = codes.take(code, core.clock().getTime());
      const refusal = refusalOf(signIn, form);
      if (!signIn || refusal !== null) {
        return context.json({ error: "invalid_grant", error_description: refusal }, 400);
      }
      const { accessToken, idToken } = await core.issuer.issueForSignIn(signIn, code);
      const tokens = { access_token: accessToken, id_token: idToken };
      return context.json({ ...tokens, token_type: "Bearer", expires_in: TOKEN_LIFETIME });
    }
    if (grant !== "client_credentials") return context.json({ error: "unsupported_grant_type" }, 400);
    const token = await core.issuer.issueForApplication();
    return context.json({ access_token: token, token_type: "Bearer", expires_in: TOKEN_LIFETIME });
  });

  routes.get("/keys", (context) => context.json(core.issuer.publicKeys));

  const describe = () => ({
    issuer: core.url,
    authorization_endpoint: `${core.url}/oauth/authorize`,
    token_endpoint: `${core.url}/oauth/token`,
    end_session_endpoint: `${core.url}/oidc/logout`,
    jwks_uri: `${core.url}/keys`,
    response_types_supported: ["code"],
    subject_types_supported: ["public"],
    scopes_supported: ["openid", "profile", "email"],
    grant_types_supported: ["authorization_code", "client_credentials"],
    code_challenge_methods_supported: ["S256"],
    id_token_signing_alg_values_supported: ["RS256"],
    token_endpoint_auth_methods_supported: ["client_secret_post", "client_secret_basic"],
  });
  routes.get("/.well-known/oauth-authorization-server", (context) => context.json(describe()));
  routes.get("/.well-known/openid-configuration", (context) => context.json(describe()));

  return routes;
}

/** Why a code cannot be exchanged for tokens; null when it can. */
function refusalOf(signIn: SignIn | null, form: URLSearchParams): string | null {
  if (!signIn) return "The code is unknown, used or expired.";
  if (form.get("redirect_uri") !== signIn.redirectUri) {
    return "redirect_uri is not the one the sign-in was asked for with.";
  }
  const verifier = form.get("code_verifier");
  if (signIn.codeChallenge === null) {
    return verifier === null ? null : "The sign-in was asked for without code_challenge.";
  }
  const challenge = createHash("sha256")
    .update(verifier ?? "")
    .digest();
  const expected = Buffer.from(signIn.codeChallenge, "base64url");
  return timingSafeEqual(challenge, expected) ? null : "code_verifier does not fit the code_challenge.";
}

function credentialsOf(form: URLSearchParams, authorization: string | undefined) {
  const [, basic] = /^Basic (.+)$/i.exec(authorization ?? "") ?? [];
  if (basic === undefined) return { id: form.get("client_id"), secret: form.get("client_secret") };
  const [id = "", secret = ""] = Buffer.from(basic, "base64").toString("utf8").split(":");
  return { id: decodeURIComponent(id), secret: decodeURIComponent(secret) };
}
