import type { Core } from "../core.ts";
import { isOwnHostname } from "../same-origin.ts";

/** What an application asks for when it sends someone here to sign in. */
export interface SignInRequest {
  redirectUri: string;
  scopes: readonly string[];
  state: string | null;
  nonce: string | null;
  codeChallenge: string | null;
  loginHint: string | null;
}

export type ReadSignInRequest =
  | { kind: "request"; request: SignInRequest }
  /** Nobody can be told but the person at the page: where to send them back to is not known to be right. */
  | { kind: "unanswerable"; reason: string }
  | { kind: "refused"; back: string };

/** Reads an OpenID Connect authorization request as Scalekit's SDK makes it. */
export function readSignInRequest(core: Core, parameters: URLSearchParams): ReadSignInRequest {
  const one = (name: string) => parameters.get(name) ?? null;
  const redirectUri = one("redirect_uri") ?? "";
  if (one("client_id") !== core.state.environment.clientId) {
    return { kind: "unanswerable", reason: "The application that sent you here is not known." };
  }
  if (!isAllowedReturn(core, redirectUri) || parameters.getAll("redirect_uri").length > 1) {
    const reason =
      "The address to return to is not allowed. The sandbox returns to this machine only: http://127.0.0.1 or http://localhost, at any port.";
    return { kind: "unanswerable", reason };
  }
  const state = one("state");
  const refuse = (error: string, description: string): ReadSignInRequest => ({
    kind: "refused",
    back: returnTo(redirectUri, { error, error_description: description, state }),
  });
  const repeated = [...parameters.keys()].find((name) => parameters.getAll(name).length > 1);
  if (repeated !== undefined) return refuse("invalid_request", `${repeated} is given more than once`);
  if (one("response_type") !== "code")
    return refuse("unsupported_response_type", "response_type must be code");
  const scopes = (one("scope") ?? "").split(" ").filter((scope) => scope !== "");
  if (!scopes.includes("openid")) return refuse("invalid_scope", "scope must contain openid");
  const codeChallenge = one("code_challenge");
  const method = one("code_challenge_method");
  if ((codeChallenge !== null || method !== null) && method !== "S256") {
    return refuse("invalid_request", "code_challenge_method must be S256");
  }
  if (method !== null && !/^[A-Za-z0-9_-]{43}$/.test(codeChallenge ?? "")) {
    return refuse("invalid_request", "code_challenge is not a SHA-256 in base64url");
  }
  if (one("prompt") === "none") return refuse("login_required", "the sandbox keeps nobody signed in");
  return {
    kind: "request",
    request: { redirectUri, scopes, state, nonce: one("nonce"), codeChallenge, loginHint: one("login_hint") },
  };
}

/** Scalekit knows an application's addresses from its dashboard; an application beside the sandbox has a free port. */
export function isAllowedReturn(core: Core, address: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  if (url.protocol !== "http:" && url.protocol !== "https:") return false;
  return isOwnHostname(core, url.hostname) && url.hash === "" && url.username === "" && url.password === "";
}

/** An address with parameters added; those that are null are left out. */
export function returnTo(address: string, parameters: Record<string, string | null>): string {
  const url = new URL(address);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null) url.searchParams.set(name, value);
  }
  return url.toString();
}
