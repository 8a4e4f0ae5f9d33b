import { interrupt } from "@langchain/langgraph";
import type { Outcome } from "../domain/delivery.ts";
import { DefectError, reportOf } from "../domain/errors.ts";
import type { DecisionType } from "../domain/decision.ts";
import { principalOf } from "../identity/principal.ts";
import type { Log } from "../log.ts";
import { getReview } from "../store/reviews.ts";
import { AnswerDialects, type AnswerDialect } from "./answer.ts";
import { decide, type Decided, type DecideDependencies } from "./decide.ts";
import { reviewPayload } from "./payload.ts";

export interface ReviewDependencies extends DecideDependencies {
  log: Log;
}

interface Reviewed {
  refusal: string | null;
  decisionId: string | null;
  decided: DecisionType | null;
  outcome: Outcome | null;
}

/**
 * Asks the teammate. Before the interrupt it only reads; after it the answer is recorded or refused, and a refused
 * one asks again with the reason. It never throws once the answer is there: a throw would be replayed for ever.
 */
export function reviewNode(dependencies: ReviewDependencies) {
  return async (
    state: { reviewId?: string | undefined; refusal?: string | null | undefined },
    config: unknown,
  ): Promise<Reviewed> => {
    const review = await getReview(dependencies.store.db, state.reviewId ?? "");
    if (review === null) {
      throw new DefectError("review_unknown", "There is no review to ask about.", "Start a new run.");
    }
    const answer = interrupt<ReturnType<typeof reviewPayload>, AnswerDialect>(
      reviewPayload(review, state.refusal ?? null),
      { responseSchema: AnswerDialects },
    );
    const decided = await decideSafely(dependencies, config, review.id, answer);
    if (!decided.accepted) {
      const { message, next } = decided.report;
      return { refusal: `${message} ${next}`, decisionId: null, decided: null, outcome: null };
    }
    const { id, type } = decided.decision;
    return { refusal: null, decisionId: id, decided: type, outcome: outcomeOf(type) };
  };
}

async function decideSafely(
  dependencies: ReviewDependencies,
  config: unknown,
  reviewId: string,
  answer: unknown,
): Promise<Decided> {
  try {
    return await decide(dependencies, principalOf(config), reviewId, answer);
  } catch (error) {
    dependencies.log.error({ err: error, reviewId }, "a decision could not be recorded");
    return { accepted: false, report: reportOf(error) };
  }
}

function outcomeOf(type: DecisionType): Outcome | null {
  if (type === "reject") return { type: "rejected" };
  return type === "take_over" ? { type: "taken_over" } : null;
}
