import { planDigest } from "../domain/action.ts";
import { changeSince } from "../domain/change.ts";
import type { Contact, Conversation } from "../domain/conversation.ts";
import type { Desk } from "../domain/desk.ts";
import type { ErrorReport } from "../domain/errors.ts";
import { mayDecide } from "../domain/permission.ts";
import type { Review } from "../domain/review.ts";
import { signAnew } from "../domain/signature.ts";
import type { Principal, Teammate } from "../domain/teammate.ts";
import { identifyNow, type TeammateDependencies } from "../identity/teammates.ts";
import { threadIdOf } from "../runs/client.ts";
import { findOpenReview, getReview, pickUpReview } from "../store/reviews.ts";
import { findTeammate } from "../store/teammates.ts";
import { readContact } from "../tools/contacts.ts";
import { readConversation } from "../tools/conversations.ts";
import type { Refusal } from "../tools/gateway.ts";
import type { ProposeDependencies } from "./propose.ts";

export interface PickUpDependencies
  extends TeammateDependencies, Pick<ProposeDependencies, "planWrites" | "newId"> {
  desk: Pick<Desk, "decide" | "unassigned" | "signature">;
}

/** `conversation` is what to open next as who picked it up: the run shows the draft, or makes a new one. */
export type PickedUp =
  { picked: true; workspaceId: string; conversationId: string } | { picked: false; report: ErrorReport };

/**
 * Hands an open review to a teammate whom the desk's rules let decide it: its successor acts under their own connected
 * account, is signed by them and has a digest of its own. The conversation is read as them first; when it has moved on,
 * the review is only taken, and a new draft is to be made. Decides and sends nothing.
 */
export async function pickUp(
  dependencies: PickUpDependencies,
  principal: Principal,
  reviewId: string,
): Promise<PickedUp> {
  const { store, gateway, desk, clock } = dependencies;
  const review = await getReview(store.db, reviewId);
  if (review === null || principal.kind !== "teammate") return refuse(unknown);
  const { workspaceId, conversationId } = review;
  const picked = { picked: true, workspaceId, conversationId } as const;
  if (review.status !== "open") return refuse(await tooLate(dependencies, review));
  if (review.teammate === principal.identity) return picked;

  const person = await identifyNow(dependencies, principal.identity);
  if (person.kind !== "ok") return refuse(reportOf(person));
  const read = await readConversation(gateway, person.value, conversationId);
  if (read.kind !== "ok") return refuse(reportOf(read));
  const conversation = read.value;
  const permitted = mayDecide(desk, person.value, conversation);
  if (!permitted.may) return refuse(notPermitted(permitted.reason));
  if (conversation.state === "closed") return refuse(closed);

  const contact =
    conversation.contactId === null ? null : await readContact(gateway, person.value, conversation.contactId);
  const successor =
    changeSince(review.plan, conversation) === null
      ? await successorOf(dependencies, review, {
          conversation,
          contact: contact?.kind === "ok" ? contact.value : null,
          teammate: person.value,
        })
      : null;
  const taken = await pickUpReview(store.db, review, principal.identity, successor, clock());
  return taken ? picked : refuse(await tooLate(dependencies, review));
}

/** The same draft for another teammate: everything that names its author is set anew. */
async function successorOf(
  { store, desk, clock, newId, planWrites }: PickUpDependencies,
  review: Review,
  now: { conversation: Conversation; contact: Contact | null; teammate: Teammate },
) {
  const { teammate, conversation } = now;
  const author = (await findTeammate(store.db, review.teammate))?.name ?? review.teammate;
  const draft = signAnew(review.draft, desk, author, teammate.name);
  const plan = planWrites({ ...now, draft, at: clock() });
  return {
    ...review,
    id: newId(),
    threadId: threadIdOf(review.workspaceId, review.conversationId),
    teammate: teammate.identifier,
    teamId: conversation.teamId,
    draft,
    plan,
    digest: planDigest(plan),
    notice: `Picked up from ${author}.`,
  };
}

/** Who was faster, by name. */
async function tooLate({ store }: PickUpDependencies, review: Review): Promise<ErrorReport> {
  const open = await findOpenReview(store.db, review.workspaceId, review.conversationId);
  const holder = open && ((await findTeammate(store.db, open.teammate))?.name ?? open.teammate);
  return {
    code: "review_not_open",
    message: holder
      ? `${holder} has the draft of this conversation now.`
      : "This review is not open any more: it was decided or replaced.",
    next: "Look at the conversation's newest draft.",
  };
}

function reportOf({ code, reason, next }: Refusal): ErrorReport {
  return { code, message: reason, next };
}

function notPermitted(reason: string): ErrorReport {
  return {
    code: "not_permitted",
    message: reason,
    next: "Ask one of them; the rules are in desk/desk.yaml.",
  };
}

const unknown = {
  code: "review_unknown",
  message: "You have no such review.",
  next: "List them with: countersign reviews",
};
const closed = {
  code: "conversation_closed",
  message: "The conversation is closed.",
  next: "Reopen it in Intercom to have it answered.",
};

function refuse(report: ErrorReport): PickedUp {
  return { picked: false, report };
}
