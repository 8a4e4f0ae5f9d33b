import type { Problem, Progress, ReviewPage } from "../api.ts";
import type { Answered } from "./answered.ts";
import { resultOf } from "./results.ts";

/** One draft that is looked at before it is approved together with others. */
export interface Choice {
  id: string;
  customer: string;
  title: string;
  /** Null until it was read. */
  page: ReviewPage | null;
  /** Why it could not be read. */
  problem: Problem | null;
  ticked: boolean;
}

/** What became of one draft of a batch. `unknown`: it left, and nothing was heard. `held`: it never left, or never arrived. */
export type ItemStatus =
  "waiting" | "sending" | "sent" | "reconciling" | "back" | "refused" | "unknown" | "held";

export interface BatchItem {
  id: string;
  customer: string;
  title: string;
  /** Of what the dialog showed. Nothing else is ever approved. */
  digest: string;
  status: ItemStatus;
  message: string;
  /** The new draft that took its place, if any. */
  nextReviewId: string | null;
}

/** Approvals that leave together. `waiting` can be undone; `over` has a result for each, or says what is not known. */
export interface BatchRun {
  items: readonly BatchItem[];
  status: "waiting" | "sending" | "over";
  /** Milliseconds since the epoch. */
  leavesAt: number;
}

export type ItemResult = Pick<BatchItem, "status" | "message" | "nextReviewId">;

/** Why a draft cannot be approved from here at all; null when it can. */
export function hindranceTo({ page, problem }: Choice): string | null {
  if (problem) return `It cannot be read: ${problem.message}`;
  if (page === null) return "It is being read.";
  const { review, conversation } = page;
  if (review.status === "decided") return "It has been decided meanwhile.";
  if (review.status === "superseded") return "A newer draft has taken its place.";
  if (page.permission.kind !== "yours") return `It is for ${page.authorName}: pick it up to decide it.`;
  if (conversation.kind === "refused")
    return `The conversation cannot be read as you: ${conversation.message}`;
  return conversation.change === null ? null : `Out of date: ${conversation.change}`;
}

/** What speaks for reading a draft by itself, a sentence each. One without any is ticked to begin with. */
export function doubtsAbout(page: ReviewPage, edited: boolean): string[] {
  const { review, shown } = page;
  const { draft, classification, kept } = review;
  const unsupported = draft.sentences.filter(
    ({ kind, citations }) => kind === "fact" && citations.length === 0,
  ).length;
  const topic = classification.uncertain ? [`The topic is uncertain: ${page.topicTitle}.`] : [];
  return [
    ...(unsupported > 0
      ? [unsupported === 1 ? "1 sentence has no source." : `${unsupported} sentences have no source.`]
      : []),
    ...(shown.warnings.some((warning) => warning.startsWith("The topic is uncertain")) ? [] : topic),
    ...shown.warnings,
    ...(edited ? ["You began to edit it: this would send the draft as it is here."] : []),
    ...(kept === null ? [] : ["An earlier text of yours was not sent: it is kept beside this draft."]),
  ];
}

/** What the answer to an approval says of it. */
export function resultOfApproval(
  digest: string,
  id: string,
  answered: Exclude<Answered<Progress>, { kind: "signed_out" }>,
): ItemResult {
  if (answered.kind === "offline") {
    return { status: "unknown", message: "It may have arrived: looking…", nextReviewId: null };
  }
  const { status, message, problem, nextReviewId } = resultOf({ type: "approve", digest }, id, answered);
  const text = problem ? `${problem.message} ${problem.next}` : message;
  const ended =
    answered.kind === "ok" && answered.value.type === "ended" ? answered.value.outcome.type : null;
  if (status === "done") return { status: ended === "sent" ? "sent" : "reconciling", message, nextReviewId };
  const back = nextReviewId !== null || ended === "stale" || ended === "failed";
  return { status: back ? "back" : "refused", message: text, nextReviewId };
}

/** What a review that was read again says of an approval whose answer was lost; null while it says nothing yet. */
export function resultInPage(page: ReviewPage, digest: string): ItemResult | null {
  const { review, decision, deliveries } = page;
  if (decision === null) {
    if (review.status !== "superseded") return null;
    return { status: "back", message: "A newer draft has taken its place.", nextReviewId: newerIn(page) };
  }
  if (decision.type !== "approve" || decision.shownDigest !== digest) {
    const message = `It was decided otherwise, by ${decision.decidedBy}.`;
    return { status: "refused", message, nextReviewId: null };
  }
  const undelivered = deliveries.find(({ status }) => ["stale", "failed", "skipped"].includes(status));
  if (undelivered) {
    const message = undelivered.reason ?? "It was not sent.";
    return { status: "back", message, nextReviewId: newerIn(page) };
  }
  if (deliveries.every(({ status }) => status === "sent")) {
    return { status: "sent", message: "Done, as approved.", nextReviewId: null };
  }
  if (deliveries.some(({ status }) => status === "unknown")) {
    return { status: "reconciling", message: "Being reconciled.", nextReviewId: null };
  }
  return null;
}

const summaries: [ItemStatus, string][] = [
  ["sent", "sent"],
  ["reconciling", "being reconciled"],
  ["back", "came back"],
  ["refused", "refused"],
  ["unknown", "unknown"],
  ["held", "not sent"],
];

/** "2 sent, 1 came back", in words that claim no more than is known. */
export function summaryOf(items: readonly BatchItem[]): string {
  return summaries
    .map(([status, words]) => [items.filter((item) => item.status === status).length, words] as const)
    .filter(([count]) => count > 0)
    .map(([count, words]) => `${count} ${words}`)
    .join(", ");
}

function newerIn({ history, review }: ReviewPage): string | null {
  return (
    history.find(({ status, version }) => status === "open" && version > review.version)?.reviewId ?? null
  );
}
