import { editPlan, planDigest, type Plan } from "../domain/action.ts";
import type { Classification } from "../domain/classification.ts";
import type { Contact, Conversation } from "../domain/conversation.ts";
import type { Outcome } from "../domain/delivery.ts";
import type { Draft } from "../domain/draft.ts";
import { DefectError } from "../domain/errors.ts";
import { noFindings, type Findings } from "../domain/findings.ts";
import type { Material } from "../domain/material.ts";
import type { Review } from "../domain/review.ts";
import type { Task } from "../domain/task.ts";
import type { Teammate } from "../domain/teammate.ts";
import { principalOf } from "../identity/principal.ts";
import type { Database } from "../store/database.ts";
import { findDecision } from "../store/decisions.ts";
import { getReview, openReview } from "../store/reviews.ts";
import { findTeammate } from "../store/teammates.ts";
import { threadIdOf } from "./thread.ts";

export interface ProposeDependencies {
  store: { db: Database };
  clock: () => Date;
  newId: () => string;
  /** Pins every argument of what would be written. */
  planWrites: (request: {
    draft: Draft;
    conversation: Conversation;
    contact: Contact | null;
    teammate: Teammate;
    at: Date;
  }) => Plan;
}

interface Proposable {
  task?: Task | undefined;
  material?: Material | undefined;
  classification?: Classification | undefined;
  findings?: Findings | undefined;
  draft?: Draft | undefined;
}

interface Proposed {
  reviewId: string;
  refusal: null;
  decided: null;
  decisionId: null;
  outcome: Outcome | null;
}

/**
 * Opens a review in the store for what the agents propose: every argument of what would be written is pinned and
 * covered by one digest. Stands before the interrupt because the interrupt may have no effect of its own.
 */
export function proposeNode(dependencies: ProposeDependencies) {
  return async (state: Proposable, config: unknown): Promise<Proposed> => {
    const proposal =
      state.task?.type === "reopen"
        ? await again(dependencies, state.task, principalOf(config).identity)
        : fresh(dependencies, state);
    const review = await openReview(
      dependencies.store.db,
      {
        ...proposal,
        id: dependencies.newId(),
        threadId: threadIdOf(config),
        digest: planDigest(proposal.plan),
      },
      dependencies.clock(),
    );
    return { reviewId: review.id, refusal: null, decided: null, decisionId: null, outcome: null };
  };
}

type Proposal = Omit<Review, "id" | "threadId" | "digest" | "version" | "status" | "createdAt">;

function fresh({ planWrites, clock }: ProposeDependencies, state: Proposable): Proposal {
  const { material, classification, draft, task } = state;
  if (!material || !classification || !draft) {
    throw new DefectError(
      "nothing_to_propose",
      "There is no draft to put before a teammate.",
      "Start a new run for the conversation.",
    );
  }
  const { conversation, contact, teammate } = material;
  const reason = task?.type === "draft" || task?.type === "revise" ? task : null;
  return {
    workspaceId: teammate.workspaceId,
    conversationId: conversation.id,
    teammate: teammate.identifier,
    teamId: conversation.teamId,
    customer: contact?.name ?? "the customer",
    title: conversation.title,
    classification,
    findings: state.findings ?? noFindings,
    draft,
    plan: planWrites({ draft, conversation, contact, teammate, at: clock() }),
    notice: reason?.notice ?? null,
    kept: reason?.kept ?? null,
  };
}

/** The same proposal once more, with the text that was approved and under the teammate's connection of today. */
async function again(
  { store }: ProposeDependencies,
  task: Extract<Task, { type: "reopen" }>,
  identifier: string,
): Promise<Proposal> {
  const [review, decision, teammate] = await Promise.all([
    getReview(store.db, task.reviewId),
    findDecision(store.db, task.reviewId),
    findTeammate(store.db, identifier),
  ]);
  if (review === null || teammate === null) {
    throw new DefectError(
      "nothing_to_reopen",
      "The review to open again is not in the store.",
      "Start a new run for the conversation.",
    );
  }
  const { connectedAccountId, adminId } = teammate;
  const plan = editPlan(decision?.plan ?? review.plan, task.body, undefined);
  return {
    ...review,
    draft: { ...review.draft, body: task.body },
    plan: { ...plan, approver: { identifier, connectedAccountId, adminId } },
    notice: task.notice,
  };
}
