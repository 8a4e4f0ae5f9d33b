import type { Refusal } from "./gateway.ts";

/** What happened and what to do, for each code the gateway gives. A code is stable: programs may rely on it. */
const explanations = {
  policy_denied: {
    kind: "denied",
    reason: "The capability policy does not allow this call.",
    next: "Nothing was sent. Change src/tools/policy.ts if the desk should be able to do this.",
  },
  invalid_arguments: {
    kind: "rejected",
    reason: "The arguments of the call are not acceptable.",
    next: "Correct the arguments before calling again.",
  },
  grant_revoked: {
    kind: "needs_connection",
    reason: "Intercom no longer accepts this teammate's connection.",
    next: "Ask the teammate to connect Intercom again.",
  },
  connection_inactive: {
    kind: "needs_connection",
    reason: "This teammate's Intercom connection is not active.",
    next: "Ask the teammate to connect Intercom.",
  },
  not_authorized: {
    kind: "denied",
    reason: "Intercom does not let this teammate access that.",
    next: "Ask a workspace admin for the permission, or use a teammate who has it.",
  },
  intercom_forbidden: {
    kind: "denied",
    reason: "Intercom forbids this to the teammate, the plan or the connection's scopes.",
    next: "Check the teammate's role in Intercom and the scopes of the connection.",
  },
  article_not_published: {
    kind: "denied",
    reason: "The article is not published, so it may not be used in an answer.",
    next: "Publish it in Intercom, or use another article.",
  },
  not_found: {
    kind: "rejected",
    reason: "Intercom has nothing under that id, or this teammate cannot see it.",
    next: "Check the id; the object may have been deleted or merged.",
  },
  intercom_rejected: {
    kind: "rejected",
    reason: "Intercom does not accept this request.",
    next: "Correct the request; the same one will be refused again.",
  },
  intercom_rate_limited: {
    kind: "rate_limited",
    reason: "Intercom's rate limit is reached.",
    next: "Try again in a minute.",
  },
  intercom_unavailable: {
    kind: "unavailable",
    reason: "Intercom failed or did not answer in time.",
    next: "Try again later.",
  },
  scalekit_credentials_refused: {
    kind: "unavailable",
    reason: "Scalekit does not accept Countersign's own client id and secret.",
    next: "The operator must check the Scalekit environment, client id and client secret.",
  },
  scalekit_forbidden: {
    kind: "denied",
    reason: "Scalekit does not allow Countersign to do this.",
    next: "The operator must check the client's permissions in Scalekit.",
  },
  scalekit_rejected: {
    kind: "rejected",
    reason: "Scalekit does not accept this request.",
    next: "Check that the connection offers the tool and that its name is configured right.",
  },
  scalekit_rate_limited: {
    kind: "rate_limited",
    reason: "Scalekit's rate limit is reached.",
    next: "Try again in a minute.",
  },
  scalekit_timeout: {
    kind: "unavailable",
    reason: "Scalekit did not answer in time.",
    next: "Try again later.",
  },
  scalekit_unavailable: {
    kind: "unavailable",
    reason: "Scalekit cannot be reached or failed.",
    next: "Try again later.",
  },
  unexpected_shape: {
    kind: "rejected",
    reason: "The answer is not what the tool should give.",
    next: "The connector may have changed: compare its answer with what Countersign expects.",
  },
  output_too_large: {
    kind: "rejected",
    reason: "The answer is too large to read safely.",
    next: "Ask for less at a time.",
  },
} as const satisfies Record<string, Pick<Refusal, "kind" | "reason" | "next">>;

export type RefusalCode = keyof typeof explanations;

/** The refusal of a code; `detail` replaces its general reason with what happened here. */
export function refuse(code: RefusalCode, detail?: string): Refusal {
  return { ...explanations[code], code, ...(detail !== undefined && { reason: detail }) };
}
