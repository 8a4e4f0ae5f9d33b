import { changeByOthers, changeSince } from "../domain/change.ts";
import type { Classification } from "../domain/classification.ts";
import { unansweredMessages, type Contact, type Conversation } from "../domain/conversation.ts";
import type { Outcome } from "../domain/delivery.ts";
import type { Desk } from "../domain/desk.ts";
import type { Findings } from "../domain/findings.ts";
import type { Material } from "../domain/material.ts";
import { mayDecide } from "../domain/permission.ts";
import type { Task } from "../domain/task.ts";
import type { Principal, Teammate } from "../domain/teammate.ts";
import { principalOf } from "../identity/principal.ts";
import { recognizeTeammate, type TeammateDependencies } from "../identity/teammates.ts";
import type { Log } from "../log.ts";
import { appendFact } from "../store/audit.ts";
import { supersedeReview } from "../store/reviews.ts";
import { saveTeammate } from "../store/teammates.ts";
import type { ReadOutcome, Refusal, ToolGateway } from "../tools/gateway.ts";
import { readContact } from "../tools/contacts.ts";
import { readConversation } from "../tools/conversations.ts";
import { identifyTeammate, readDirectory } from "../tools/intercom.ts";
import { findSituation, type Situation } from "./situation.ts";
import { threadIdOf } from "./thread.ts";

export interface LoadDependencies extends TeammateDependencies {
  desk: Pick<Desk, "decide" | "unassigned">;
  log: Log;
}

interface Loaded {
  task: Task;
  material?: Material;
  classification?: Classification;
  findings?: Findings;
  reviewId?: string;
  decisionId: string | null;
  /** What an earlier run left is over. */
  decided: null;
  refusal: null;
  outcome: Outcome | null;
}

/**
 * Finds out what there is to do for a conversation: asks the store where it stands, reads it from Intercom as the
 * caller, and never as anybody else. Records nothing but a refusal, and that a draft waits for nobody any more.
 */
export function loadNode(dependencies: LoadDependencies) {
  return async (state: { conversationId: string }, config: unknown): Promise<Loaded> => {
    const principal = principalOf(config);
    const teammate = await recognizeTeammate(dependencies, principal.identity);
    if (teammate.kind !== "ok") return await blocked(dependencies, principal, state.conversationId, teammate);

    const { workspaceId } = teammate.value;
    const situation = await findSituation(dependencies.store.db, workspaceId, state.conversationId);
    const unread = taskWithoutReading(situation, teammate.value);
    if (unread) return loaded(unread);

    const read = await readMaterial(dependencies, teammate.value, state.conversationId);
    if (read.kind !== "ok") return await blocked(dependencies, principal, state.conversationId, read);
    const material = read.value;
    const settled = principal.kind === "dispatcher" && settledElsewhere(situation, material.conversation);
    if (settled && situation.type === "open") {
      await supersedeReview(dependencies.store.db, situation.review.id, settled, dependencies.clock());
      return loaded(stop({ type: "blocked", reason: settled }));
    }
    const task = taskFor(dependencies.desk, situation, material, principal, threadIdOf(config));
    return {
      ...loaded(task),
      material,
      ...(task.type === "revise" && "review" in situation
        ? { classification: situation.review.classification, findings: situation.review.findings }
        : {}),
    };
  };
}

/**
 * Why an open draft waits for nobody any more, in a sentence; null when somebody does. Asked by the desk alone: a person
 * who opens a conversation wants a draft of it.
 */
function settledElsewhere(situation: Situation, conversation: Conversation): string | null {
  if (situation.type !== "open" || changeSince(situation.review.plan, conversation) === null) return null;
  if (conversation.state === "closed") return "The conversation was closed in Intercom.";
  return unansweredMessages(conversation).length === 0 ? "It was answered in Intercom." : null;
}

/** What to do when the store alone can tell; null when the conversation has to be read. */
function taskWithoutReading(situation: Situation, teammate: Teammate): Task | null {
  switch (situation.type) {
    case "underway":
      return situation.queued
        ? { type: "deliver", decisionId: situation.decisionId }
        : stop({ type: "unknown", reason: "An approved reply is on its way, or being reconciled." });
    case "undelivered":
      return situation.review.teammate === teammate.identifier
        ? { type: "reopen", reviewId: situation.review.id, body: situation.body, notice: situation.reason }
        : null;
    case "new":
    case "open":
    case "revise":
    case "overtaken":
    case "settled":
      return null;
  }
}

