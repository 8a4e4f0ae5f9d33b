import { unsupportedSentences } from "../domain/draft.ts";
import type { Review } from "../domain/review.ts";

/** What Agent Inbox shows as the action; every value is text, as that is how it comes back. */
export interface ActionRequest {
  action: string;
  args: Record<string, string>;
}

/**
 * What a person sees at the interrupt. `action_request`, `config` and `description` are Agent Inbox's keys; the rest
 * is ours, for Studio and the review inbox. `refusal` says why the last answer was not accepted.
 */
export function reviewPayload(review: Review, refusal: string | null) {
  const { draft, plan, classification, findings } = review;
  return {
    action_request: actionRequestOf(review),
    config: { allow_accept: true, allow_edit: true, allow_respond: true, allow_ignore: true },
    description: describe(review, refusal),
    reviewId: review.id,
    version: review.version,
    digest: review.digest,
    conversationId: review.conversationId,
    title: review.title,
    target: { customer: review.customer, conversationId: review.conversationId },
    author: { teammate: review.teammate, adminId: plan.approver.adminId },
    channel: draft.channel,
    body: draft.body,
    actions: plan.actions,
    followUps: followUpsOf(review),
    citations: draft.sentences
      .filter((sentence) => sentence.kind === "fact")
      .map((sentence) => ({
        sentence: sentence.text,
        passages: findings.passages.filter((passage) => sentence.citations.includes(passage.id)),
      })),
    unsupported: unsupportedSentences(draft).map((sentence) => sentence.text),
    gaps: findings.gaps,
    warnings: warningsOf(review),
    classification,
    abstained: draft.abstained,
    engine: draft.engine,
    notice: review.notice,
    kept: review.kept,
    refusal,
  };
}

export function actionRequestOf(review: Review): ActionRequest {
  const { draft } = review;
  return {
    action:
      draft.body === "" ? "send_nothing" : draft.channel === "comment" ? "send_reply" : "add_internal_note",
    args: {
      body: draft.body,
      to: draft.channel === "comment" ? review.customer : "the team (internal)",
      from: review.teammate,
      conversation: review.conversationId,
      follow_ups: followUpsOf(review).join("; "),
      digest: review.digest,
    },
  };
}

/** What else happens on approval, in order; an edit names the ones to keep by their position here. */
export function followUpsOf(review: Review): string[] {
  return review.plan.actions.filter((action) => action.kind === "follow_up").map((action) => action.summary);
}

export function warningsOf(review: Review): string[] {
  const { classification, draft, findings } = review;
  const uncertain = classification.uncertain
    ? [`The topic is uncertain: ${classification.topic}, ${Math.round(classification.confidence * 100)} %.`]
    : [];
  return [...new Set([...uncertain, ...draft.warnings, ...findings.cautions])];
}

function describe(review: Review, refusal: string | null): string {
  const { classification, draft, findings } = review;
  const sections = [
    refusal && `**The last answer was not accepted.** ${refusal}`,
    review.notice && `**${review.notice}**`,
    `**${review.title}**`,
    review.plan.actions.find((action) => action.kind === "reply")?.summary ?? "No reply will be written.",
    followUpsOf(review)
      .map((followUp, index) => `${index + 1}. ${followUp}`)
      .join("\n"),
    `Topic: ${classification.topic} (${Math.round(classification.confidence * 100)} %), ${classification.urgency} urgency. ${classification.reason}`,
    draft.body && `---\n${draft.body}\n---`,
    review.kept && review.kept !== draft.body && `Your earlier text, not sent:\n\n${review.kept}`,
    list(
      "Sources",
      findings.passages.map(({ id, source, quote }) => `[${id}] ${source.title}: “${quote}”`),
    ),
    list(
      "Unsupported",
      unsupportedSentences(draft).map((sentence) => sentence.text),
    ),
    list(
      "Not found",
      findings.gaps.map((gap) => `${gap.ask}: ${gap.reason}`),
    ),
    list("Warnings", warningsOf(review)),
  ];
  return sections.filter(Boolean).join("\n\n");
}

function list(title: string, items: readonly string[]): string {
  return items.length === 0 ? "" : `${title}:\n${items.map((item) => `- ${item}`).join("\n")}`;
}
