import { Hono } from "hono";
import { z } from "zod";
import { CallerError } from "../../domain/errors.ts";
import { Review } from "../../domain/review.ts";
import { reviewPayload } from "../../review/payload.ts";
import { findDecision } from "../../store/decisions.ts";
import { listDeliveries } from "../../store/deliveries.ts";
import { getReview, listReviewSummaries } from "../../store/reviews.ts";
import { parseRequest, type WebEnvironment } from "../answer.ts";

const Listing = z.object({
  status: z.enum([...Review.shape.status.options, "all"]).default("open"),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  before: z.string().optional(),
});

/** The caller's own reviews: `GET /` lists them, `GET /:id` shows one with what became of it. */
export const reviewRoutes = new Hono<WebEnvironment>()
  .get("/", async (context) => {
    const { store } = context.get("runtime");
    const { status, limit, before } = parseRequest(Listing, context.req.query());
    const reviews = await listReviewSummaries(store.db, {
      teammate: context.get("auth").user.identity,
      limit,
      ...(status === "all" ? {} : { status }),
      ...(before === undefined ? {} : { before }),
    });
    return context.json({ reviews });
  })
  .get("/:id", async (context) => {
    const { store } = context.get("runtime");
    const review = await getReview(store.db, context.req.param("id"));
    if (review?.teammate !== context.get("auth").user.identity) {
      throw new CallerError(
        "review_unknown",
        "You have no such review.",
        "List yours with: countersign reviews --all",
      );
    }
    const decision = await findDecision(store.db, review.id);
    const deliveries = decision ? await listDeliveries(store.db, decision.id) : [];
    return context.json({ review, shown: reviewPayload(review, null), decision, deliveries });
  });
