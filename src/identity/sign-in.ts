import { createHash, createHmac, randomBytes } from "node:crypto";
import type { Session } from "../domain/session.ts";
import type { Refusal, SignIn } from "../tools/gateway.ts";
import { cookieFor, expiredCookie, readCookies } from "./cookies.ts";
import { createReturnState, localAddress, readReturnState } from "./return-state.ts";
import type { SessionDependencies } from "./session.ts";
import { startSession } from "./session.ts";

export interface SignInDependencies extends SessionDependencies {
  signIn: SignIn;
}

/** Where Scalekit sends people back to; register it there, under the server's address. */
export const CALLBACK_PATH = "/sign-in/callback";
/** How long a sign-in may take, in seconds. */
const SIGN_IN_SECONDS = 600;
const ATTEMPT = { name: "countersign_sign_in", path: "/sign-in" } as const;
const SIGNED_OUT = { name: "countersign_signed_out", path: "/sign-in" } as const;
const SECRET = /^[A-Za-z0-9_-]{43}$/;

/**
 * Begins a sign-in: where to send the browser, and the cookie it takes along. State, nonce and PKCE's verifier come from
 * that cookie's secret, so nothing is kept here; a second tab uses the same secret, and both can come back.
 */
export function beginSignIn(
  { signIn, clock }: Pick<SignInDependencies, "signIn" | "clock">,
  headers: Headers,
  origin: string,
  to: string,
): { location: string; cookie: string } {
  const secret = attemptSecretOf(headers) ?? Buffer.from(randomBytes(32)).toString("base64url");
  const until = new Date(clock().getTime() + SIGN_IN_SECONDS * 1000);
  const state = createReturnState("sign-in", secret, { to, until }, randomBytes);
  const location = signIn.authorizationUrl({
    redirectUri: origin + CALLBACK_PATH,
    state,
    nonce: derived("nonce", secret, state),
    codeChallenge: createHash("sha256")
      .update(derived("verifier", secret, state))
      .digest("base64url"),
    again: readCookies(headers, SIGNED_OUT.name).length > 0,
  });
  return { location, cookie: cookieFor({ ...ATTEMPT, value: secret, seconds: SIGN_IN_SECONDS, origin }) };
}

export type SignInResult =
  | { kind: "signed_in"; session: Session; to: URL; cookies: string[] }
  | { kind: "not_ours" }
  | { kind: "refused"; refusal: Refusal };

/** Ends a sign-in that came back. `not_ours`: this browser did not begin it, or its time is over. */
export async function finishSignIn(
  dependencies: SignInDependencies,
  headers: Headers,
  origin: string,
  back: { state?: string | undefined; code?: string | undefined; error?: string | undefined },
): Promise<SignInResult> {
  const secret = attemptSecretOf(headers);
  const { state = "", code = "" } = back;
  const left = secret === null ? null : readReturnState("sign-in", secret, state, dependencies.clock());
  if (secret === null || left === null) return { kind: "not_ours" };
  if (code === "") return { kind: "refused", refusal: notGiven(back.error ?? "") };
  const person = await dependencies.signIn.redeem(code, {
    redirectUri: origin + CALLBACK_PATH,
    nonce: derived("nonce", secret, state),
    codeVerifier: derived("verifier", secret, state),
  });
  if (person.kind !== "ok") return { kind: "refused", refusal: person };
  const { session, cookie } = await startSession(dependencies, person.value, origin);
  const cookies = [cookie, expiredCookie({ ...ATTEMPT, origin }), expiredCookie({ ...SIGNED_OUT, origin })];
  return { kind: "signed_in", session, to: localAddress(left.to, origin), cookies };
}

/** Who signed out must prove who they are to sign in again, though Scalekit may still know them: the cookie says so. */
export function signedOutCookie(origin: string): string {
  return cookieFor({ ...SIGNED_OUT, value: "1", seconds: 24 * 60 * 60, origin });
}

function attemptSecretOf(headers: Headers): string | null {
  const [secret, ...others] = new Set(readCookies(headers, ATTEMPT.name));
  return secret !== undefined && others.length === 0 && SECRET.test(secret) ? secret : null;
}

function derived(purpose: "nonce" | "verifier", secret: string, state: string): string {
  return createHmac("sha256", secret).update(`countersign ${purpose}\n${state}`).digest("base64url");
}

function notGiven(error: string): Refusal {
  return {
    kind: "rejected",
    code: "sign_in_not_given",
    reason:
      error === "access_denied"
        ? "The sign-in was cancelled, or Scalekit does not let you in."
        : "Scalekit did not complete the sign-in.",
    next: "Sign in again. If it happens again, ask who runs Countersign.",
  };
}
