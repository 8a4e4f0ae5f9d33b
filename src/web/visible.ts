import { CallerError, TeammateError } from "../domain/errors.ts";
import type { Review, ReviewSummary } from "../domain/review.ts";
import type { Teammate } from "../domain/teammate.ts";
import { recallConnection } from "../identity/connection.ts";
import { recognizeTeammate } from "../identity/teammates.ts";
import type { Runtime } from "../runtime.ts";
import type { Whose } from "../store/inbox.ts";
import { getReview } from "../store/reviews.ts";

/** Whose reviews a list is of: the caller's own, those of their teams' conversations, or all they may see. */
export const scopes = ["mine", "team", "all"] as const;
export type Scope = (typeof scopes)[number];

/**
 * A review the caller may see: their own, or one of a conversation that their own Intercom connection can read. Any other
 * is as unknown as one that does not exist.
 */
export async function requireVisibleReview(runtime: Runtime, identity: string, id: string): Promise<Review> {
  const review = await getReview(runtime.store.db, id);
  if (review === null) throw unknownReview();
  if (review.teammate === identity) return review;
  const reader = await recognizeTeammate(runtime, identity);
  if (reader.kind !== "ok") throw unknownReview();
  const readable = await runtime.sight.readable(reader.value, [review.conversationId]);
  if (readable.has(review.conversationId)) return review;
  throw unknownReview();
}

/** What to look for in the store for a scope. Only who is connected to Intercom may look further than their own. */
export async function whoseOf(runtime: Runtime, identity: string, scope: Scope): Promise<Whose> {
  if (scope === "mine") return { teammate: identity };
  const { teamIds } = await requireReader(runtime, identity);
  return scope === "team" ? { teams: teamIds } : "everybody";
}

/** Those of these reviews that the caller may see. */
export async function visibleOnly(
  runtime: Runtime,
  identity: string,
  reviews: readonly ReviewSummary[],
): Promise<ReviewSummary[]> {
  const others = reviews.filter(({ teammate }) => teammate !== identity);
  if (others.length === 0) return [...reviews];
  const reader = await requireReader(runtime, identity);
  const readable = await runtime.sight.readable(
    reader,
    others.map(({ conversationId }) => conversationId),
  );
  return reviews.filter(
    ({ teammate, conversationId }) => teammate === identity || readable.has(conversationId),
  );
}

async function requireReader(runtime: Runtime, identity: string): Promise<Teammate> {
  const { status, problem } = await recallConnection(runtime, identity);
  if (problem !== null && status !== "unknown") {
    throw new TeammateError(problem.code, problem.message, problem.next);
  }
  const reader = await recognizeTeammate(runtime, identity);
  if (reader.kind === "ok") return reader.value;
  throw new TeammateError(reader.code, reader.reason, reader.next);
}

/** What is said of a review that the caller may not see. */
export function unknownReview(): CallerError {
  return new CallerError(
    "review_unknown",
    "You have no such review.",
    "List yours with: countersign reviews --all",
  );
}
