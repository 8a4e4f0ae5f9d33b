import type { Context } from "hono";
import { Principal } from "../domain/teammate.ts";
import type { ConnectionDependencies } from "../identity/connection.ts";
import type { Refused } from "../identity/refused.ts";
import { refusalBody, refusalHeaders, refuse } from "../identity/refused.ts";
import { sessionTokenOf } from "../identity/session.ts";
import type { SignInDependencies } from "../identity/sign-in.ts";
import type { ReadAccountEvent, Refusal } from "../tools/gateway.ts";

/** What the routes about people need. The runtime has it. */
export interface PeopleDependencies extends SignInDependencies, ConnectionDependencies {
  /** Reads Scalekit's webhooks; null when no signing secret is configured, and none is taken then. */
  readAccountEvent: ReadAccountEvent | null;
}

/** Supplies the dependencies, which exist once the runtime is open. */
export type OpenPeople = () => Promise<PeopleDependencies>;

/** Who makes this request, as the LangGraph server authenticated them; null for nobody. */
export function principalOf(context: Context<PeopleEnvironment>): Principal | null {
  const principal = Principal.safeParse(context.get("auth")?.user);
  return principal.success ? principal.data : null;
}

export interface PeopleEnvironment {
  Variables: { auth?: { user: unknown } };
}

/** The signed-in person behind a request, with their session's token; null for who came by any other way. */
export function signedInAs(
  context: Context<PeopleEnvironment>,
): { identifier: string; sessionToken: string } | null {
  const principal = principalOf(context);
  const sessionToken = sessionTokenOf(context.req.raw.headers);
  if (principal?.via !== "session" || sessionToken === null) return null;
  return { identifier: principal.identity, sessionToken };
}

export function answerRefused(refused: Refused): Response {
  return new Response(refusalBody(refused), { status: refused.status, headers: refusalHeaders(refused) });
}

/** A refusal of the gateway, as an answer: who may not gets 403, what conflicts 409, what may work later 503. */
export function answerRefusal({ kind, code, reason, next }: Refusal): Response {
  const later = kind === "unavailable" || kind === "rate_limited";
  return answerRefused(refuse(later ? 503 : kind === "rejected" ? 409 : 403, code, reason, next));
}

export const teammatesOnly = refuse(
  403,
  "teammates_only",
  "This is for a teammate.",
  "Call it as the teammate it is about.",
);
export const sessionRequired = refuse(
  403,
  "session_required",
  "This works for a signed-in browser only.",
  "Sign in at /sign-in and try again from the page.",
);
export const hostRequired = refuse(
  400,
  "host_invalid",
  "The request names no host that can be sent back to.",
  "Open the server under its own address.",
);
