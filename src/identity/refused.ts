import type { ErrorReport } from "../domain/errors.ts";

/** A request that is not carried out, as a value: the HTTP status and what the caller is told. */
export interface Refused extends ErrorReport {
  kind: "refused";
  status: 400 | 401 | 403 | 404 | 409 | 413 | 422 | 503;
}

export function refuse(status: Refused["status"], code: string, message: string, next: string): Refused {
  return { kind: "refused", status, code, message, next };
}

export function isRefused(judged: { kind: string }): judged is Refused {
  return judged.kind === "refused";
}

/** The body of the answer: JSON with `code`, `message` and `next`, in this order. */
export function refusalBody(refused: Refused): string {
  return JSON.stringify({ code: refused.code, message: refused.message, next: refused.next });
}

/** The headers that go with it. A 401 names the scheme, as HTTP asks. */
export function refusalHeaders(refused: Refused): Record<string, string> {
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (refused.status === 401) headers["www-authenticate"] = 'Bearer realm="Countersign"';
  return headers;
}

export const nobody = refuse(
  401,
  "no_credential",
  "This request carries no token, and nobody is signed in.",
  "Sign in at /sign-in, or send a Countersign token (cst_...) or an access token of your Scalekit environment as `Authorization: Bearer` or as `x-api-key`.",
);
export const routeClosed = refuse(
  403,
  "route_closed",
  "Countersign does not offer this to you.",
  "Use threads, runs on a thread, their state and history, and assistants.",
);
export const threadBusy = refuse(
  422,
  "thread_busy",
  "This thread is running already.",
  "Wait until its run has ended or waits for an answer, and try again.",
);
