import { editPlan, planDigest, type Plan } from "../domain/action.ts";
import type { Answer, Decision } from "../domain/decision.ts";
import type { Desk } from "../domain/desk.ts";
import type { ErrorReport } from "../domain/errors.ts";
import { mayDecide } from "../domain/permission.ts";
import type { Review } from "../domain/review.ts";
import type { Principal } from "../domain/teammate.ts";
import type { Database } from "../store/database.ts";
import { findDecision, recordDecision } from "../store/decisions.ts";
import { getReview } from "../store/reviews.ts";
import { findTeammate } from "../store/teammates.ts";
import type { ToolGateway } from "../tools/gateway.ts";
import { identifyTeammate } from "../tools/intercom.ts";
import { parseAnswer } from "./answer.ts";

/** What the checks of an answer need: none of them asks a vendor. */
export interface CheckDependencies {
  store: { db: Database };
  desk: Pick<Desk, "decide" | "unassigned">;
}

export interface DecideDependencies extends CheckDependencies {
  gateway: ToolGateway;
  clock: () => Date;
  newId: () => string;
}

export type Decided = { accepted: true; decision: Decision } | { accepted: false; report: ErrorReport };

/**
 * Records what a person answers to a review. Checks, in this order: the answer can be understood, the caller is a
 * person, the review is theirs by the desk's rules and still open, the digest is what they were shown, and for what would be written
 * their Intercom connection is good. Decision, deliveries and ledger entry are recorded together or not at all; a
 * review takes one decision. Sends nothing.
 */
export async function decide(
  dependencies: DecideDependencies,
  principal: Principal,
  reviewId: string,
  raw: unknown,
): Promise<Decided> {
  const { store, gateway, clock, newId } = dependencies;
  const checked = await checkAnswer(dependencies, principal, reviewId, raw);
  if (!checked.accepted) return checked;
  const { review, answer } = checked;

  const plan = planOf(review, answer);
  const disconnected = plan && (await connectionProblem(gateway, plan));
  if (disconnected) return refuse(disconnected);

  const id = newId();
  const decision: Decision = {
    id,
    reviewId: review.id,
    type: answer.type,
    decidedBy: principal.identity,
    via: principal.via,
    shownDigest: review.digest,
    plan,
    planDigest: plan && planDigest(plan),
    body: plan && bodyOf(review, answer),
    comment: commentOf(answer),
    decidedAt: clock().toISOString(),
  };
  const deliveries = (plan?.actions ?? []).map((action, position) => ({ id: newId(), position, action }));
  const recorded = await recordDecision(store.db, { decision, review, deliveries });
  return recorded.recorded
    ? { accepted: true, decision: recorded.decision }
    : refuse(notOpen(recorded.status, recorded.existing));
}

/** The checks of `decide` that need no vendor: used at the door, before a run is even started. Records nothing. */
export async function checkAnswer(
  { store, desk }: CheckDependencies,
  principal: Principal,
  reviewId: string,
  raw: unknown,
): Promise<{ accepted: true; review: Review; answer: Answer } | { accepted: false; report: ErrorReport }> {
  const review = await getReview(store.db, reviewId);
  if (review === null) {
    return refuse({
      code: "review_unknown",
      message: "There is no such review.",
      next: "List the open ones with: countersign reviews",
    });
  }
  const notTheirs = await whyNotTheirs({ store, desk }, principal, review);
  if (notTheirs) return refuse(notTheirs);
  if (review.status !== "open") {
    return refuse(notOpen(review.status, await findDecision(store.db, reviewId)));
  }
  const parsed = parseAnswer(raw, review);
  if (!parsed.understood) {
    return refuse({
      code: "answer_invalid",
      message: parsed.reason,
      next: "The review is still open: answer again.",
    });
  }
  if (parsed.answer.digest !== undefined && parsed.answer.digest !== review.digest) {
    return refuse({
      code: "digest_stale",
      message: "The digest you sent is not that of this draft, so this is not what you were shown.",
      next: `Look at it again with: countersign show ${review.id}`,
    });
  }
  return { accepted: true, review, answer: parsed.answer };
}

async function whyNotTheirs(
  { store, desk }: CheckDependencies,
  principal: Principal,
  review: Review,
): Promise<ErrorReport | null> {
  if (principal.kind !== "teammate" || principal.identity !== review.teammate) {
    return {
      code: "not_your_review",
      message: `This review is for ${review.teammate}; ${principal.identity} may not decide it.`,
      next: "Pick it up first, if the desk's rules let you: countersign pick-up <review>",
    };
  }
  const person = await findTeammate(store.db, principal.identity);
  const { assigneeId } = review.plan.seen;
  const permitted = person && mayDecide(desk, person, { assigneeId, teamId: review.teamId });
  if (permitted?.may) return null;
  return {
    code: "not_permitted",
    message: permitted?.reason ?? "Intercom has not said yet who you are there.",
    next: "Whom the rules name can pick the review up; desk/desk.yaml has them.",
  };
}

function planOf(review: Review, answer: Answer): Plan | null {
  switch (answer.type) {
    case "approve":
      return review.plan;
    case "edit":
      return editPlan(review.plan, answer.body, answer.followUps);
    case "revise":
    case "reject":
    case "take_over":
      return null;
  }
}

function bodyOf(review: Review, answer: Answer): string {
  return answer.type === "edit" ? answer.body : review.draft.body;
}

function commentOf(answer: Answer): string | null {
  if (answer.type === "revise") return answer.instruction;
  return answer.type === "reject" ? answer.reason : null;
}

async function connectionProblem(gateway: ToolGateway, plan: Plan): Promise<ErrorReport | null> {
  if (plan.actions.length === 0) return null;
  const { approver } = plan;
  const account = await gateway.findAccount(approver.identifier);
  if (account.kind !== "ok") return { code: account.code, message: account.reason, next: account.next };
  if (account.value?.status !== "active" || account.value.id !== approver.connectedAccountId) {
    return notConnected(approver.identifier);
  }
  // Scalekit does not hear of every revoked grant: only Intercom knows.
  const person = await identifyTeammate(gateway, approver);
  if (person.kind === "needs_connection") return notConnected(approver.identifier);
  if (person.kind !== "ok") return { code: person.code, message: person.reason, next: person.next };
  return person.value.adminId === approver.adminId ? null : notConnected(approver.identifier);
}

function notConnected(identifier: string): ErrorReport {
  return {
    code: "needs_connection",
    message: `Intercom does not take the connection of ${identifier} any more, so nothing can be sent as them.`,
    next: "Connect Intercom again, then approve again. The draft is kept.",
  };
}

function notOpen(status: Review["status"], decision: Decision | null): ErrorReport {
  return decision
    ? {
        code: "already_decided",
        message: `This review was already decided (${decision.type}) by ${decision.decidedBy} at ${decision.decidedAt}.`,
        next: "Nothing more is needed.",
      }
    : {
        code: "review_superseded",
        message: `This review is ${status}: a newer draft has taken its place.`,
        next: "List the open ones with: countersign reviews",
      };
}

function refuse(report: ErrorReport): { accepted: false; report: ErrorReport } {
  return { accepted: false, report };
}
