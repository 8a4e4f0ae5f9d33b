import { Hono } from "hono";
import { z } from "zod";
import { Classification } from "../../domain/classification.ts";
import { CallerError } from "../../domain/errors.ts";
import { Review, type ReviewSummary } from "../../domain/review.ts";
import type { Runtime } from "../../runtime.ts";
import { countInbox, listInbox } from "../../store/inbox.ts";
import { findOutcomes } from "../../store/review-outcomes.ts";
import { listReviewSummaries } from "../../store/reviews.ts";
import { listTeammates } from "../../store/teammates.ts";
import type { ListedReview, ReviewCounts, ReviewList } from "../api.ts";
import { parseRequest, type WebEnvironment } from "../answer.ts";
import { readReviewPage } from "../review-page.ts";
import { requireVisibleReview, scopes, unknownReview, visibleOnly, whoseOf } from "../visible.ts";

const Scope = z
  .enum(scopes)
  .default("mine")
  .describe(
    "`mine`: for the caller. `team`: of conversations with the caller's teams. `all`: all they may see. Of others', only what the caller's own Intercom connection can read.",
  );
const Search = z.string().trim().max(200).optional();

/** What `GET /` takes. */
export const Listing = z.object({
  scope: Scope,
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
export const Counting = z.object({
  scope: Scope,
  status: Review.shape.status.default("open"),
  q: Search,
});

/** `GET /` lists reviews, `GET /counts` counts them, `GET /:id` shows one with all around it. */
export const reviewRoutes = new Hono<WebEnvironment>()
  .get("/", async (context) => {
    const runtime = context.get("runtime");
    const listing = parseRequest(Listing, context.req.query());
    return context.json(await list(runtime, context.get("auth").user.identity, listing));
  })
  .get("/counts", async (context) => {
    const runtime = context.get("runtime");
    const { scope, status, q: search } = parseRequest(Counting, context.req.query());
    const whose = await whoseOf(runtime, context.get("auth").user.identity, scope);
    const counts: ReviewCounts = await countInbox(runtime.store.db, { whose, status, search });
    return context.json(counts);
  })
  .get("/:id", async (context) => {
    const runtime = context.get("runtime");
    const { identity } = context.get("auth").user;
    const review = await requireVisibleReview(runtime, identity, context.req.param("id"));
    const page = await readReviewPage(runtime, identity, review);
    // What could be read a moment ago is remembered; what counts is that it can be read now.
    if (page.permission.kind !== "yours" && page.conversation.kind === "refused") throw unknownReview();
    return context.json(page);
  });

async function list(
  runtime: Runtime,
  identity: string,
  listing: z.infer<typeof Listing>,
): Promise<ReviewList> {
  const { db } = runtime.store;
  const { scope, status, order, limit, before, after, topic, urgency, q: search } = listing;
  if (order === "risk") {
    if (status === "all") throw unordered("Reviews of every status have no common order of risk.");
    if (before !== undefined) throw unordered("`before` belongs to the order of opening.");
    const whose = await whoseOf(runtime, identity, scope);
    const page = await listInbox(db, { whose, status, topic, urgency, search, after, limit });
    const reviews = await visibleOnly(runtime, identity, page.reviews);
    return { reviews: await listed(runtime, reviews), next: page.next };
  }
  if (scope !== "mine" || [after, topic, urgency, search].some((given) => given !== undefined)) {
    throw unordered("`scope`, `topic`, `urgency`, `q` and `after` belong to the order of risk.");
  }
  const reviews = await listReviewSummaries(db, {
    teammate: identity,
    limit,
    ...(status === "all" ? {} : { status }),
    ...(before === undefined ? {} : { before }),
  });
  return { reviews: await listed(runtime, reviews), next: null };
}

async function listed(
  { store: { db } }: Runtime,
  reviews: readonly ReviewSummary[],
): Promise<ListedReview[]> {
  const decided = reviews.filter(({ status }) => status === "decided").map(({ id }) => id);
  const [outcomes, teammates] = await Promise.all([findOutcomes(db, decided), listTeammates(db)]);
  const names = new Map(teammates.map(({ identifier, name }) => [identifier, name]));
  return reviews.map((review) => ({
    ...review,
    teammateName: names.get(review.teammate) ?? review.teammate,
    outcome: outcomes.get(review.id) ?? null,
  }));
}

/** What would be ignored is refused: a list that looks filtered must be. */
function unordered(message: string): CallerError {
  return new CallerError("request_invalid", message, "Send order=risk with one status, or leave these out.");
}
