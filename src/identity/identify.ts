import { CountersignError } from "../domain/errors.ts";
import type { Principal } from "../domain/teammate.ts";
import type { Refused } from "./refused.ts";
import { nobody, refuse } from "./refused.ts";
import type { IdentitySettings } from "./settings.ts";
import { isLoopbackHost } from "./origins.ts";
import { identifyBySession } from "./session.ts";
import { familyOf, hashToken, isSameSecret, readDelegationToken, readDispatchToken } from "./tokens.ts";

/** Longer than any token of ours or of Scalekit; what exceeds it is not even looked at. */
const LONGEST_TOKEN = 8192;
const TOKEN = /^[A-Za-z0-9._~+/=-]+$/;
const BEARER = /^bearer +(\S+)$/i;
const ACCESS_TOKEN = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

/**
 * Who makes this request: by a token of ours or an access token of Scalekit, as `Authorization: Bearer` or as
 * `x-api-key`, by Studio's header in the sandbox, or by the cookie of a signed-in browser. Never by anything else, and
 * never by default.
 */
export async function identify(request: Request, settings: IdentitySettings): Promise<Principal | Refused> {
  const credential = readCredential(request.headers);
  if (credential.kind === "token" && familyOf(credential.token) !== "foreign") {
    return identifyByOwnToken(credential.token, settings);
  }
  // Studio sends a credential of its own beside its header, which means nothing here.
  if (isFromStudio(request.headers)) return identifyStudio(request.headers, settings);
  if (credential.kind === "token") return identifyByAccessToken(credential.token, settings);
  if (credential.kind === "malformed") {
    return unauthorized("malformed_credential", "The credential sent is not a token.");
  }
  return (await identifyBySession(request, settings.findSession)) ?? nobody;
}

async function identifyByOwnToken(token: string, settings: IdentitySettings): Promise<Principal | Refused> {
  switch (familyOf(token)) {
    case "development": {
      const tokens = Object.entries(settings.development?.tokens ?? {});
      const owner = tokens.find(([, secret]) => isSameSecret(token, secret))?.[0];
      if (owner === undefined) break;
      return { identity: owner, kind: "teammate", via: "development-token" };
    }
    case "dispatch": {
      const identifier = readDispatchToken(token, settings.dispatchKey, settings.clock());
      if (identifier === null) break;
      return { identity: identifier, kind: "dispatcher", via: "dispatch" };
    }
    case "delegation": {
      const principal = readDelegationToken(token, settings.dispatchKey, settings.clock());
      if (principal === null) break;
      return principal;
    }
    case "api": {
      const owner = await settings.findToken(hashToken(token));
      if (!owner) break;
      return { identity: owner.identifier, kind: "teammate", via: "api-token" };
    }
    case "foreign":
      break;
  }
  return unauthorized("unknown_token", "This token is unknown, revoked or expired.");
}

async function identifyByAccessToken(
  token: string,
  settings: IdentitySettings,
): Promise<Principal | Refused> {
  if (!ACCESS_TOKEN.test(token)) return unauthorized("unknown_token", "This is not a token of Countersign.");
  try {
    const owner = await settings.verifyAccessToken(token);
    if (owner) return { identity: owner.identifier, kind: "teammate", via: "access-token" };
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    return refuse(503, error.code, error.message, error.next);
  }
  return unauthorized("unknown_token", "This access token is not valid for the configured environment.");
}

/**
 * Studio's pages cannot send a token, so in the sandbox its header alone is believed: when nothing but this machine can
 * reach the server, the request names the server by a loopback name (another name would be DNS rebinding), and no
 * foreign page sent it.
 */
function identifyStudio(headers: Headers, settings: IdentitySettings): Principal | Refused {
  if (!settings.development) {
    return unauthorized("studio_refused", "Studio's header is accepted in the sandbox only.");
  }
  if (!settings.boundToLoopback) {
    return unauthorized(
      "studio_refused",
      "Studio's header is refused: other machines can reach this server.",
    );
  }
  const host = headers.get("host") ?? "";
  if (!isLoopbackHost(host)) {
    return unauthorized("studio_refused", "Studio's header is refused: the request names a foreign host.");
  }
  const origin = headers.get("origin");
  if (origin !== null && origin !== `http://${host}` && !settings.allowedOrigins.includes(origin)) {
    return unauthorized("studio_refused", "Studio's header is refused: the page's origin is not allowed.");
  }
  return { identity: settings.development.teammate, kind: "teammate", via: "studio" };
}

type Credential = { kind: "none" } | { kind: "malformed" } | { kind: "token"; token: string };

/** `Authorization` wins: LangGraph's client also sends an `x-api-key` that it found in the environment. */
function readCredential(headers: Headers): Credential {
  const authorization = headers.get("authorization")?.trim();
  const apiKey = headers.get("x-api-key")?.trim();
  if (!authorization && !apiKey) return { kind: "none" };
  const token = authorization ? BEARER.exec(authorization)?.[1] : apiKey;
  if (!token || token.length > LONGEST_TOKEN || !TOKEN.test(token)) return { kind: "malformed" };
  return { kind: "token", token };
}

/** Exactly what the LangGraph server itself takes for Studio. */
function isFromStudio(headers: Headers): boolean {
  return headers.get("x-auth-scheme") === "langsmith";
}

function unauthorized(code: string, message: string): Refused {
  return refuse(401, code, message, nobody.next);
}
