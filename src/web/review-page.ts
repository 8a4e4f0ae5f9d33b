import { changeSince } from "../domain/change.ts";
import { mayDecide } from "../domain/permission.ts";
import type { Review } from "../domain/review.ts";
import { recognizeTeammate } from "../identity/teammates.ts";
import { reviewPayload } from "../review/payload.ts";
import type { Runtime } from "../runtime.ts";
import { findDecision } from "../store/decisions.ts";
import { listDeliveries } from "../store/deliveries.ts";
import { findOutcomes } from "../store/review-outcomes.ts";
import { listReviews } from "../store/reviews.ts";
import { findTeammate, listTeammates } from "../store/teammates.ts";
import { readContact } from "../tools/contacts.ts";
import { readConversation } from "../tools/conversations.ts";
import type { Refusal } from "../tools/gateway.ts";
import type { ConversationRead, HistoryEntry, Permission, ReviewPage } from "./api.ts";

/** How many earlier drafts of a conversation are shown beside one. */
const HISTORY = 20;

/** A review with all around it, as one reader may see it: the conversation is read from Intercom as them. */
export async function readReviewPage(
  runtime: Runtime,
  identity: string,
  review: Review,
): Promise<ReviewPage> {
  const { db } = runtime.store;
  const [decision, around, author] = await Promise.all([
    findDecision(db, review.id),
    readAround(runtime, identity, review),
    findTeammate(db, review.teammate),
  ]);
  const topic = runtime.desk.topics.find(({ id }) => id === review.classification.topic);
  return {
    review,
    shown: { ...reviewPayload(review, null) },
    decision,
    deliveries: decision ? await listDeliveries(db, decision.id) : [],
    topicTitle: topic?.title ?? review.classification.topic,
    authorName: author?.name ?? review.teammate,
    ...around,
    history: await historyOf(runtime, identity, review, around.conversation),
  };
}

async function readAround(
  runtime: Runtime,
  identity: string,
  review: Review,
): Promise<{ conversation: ConversationRead; permission: Permission }> {
  const { gateway, desk } = runtime;
  const isTheirs = review.teammate === identity;
  const reader = await recognizeTeammate(runtime, identity);
  if (reader.kind !== "ok") return unread(reader, isTheirs);
  const read = await readConversation(gateway, reader.value, review.conversationId);
  if (read.kind !== "ok") return unread(read, isTheirs);
  const conversation = read.value;
  const { contactId } = conversation;
  const contact = contactId === null ? null : await readContact(gateway, reader.value, contactId);
  const permitted = mayDecide(desk, reader.value, conversation);
  return {
    conversation: {
      kind: "read",
      conversation,
      contact: contact?.kind === "ok" ? contact.value : null,
      change: review.status === "open" ? changeSince(review.plan, conversation) : null,
    },
    permission: isTheirs
      ? { kind: "yours" }
      : permitted.may
        ? { kind: "pick_up" }
        : { kind: "refused", reason: permitted.reason },
  };
}

function unread(
  { code, reason, next }: Refusal,
  isTheirs: boolean,
): { conversation: ConversationRead; permission: Permission } {
  return {
    conversation: { kind: "refused", code, message: reason, next },
    permission: isTheirs ? { kind: "yours" } : { kind: "refused", reason },
  };
}

/** The other drafts of the conversation: everybody's for who can read it in Intercom, otherwise the reader's own. */
async function historyOf(
  { store: { db } }: Runtime,
  identity: string,
  review: Review,
  conversation: ConversationRead,
): Promise<HistoryEntry[]> {
  const { workspaceId, conversationId } = review;
  const whose = conversation.kind === "read" ? {} : { teammate: identity };
  const [drafts, teammates] = await Promise.all([
    listReviews(db, { workspaceId, conversationId, ...whose, limit: HISTORY }),
    listTeammates(db),
  ]);
  const names = new Map(teammates.map(({ identifier, name }) => [identifier, name]));
  const outcomes = await findOutcomes(
    db,
    drafts.map(({ id }) => id),
  );
  return drafts
    .filter(({ id }) => id !== review.id)
    .reverse()
    .map(({ id, version, status, createdAt, draft, notice, teammate }) => ({
      ...{ reviewId: id, version, status, createdAt, body: draft.body, channel: draft.channel, notice },
      teammateName: names.get(teammate) ?? teammate,
      outcome: outcomes.get(id) ?? null,
    }));
}
