import { z } from "zod";
import type { ErrorReport } from "../domain/errors.ts";
import type { Principal } from "../domain/teammate.ts";
import { listReviews } from "../store/reviews.ts";
import { checkAnswer, type CheckDependencies } from "./decide.ts";

/** An answer by interrupt id, as LangGraph's clients send it: one id, one value. */
const ByInterrupt = z
  .record(z.string().regex(/^[0-9a-f]{32}$/), z.unknown())
  .refine((resume) => Object.keys(resume).length === 1);

/**
 * Whether a resume would be accepted, asked before the server starts the run, so that a refused one consumes
 * nothing. Null when it would. `status` is an HTTP status.
 */
export async function checkResume(
  dependencies: CheckDependencies,
  principal: Principal,
  threadId: string,
  resume: unknown,
): Promise<(ErrorReport & { status: 409 | 422 }) | null> {
  const [review] = await listReviews(dependencies.store.db, { threadId, limit: 1 });
  if (review === undefined) {
    return {
      status: 409,
      code: "nothing_to_answer",
      message: "This thread has never asked for an answer.",
      next: "Start a run for the conversation first.",
    };
  }
  const byInterrupt = ByInterrupt.safeParse(resume);
  const answer = byInterrupt.success ? Object.values(byInterrupt.data)[0] : resume;
  const checked = await checkAnswer(dependencies, principal, review.id, answer);
  if (checked.accepted) return null;
  return { ...checked.report, status: checked.report.code === "answer_invalid" ? 422 : 409 };
}
