import type { Decision, DecisionType } from "../../src/domain/decision.ts";
import type { Review } from "../../src/domain/review.ts";
import type { Database } from "../../src/store/database.ts";
import { findDecisions } from "../../src/store/decisions.ts";
import { findOutcomes, type ReviewOutcome } from "../../src/store/review-outcomes.ts";
import { listReviews } from "../../src/store/reviews.ts";
import { groupBy } from "../figures.ts";
import { bandOf, editDistance } from "./distance.ts";
import type { ReplayedAnswer } from "./replay-document.ts";

/** One answer as the store knows it: the draft that was decided first, and how it ended. */
export interface PastAnswer {
  /** The first review of it that anybody decided. */
  review: Review;
  /** The decision that ended it. */
  decision: Decision;
  /** What Intercom was sent; null when a person rejected the draft or answered by hand. */
  sent: string | null;
  /** How often it was sent back for another draft. */
  sentBack: number;
}

interface Decided {
  review: Review;
  decision: Decision | null;
  outcome: ReviewOutcome | null;
}

const AT_A_TIME = 200;

/**
 * Reads what people decided, from the newest review back to `since` and at most `limit` answers. Several reviews are one
 * answer when they were drafted for the same message: after an instruction, or when what was approved did not get out.
 * Writes nothing.
 */
export async function readPastAnswers(
  db: Database,
  { since, limit }: { since: Date | null; limit: number },
): Promise<{ answers: PastAnswer[]; leftOut: string[] }> {
  const decided = await readDecided(db, since);
  const leftOut: string[] = [];
  const byConversation = groupBy(decided, ({ review }) => `${review.workspaceId}/${review.conversationId}`);
  const answers = [...byConversation.values()].flatMap((reviews) => answersOf(reviews, leftOut));
  answers.sort((one, other) => (one.decision.decidedAt < other.decision.decidedAt ? 1 : -1));
  return { answers: answers.slice(0, limit), leftOut };
}

async function readDecided(db: Database, since: Date | null): Promise<Decided[]> {
  const all: Decided[] = [];
  let before: string | undefined;
  for (;;) {
    const page = await listReviews(db, { limit: AT_A_TIME, ...(before !== undefined && { before }) });
    const recent = page.filter(({ createdAt }) => since === null || new Date(createdAt) >= since);
    const ids = recent.map(({ id }) => id);
    const [decisions, outcomes] = [await findDecisions(db, ids), await findOutcomes(db, ids)];
    const read = recent.map((review) => ({
      review,
      decision: decisions.get(review.id) ?? null,
      outcome: outcomes.get(review.id) ?? null,
    }));
    all.unshift(...read);
    before = page[0]?.id;
    if (page.length < AT_A_TIME || recent.length < page.length) return all;
  }
}

/** The answers of one conversation, its reviews oldest first. */
function answersOf(reviews: readonly Decided[], leftOut: string[]): PastAnswer[] {
  const answers: PastAnswer[] = [];
  let begun: { review: Review; sentBack: number } | null = null;
  const end = (reason: string) => {
    leftOut.push(reason);
    begun = null;
  };
  for (const { review, decision, outcome } of reviews) {
    const moved = begun && begun.review.plan.seen.lastPartId !== review.plan.seen.lastPartId;
    if (moved) end("the conversation went on before the answer was sent");
    if (!decision) {
      if (!begun)
        leftOut.push(review.status === "open" ? "nobody has decided yet" : "replaced before anybody decided");
      continue;
    }
    begun ??= { review, sentBack: 0 };
    const ending = endingOf(decision, outcome);
    if (ending === "sent back") begun.sentBack += 1;
    else if (ending === "under way") end("on its way, or being looked for");
    else if (ending === "nothing") end("the draft was to send nothing, and a person agreed");
    else if (ending !== "not sent") {
      answers.push({ ...begun, decision, sent: ending === "sent" ? decision.body : null });
      begun = null;
    }
  }
  if (begun) end("sent back or not delivered, and not answered since");
  return answers;
}

type Ending = "sent" | "not sent" | "under way" | "nothing" | "sent back" | "rejected";

function endingOf(decision: Decision, outcome: ReviewOutcome | null): Ending {
  const otherwise: Partial<Record<DecisionType, Ending>> = {
    revise: "sent back",
    reject: "rejected",
    take_over: "rejected",
  };
  const other = otherwise[decision.type];
  if (other) return other;
  // Deliveries stand in the order of the plan's actions.
  const position = decision.plan?.actions.findIndex(({ kind }) => kind === "reply") ?? -1;
  const status = outcome?.deliveries[position]?.status;
  if (position === -1 || decision.body === null) return "nothing";
  if (status === "sent") return "sent";
  return status === "failed" || status === "stale" || status === "skipped" ? "not sent" : "under way";
}

/** How the first draft compares with what was sent. */
export function comparePast({ review, decision, sent, sentBack }: PastAnswer): ReplayedAnswer {
  const { draft, classification, conversationId } = review;
  const isNote = draft.channel === "note";
  const distance = sent === null || isNote ? null : editDistance(draft.body, sent);
  const times = sentBack === 0 ? "" : ` Sent back ${sentBack === 1 ? "once" : `${sentBack} times`} before.`;
  return {
    conversationId,
    at: decision.decidedAt,
    topic: classification.topic,
    messages: [],
    asks: classification.asks,
    draft: { channel: draft.channel, body: draft.body },
    sent,
    fate: isNote ? "person" : distance === null ? "rejected" : bandOf(distance),
    distance,
    reason: `${sentences[decision.type]}${decision.comment === null ? "" : ` ${decision.comment}`}${times}`,
  };
}

const sentences: Record<DecisionType, string> = {
  approve: "Approved.",
  edit: "Edited and approved.",
  reject: "Rejected:",
  take_over: "A person answered by hand.",
  revise: "Sent back:",
};
