import { createHmac, randomBytes } from "node:crypto";
import type { Session } from "../domain/session.ts";
import type { Principal } from "../domain/teammate.ts";
import type { Database } from "../store/database.ts";
import { createSession } from "../store/sessions.ts";
import { cookieFor, expiredCookie, readCookies } from "./cookies.ts";
import { originOf } from "./origins.ts";
import type { Refused } from "./refused.ts";
import { refuse } from "./refused.ts";
import type { IdentitySettings } from "./settings.ts";
import { createSessionToken, hashToken, isSameSecret } from "./tokens.ts";

export const SESSION_COOKIE = "countersign_session";
/** The header that every request of a signed-in page carries when it changes something. */
export const CSRF_HEADER = "x-countersign-csrf";
/** How long a session lasts, in seconds. It is not prolonged. */
export const SESSION_SECONDS = 12 * 60 * 60;

const SESSION_TOKEN = /^csses_[A-Za-z0-9_-]{43}$/;
const SAFE_METHODS = ["GET", "HEAD", "OPTIONS"];

export interface SessionDependencies {
  store: { db: Database };
  clock: () => Date;
  newId: () => string;
}

/** Signs a person in: a new session, and the cookie that is the only copy of its token. */
export async function startSession(
  { store, clock, newId }: SessionDependencies,
  person: { identifier: string; name: string },
  origin: string,
): Promise<{ session: Session; cookie: string }> {
  const { token, hash } = createSessionToken(randomBytes);
  const now = clock();
  const session: Session = {
    id: newId(),
    ...person,
    createdAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + SESSION_SECONDS * 1000).toISOString(),
  };
  await createSession(store.db, { ...session, hash });
  const cookie = cookieFor({
    name: SESSION_COOKIE,
    value: token,
    path: "/",
    seconds: SESSION_SECONDS,
    origin,
  });
  return { session, cookie };
}

/** The cookie that makes a browser forget its session. */
export function endedSessionCookie(origin: string): string {
  return expiredCookie({ name: SESSION_COOKIE, path: "/", origin });
}

/**
 * The session's token that a request carries, or null. Two different ones are none: which of them the browser was
 * really given cannot be told.
 */
export function sessionTokenOf(headers: Headers): string | null {
  const [token, ...others] = new Set(readCookies(headers, SESSION_COOKIE));
  return token !== undefined && others.length === 0 && SESSION_TOKEN.test(token) ? token : null;
}

/** What a page of this session must send as `x-countersign-csrf`: known to who can read our answers, not to other sites. */
export function csrfTokenOf(sessionToken: string): string {
  return createHmac("sha256", sessionToken).update("countersign csrf").digest("base64url");
}

/** Whose session a request carries, or why it is refused; null when it carries no session cookie at all. */
export async function identifyBySession(
  request: Request,
  findSession: IdentitySettings["findSession"],
): Promise<Principal | Refused | null> {
  if (!findSession || readCookies(request.headers, SESSION_COOKIE).length === 0) return null;
  const token = sessionTokenOf(request.headers);
  const session = token === null ? null : await findSession(hashToken(token));
  if (token === null || session === null) return sessionOver;
  if (!isFromOwnPage(request, token)) return foreignRequest;
  return { identity: session.identifier, kind: "teammate", via: "session" };
}

/**
 * Browsers attach the cookie whoever asks. So what changes something must come from a page of ours that could read the
 * session's CSRF token; and what only reads must not come from a page of another origin, as a websocket may.
 */
function isFromOwnPage({ method, headers }: Request, token: string): boolean {
  const origin = headers.get("origin");
  const own = origin !== null && origin === originOf(headers);
  if (SAFE_METHODS.includes(method)) {
    return origin === null || own || headers.get("sec-fetch-mode") === "navigate";
  }
  return own && isSameSecret(headers.get(CSRF_HEADER) ?? "", csrfTokenOf(token));
}

const sessionOver = refuse(
  401,
  "session_over",
  "You are signed out, or your session has ended.",
  "Sign in again at /sign-in.",
);
const foreignRequest = refuse(
  403,
  "csrf_refused",
  "This request does not come from Countersign's own page.",
  "Send the csrf value of GET /api/me as x-countersign-csrf, from a page of this server; or use a token.",
);
