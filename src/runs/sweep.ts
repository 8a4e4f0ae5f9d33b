import { changeSince } from "../domain/change.ts";
import type { Review } from "../domain/review.ts";
import type { Teammate } from "../domain/teammate.ts";
import type { Database } from "../store/database.ts";
import { findOpenReview, listReviewSummaries } from "../store/reviews.ts";
import type { ToolGateway } from "../tools/gateway.ts";
import { readConversation, searchWaiting } from "../tools/conversations.ts";
import { dispatcherFor, type DispatcherDependencies } from "./dispatcher.ts";
import { openConversation, waitingReview, type Progress } from "./dispatch.ts";

export interface SweepDependencies extends DispatcherDependencies {
  store: { db: Database };
  gateway: ToolGateway;
  /** `unassigned` is the identifier of the teammate for conversations nobody is assigned to. */
  desk: { unassigned: string };
}

/** Conversations worked on at a time. */
const CONCURRENCY = 6;

export interface Waiting {
  conversationId: string;
  title: string;
  teammate: Teammate;
  /** Unix seconds of the last change in Intercom; null when it does not wait there any more. */
  updatedAt: number | null;
}

export type SweepEvent =
  | { type: "refused"; teammate: Teammate; reason: string }
  | { type: "found"; total: number }
  | { type: "progress"; conversation: Waiting; progress: Progress };

/**
 * Opens every conversation that waits for an answer, each in the name of its teammate, and puts every open review
 * before its teammate again. One teammate's refused connection stops only their own. What already waits is left alone.
 */
export async function* sweep(
  dependencies: SweepDependencies,
  url: string,
  teammates: readonly Teammate[],
): AsyncGenerator<SweepEvent> {
  const found: Waiting[] = [];
  for (const teammate of teammates) {
    const waiting = await waitingFor(dependencies, teammate);
    if (waiting.refused !== null) yield { type: "refused", teammate, reason: waiting.refused };
    found.push(...waiting.conversations);
  }
  yield { type: "found", total: found.length };
  yield* inParallel(found, CONCURRENCY, (conversation) => openOne(dependencies, url, conversation));
}

async function waitingFor(
  { store, gateway, desk }: SweepDependencies,
  teammate: Teammate,
): Promise<{ conversations: Waiting[]; refused: string | null }> {
  const queues = teammate.identifier === desk.unassigned ? [teammate.adminId, null] : [teammate.adminId];
  const searches = await Promise.all(
    queues.map((assigneeId) => searchWaiting(gateway, teammate, { assigneeId })),
  );
  const refused = searches.find((search) => search.kind !== "ok");
  const searched = searches.flatMap((search) => (search.kind === "ok" ? search.value : []));
  const open = await listReviewSummaries(store.db, { teammate: teammate.identifier, status: "open" });
  const byId = new Map<string, Pick<Waiting, "title" | "updatedAt">>([
    ...open.map(({ conversationId, title }) => [conversationId, { title, updatedAt: null }] as const),
    ...searched.map(({ id, title, updatedAt }) => [id, { title, updatedAt }] as const),
  ]);
  return {
    conversations: [...byId].map(([conversationId, found]) => ({ conversationId, teammate, ...found })),
    refused: refused ? `${refused.reason} ${refused.next}` : null,
  };
}

async function* openOne(
  dependencies: SweepDependencies,
  url: string,
  conversation: Waiting,
): AsyncGenerator<SweepEvent> {
  const { conversationId, teammate, title } = conversation;
  const server = dispatcherFor(dependencies, url, teammate.identifier);
  const review = await findOpenReview(dependencies.store.db, teammate.workspaceId, conversationId);
  const asked = review && (await waitingReview(server, review.threadId));
  const stands = review?.teammate === teammate.identifier && asked === review.id;
  if (stands && !(await hasMovedOn(dependencies, review, conversation))) {
    yield { type: "progress", conversation, progress: { type: "waiting", reviewId: review.id } };
    return;
  }
  for await (const progress of openConversation(server, {
    workspaceId: teammate.workspaceId,
    conversationId,
    teammate: teammate.identifier,
    title,
  })) {
    yield { type: "progress", conversation, progress };
  }
}

/** Whether an open review no longer fits. Read again only when Intercom says that something changed, or lists it no more. */
async function hasMovedOn(
  { gateway }: SweepDependencies,
  review: Review,
  { conversationId, teammate, updatedAt }: Waiting,
): Promise<boolean> {
  if (updatedAt !== null && updatedAt * 1000 < Date.parse(review.createdAt)) return false;
  const now = await readConversation(gateway, teammate, conversationId);
  return now.kind === "ok" && changeSince(review.plan, now.value) !== null;
}

/** Runs a generator for each item, so many at a time, and passes on what they yield as it comes. */
async function* inParallel<Item, Event>(
  items: readonly Item[],
  concurrency: number,
  work: (item: Item) => AsyncGenerator<Event>,
): AsyncGenerator<Event> {
  const waiting = [...items];
  const running = new Map<AsyncGenerator<Event>, Promise<Step<Event>>>();
  const advance = (generator: AsyncGenerator<Event>) =>
    running.set(
      generator,
      generator.next().then((result) => ({ generator, result })),
    );
  const start = () => {
    const item = waiting.shift();
    if (item !== undefined) advance(work(item));
  };
  for (let count = 0; count < concurrency; count += 1) start();
  while (running.size > 0) {
    const { generator, result } = await Promise.race(running.values());
    running.delete(generator);
    if (result.done) start();
    else {
      yield result.value;
      advance(generator);
    }
  }
}

interface Step<Event> {
  generator: AsyncGenerator<Event>;
  result: IteratorResult<Event>;
}
