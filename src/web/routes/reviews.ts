import { Hono } from "hono";
import { z } from "zod";
import { Classification } from "../../domain/classification.ts";
import { changeSince } from "../../domain/change.ts";
import { CallerError } from "../../domain/errors.ts";
import { Review } from "../../domain/review.ts";
import { recognizeTeammate } from "../../identity/teammates.ts";
import { reviewPayload } from "../../review/payload.ts";
import type { Runtime } from "../../runtime.ts";
import { findDecision } from "../../store/decisions.ts";
import { listDeliveries } from "../../store/deliveries.ts";
import { countInbox, listInbox } from "../../store/inbox.ts";
import { findOutcomes } from "../../store/review-outcomes.ts";
import { getReview, listReviews, listReviewSummaries } from "../../store/reviews.ts";
import { findTeammate } from "../../store/teammates.ts";
import { readContact } from "../../tools/contacts.ts";
import { readConversation } from "../../tools/conversations.ts";
import type { Refusal } from "../../tools/gateway.ts";
import type { ConversationRead, HistoryEntry, ReviewCounts, ReviewList, ReviewPage } from "../api.ts";
import { parseRequest, type WebEnvironment } from "../answer.ts";

const Search = z.string().trim().max(200).optional();

/** What `GET /` takes. */
export const Listing = z.object({
  status: z.enum([...Review.shape.status.options, "all"]).default("open"),
  order: z
    .enum(["opened", "risk"])
    .default("opened")
    .describe("`opened`: newest last. `risk`: most urgent first, then longest waiting."),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  before: z.string().optional().describe("In the order of opening: only those opened before this review."),
  after: z
    .string()
    .regex(/^\d+\.\d+$/, "use `next` of the page before")
    .optional()
    .describe("In the order of risk: `next` of the page before."),
  topic: z.string().max(100).optional(),
  urgency: Classification.shape.urgency.optional(),
  q: Search.describe("Words of the title, the customer's name or the conversation's id."),
});

/** What `GET /counts` takes. */
export const Counting = z.object({ status: Review.shape.status.default("open"), q: Search });

/** How many earlier drafts of a conversation are shown beside one. */
const HISTORY = 20;

/** The caller's own reviews: `GET /` lists them, `GET /counts` counts them, `GET /:id` shows one with all around it. */
export const reviewRoutes = new Hono<WebEnvironment>()
  .get("/", async (context) => {
    const runtime = context.get("runtime");
    const listing = parseRequest(Listing, context.req.query());
    return context.json(await list(runtime, context.get("auth").user.identity, listing));
  })
  .get("/counts", async (context) => {
    const { status, q: search } = parseRequest(Counting, context.req.query());
    const teammate = context.get("auth").user.identity;
    const { db } = context.get("runtime").store;
    const counts: ReviewCounts = await countInbox(db, { teammate, status, search });
    return context.json(counts);
  })
  .get("/:id", async (context) => {
    const runtime = context.get("runtime");
    const { identity } = context.get("auth").user;
    const review = await requireOwnReview(runtime, identity, context.req.param("id"));
    return context.json(await pageOf(runtime, identity, review));
  });

/** A review of the caller's; anybody else's is as unknown as one that does not exist. */
export async function requireOwnReview({ store }: Runtime, identity: string, id: string): Promise<Review> {
  const review = await getReview(store.db, id);
  if (review?.teammate === identity) return review;
  throw new CallerError(
    "review_unknown",
    "You have no such review.",
    "List yours with: countersign reviews --all",
  );
}

async function list(
  { store: { db } }: Runtime,
  teammate: string,
  listing: z.infer<typeof Listing>,
): Promise<ReviewList> {
  const { status, order, limit, before, after, topic, urgency, q: search } = listing;
  if (order === "risk") {
    if (status === "all") throw unordered("Reviews of every status have no common order of risk.");
    if (before !== undefined) throw unordered("`before` belongs to the order of opening.");
    const page = await listInbox(db, { teammate, status, topic, urgency, search, after, limit });
    const outcomes =
      status === "open"
        ? null
        : await findOutcomes(
            db,
            page.reviews.map(({ id }) => id),
          );
    return {
      reviews: page.reviews.map((review) => ({ ...review, outcome: outcomes?.get(review.id) ?? null })),
      next: page.next,
    };
  }
  if ([after, topic, urgency, search].some((given) => given !== undefined)) {
    throw unordered("`topic`, `urgency`, `q` and `after` belong to the order of risk.");
  }
  const reviews = await listReviewSummaries(db, {
    teammate,
    limit,
    ...(status === "all" ? {} : { status }),
    ...(before === undefined ? {} : { before }),
  });
  const outcomes = await findOutcomes(
    db,
    reviews.map(({ id }) => id),
  );
  return {
    reviews: reviews.map((review) => ({ ...review, outcome: outcomes.get(review.id) ?? null })),
    next: null,
  };
}

/** What would be ignored is refused: a list that looks filtered must be. */
function unordered(message: string): CallerError {
  return new CallerError("request_invalid", message, "Send order=risk with one status, or leave these out.");
}

async function pageOf(runtime: Runtime, identity: string, review: Review): Promise<ReviewPage> {
  const { db } = runtime.store;
  const [decision, conversation, history, author] = await Promise.all([
    findDecision(db, review.id),
    readAround(runtime, identity, review),
    historyOf(runtime, review),
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
    conversation,
    history,
  };
}

/** The conversation and its customer, read from Intercom as the caller and as nobody else. */
async function readAround(runtime: Runtime, identity: string, review: Review): Promise<ConversationRead> {
  const { gateway } = runtime;
  const teammate = await recognizeTeammate(runtime, identity);
  if (teammate.kind !== "ok") return refused(teammate);
  const read = await readConversation(gateway, teammate.value, review.conversationId);
  if (read.kind !== "ok") return refused(read);
  const conversation = read.value;
  const { contactId } = conversation;
  const contact = contactId === null ? null : await readContact(gateway, teammate.value, contactId);
  return {
    kind: "read",
    conversation,
    contact: contact?.kind === "ok" ? contact.value : null,
    change: review.status === "open" ? changeSince(review.plan, conversation) : null,
  };
}

function refused({ code, reason, next }: Refusal): ConversationRead {
  return { kind: "refused", code, message: reason, next };
}

async function historyOf({ store: { db } }: Runtime, review: Review): Promise<HistoryEntry[]> {
  const { workspaceId, conversationId, teammate } = review;
  const others = await listReviews(db, { workspaceId, conversationId, teammate, limit: HISTORY });
  const outcomes = await findOutcomes(
    db,
    others.map(({ id }) => id),
  );
  return others
    .filter(({ id }) => id !== review.id)
    .reverse()
    .map(({ id, version, status, createdAt, draft, notice }) => ({
      ...{ reviewId: id, version, status, createdAt, body: draft.body, channel: draft.channel, notice },
      outcome: outcomes.get(id) ?? null,
    }));
}
