import { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import { z } from "zod";
import { lastSequence, listReviewEvents } from "../../store/review-events.ts";
import { parseRequest, type WebEnvironment } from "../answer.ts";
import type { ReviewEventData } from "../api.ts";

/** How often the ledger is looked at, in milliseconds. */
const PACE = 1_000;
/** Looks after which a quiet stream says that it is alive. */
const QUIET = 15;
/** Looks after which the stream ends: the reader comes back with the last id, and proves anew who they are. */
const LONGEST = 300;

const LastId = z.coerce.number().int().nonnegative().optional();

/**
 * What happens to the caller's reviews, as `text/event-stream`: an event of the type `review` for each entry of the
 * ledger, with its sequence as the id. `Last-Event-ID` (or `after`) goes on from there; otherwise it begins now. The
 * first event, `ready`, carries the sequence it begins after.
 */
export const eventRoutes = new Hono<WebEnvironment>().get("/", async (context) => {
  const { db } = context.get("runtime").store;
  const { identity } = context.get("auth").user;
  const asked = context.req.header("last-event-id") ?? context.req.query("after");
  const after = parseRequest(LastId, asked);
  let sequence = after ?? (await lastSequence(db));
  context.header("x-accel-buffering", "no");
  return streamSSE(context, async (stream) => {
    await stream.writeSSE({ event: "ready", id: String(sequence), data: "{}", retry: 2_000 });
    let quiet = 0;
    for (let look = 0; look < LONGEST && !stream.aborted; look += 1) {
      const found = await listReviewEvents(db, identity, sequence);
      sequence = found.sequence;
      for (const { sequence: id, event, reviewId, conversationId, actor, at } of found.events) {
        const data: ReviewEventData = { event, reviewId, conversationId, actor, at };
        await stream.writeSSE({ event: "review", id: String(id), data: JSON.stringify(data) });
      }
      quiet = found.events.length > 0 ? 0 : quiet + 1;
      if (quiet > 0 && quiet % QUIET === 0)
        await stream.writeSSE({ event: "quiet", id: String(sequence), data: "{}" });
      if (!found.more) await stream.sleep(PACE);
    }
  });
});
