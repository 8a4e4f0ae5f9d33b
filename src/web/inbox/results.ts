import type { Answer } from "../../domain/decision.ts";
import type { Problem, Progress } from "../api.ts";
import { noAnswer, type Answered } from "./answered.ts";

/** What came of a decision. */
export interface DecisionResult {
  status: "done" | "failed";
  /** In a sentence. */
  message: string;
  problem: Problem | null;
  /** The new draft that followed, if any. */
  nextReviewId: string | null;
}

/** What an answer to a decision says of it. */
export function resultOf(answer: Answer, reviewId: string, answered: Answered<Progress>): DecisionResult {
  switch (answered.kind) {
    case "offline":
      return failed({ ...noAnswer, next: "It may have arrived: the review shows what became of it." });
    case "signed_out":
      return failed({
        code: "signed_out",
        message: "You are signed out.",
        next: "Sign in again; your text is kept.",
      });
    case "refused":
      return failed(answered.problem);
    case "ok":
      return outcomeOf(answer, reviewId, answered.value);
  }
}

function outcomeOf(answer: Answer, reviewId: string, progress: Progress) {
  switch (progress.type) {
    case "busy":
      return failed({
        code: "busy",
        message: "The agents are at work on this conversation.",
        next: "Decide again in a moment.",
      });
    case "failed":
      return failed({
        code: "run_failed",
        message: progress.reason,
        next: "Open the review to see where it stands.",
      });
    case "working":
      return done("Under way.");
    case "waiting":
      if (progress.reviewId === reviewId) {
        return failed({
          code: "still_open",
          message: "The answer was not taken.",
          next: "The review is still open.",
        });
      }
      return answer.type === "revise"
        ? done("There is a new draft.", progress.reviewId)
        : failed(
            {
              code: "overtaken",
              message: "Nothing was sent: the conversation moved on.",
              next: "There is a new draft, with your text beside it.",
            },
            progress.reviewId,
          );
    case "ended":
      return ended(answer, progress.outcome);
  }
}

function ended(answer: Answer, outcome: Extract<Progress, { type: "ended" }>["outcome"]) {
  switch (outcome.type) {
    case "sent":
      return done(answer.type === "approve" || answer.type === "edit" ? "Done, as approved." : "Done.");
    case "rejected":
      return done("Rejected. Nothing was sent.");
    case "taken_over":
      return done("It is yours: answer in Intercom.");
    case "unknown":
      return done(`Being reconciled: ${outcome.reason}`);
    case "incomplete":
      return failed({
        code: "incomplete",
        message: `The reply was sent. ${outcome.reason}`,
        next: "Do the rest in Intercom.",
      });
    case "stale":
    case "failed":
    case "blocked":
      return failed({ code: outcome.type, message: outcome.reason, next: "Nothing was sent." });
  }
}

function done(message: string, nextReviewId: string | null = null) {
  return { status: "done" as const, message, problem: null, nextReviewId };
}

function failed(problem: Problem, nextReviewId: string | null = null) {
  return { status: "failed" as const, message: problem.message, problem, nextReviewId };
}