/** What to do with a conversation as it is now. */
export function taskFor(
  desk: LoadDependencies["desk"],
  situation: Situation,
  material: Material,
  principal: Principal,
  threadId: string,
): Task {
  const { conversation, teammate } = material;
  const forbidden = whyNot(desk, situation, conversation, teammate);
  if (forbidden) return stop({ type: "blocked", reason: forbidden });
  if (situation.type === "new") return draft(null);

  const { review } = situation;
  const change = changeSince(review.plan, conversation);
  switch (situation.type) {
    case "open":
      if (change !== null) return draft(`There is a new draft: ${change}`);
      if (review.plan.approver.connectedAccountId !== teammate.connectedAccountId) {
        const notice = "Your Intercom connection was renewed.";
        return { type: "reopen", reviewId: review.id, body: review.draft.body, notice };
      }
      if (review.threadId === threadId) return { type: "restore", reviewId: review.id };
      return principal.kind === "dispatcher"
        ? { type: "reopen", reviewId: review.id, body: review.draft.body, notice: "Its thread was lost." }
        : stop({ type: "blocked", reason: `Its draft waits in thread ${review.threadId}: answer it there.` });
    case "revise": {
      const { instruction } = situation;
      const previousBody = review.draft.body;
      return change === null
        ? { type: "revise", notice: null, kept: null, instruction, previousBody }
        : { ...draft(`There is a new draft: ${change}`), instruction, previousBody };
    }
    case "overtaken":
      return { ...draft(`Nothing was sent: ${situation.reason}`), kept: situation.body };
    case "undelivered":
      return { ...draft(situation.reason), kept: situation.body };
    case "settled":
      return principal.kind === "dispatcher" && changeByOthers(review.plan, conversation) === null
        ? stop(situation.outcome)
        : draft(null);
    case "underway":
      return stop({ type: "unknown", reason: "An approved reply is on its way, or being reconciled." });
  }
}

/**
 * Why a teammate may not draft for a conversation now, in a sentence; null when they may. A draft that waits stays with
 * the teammate who has it until the conversation is assigned anew, or somebody picks it up.
 */
export function whyNot(
  desk: LoadDependencies["desk"],
  situation: Situation,
  conversation: Conversation,
  teammate: Teammate,
): string | null {
  if (conversation.state === "closed") {
    return "The conversation is closed. Reopen it in Intercom to have it answered.";
  }
  const permitted = mayDecide(desk, teammate, conversation);
  if (!permitted.may) return permitted.reason;
  if (situation.type === "new") return null;
  const { assigneeId } = conversation;
  const { teammate: holder, plan } = situation.review;
  const isAssignedAnew = assigneeId !== plan.seen.assigneeId;
  if (isAssignedAnew && assigneeId !== null && assigneeId !== teammate.adminId) {
    return "The conversation was assigned to another teammate.";
  }
  const waitsForAnother = situation.type === "open" && holder !== teammate.identifier && !isAssignedAnew;
  return waitsForAnother ? `${holder} already has a draft of this conversation.` : null;
}

async function readMaterial(
  { store, gateway, clock }: LoadDependencies,
  known: Teammate,
  conversationId: string,
): Promise<ReadOutcome<Material>> {
  const conversationAndContact = readConversation(gateway, known, conversationId).then(
    async (conversation) => ({ conversation, contact: await contactOf(gateway, known, conversation) }),
  );
  const [person, { conversation, contact }, directory] = await Promise.all([
    identifyTeammate(gateway, known),
    conversationAndContact,
    readDirectory(gateway, known),
  ]);
  if (person.kind !== "ok") return person;
  if (conversation.kind !== "ok") return conversation;
  if (directory.kind !== "ok") return directory;
  if (contact !== null && contact.kind !== "ok" && contact.code !== "not_found") return contact;
  await saveTeammate(store.db, person.value, clock());
  return {
    kind: "ok",
    executionId: null,
    value: {
      conversation: conversation.value,
      contact: contact?.kind === "ok" ? contact.value : null,
      teammate: person.value,
      directory: directory.value,
    },
  };
}

/** Only the conversation tells who the customer is, so this read follows that one and no other. */
async function contactOf(
  gateway: ToolGateway,
  known: Teammate,
  conversation: ReadOutcome<Conversation>,
): Promise<ReadOutcome<Contact> | null> {
  if (conversation.kind !== "ok" || conversation.value.contactId === null) return null;
  return await readContact(gateway, known, conversation.value.contactId);
}

async function blocked(
  { store, clock, log }: LoadDependencies,
  principal: Principal,
  conversationId: string,
  refusal: Refusal,
): Promise<Loaded> {
  const { code } = refusal;
  log.warn({ conversationId, teammate: principal.identity, code }, "the conversation cannot be read");
  await store.db.transaction((transaction) =>
    appendFact(
      transaction,
      { actor: principal.identity, event: "conversation.blocked", conversationId, data: { code } },
      clock(),
    ),
  );
  return loaded(stop({ type: "blocked", reason: `${refusal.reason} ${refusal.next}` }));
}

function draft(notice: string | null): Task & { type: "draft" } {
  return { type: "draft", notice, kept: null, instruction: null, previousBody: null };
}

function stop(outcome: Outcome): Task {
  return { type: "stop", outcome };
}

function loaded(task: Task): Loaded {
  return {
    task,
    ...(task.type === "restore" ? { reviewId: task.reviewId } : {}),
    decisionId: task.type === "deliver" ? task.decisionId : null,
    decided: null,
    refusal: null,
    outcome: task.type === "stop" ? task.outcome : null,
  };
}
