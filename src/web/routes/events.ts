import { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import { z } from "zod";
import type { Runtime } from "../../runtime.ts";
import { lastSequence, listReviewEvents, type ReviewEvents } from "../../store/review-events.ts";
import { parseRequest, type WebEnvironment } from "../answer.ts";
import type { ConnectionEventData, PresenceEventData, ReviewEventData, WorkEventData } from "../api.ts";

/** How often what is in memory is looked at, in milliseconds. */
const PACE = 250;
/** Looks after which the ledger is read: once a second. */
const LEDGER = 4;
/** Readings of the ledger after which a quiet stream says that it is alive. */
const QUIET = 15;
/** Looks after which the stream ends: the reader comes back with the last id, and proves anew who they are. */
const LONGEST = 300 * LEDGER;

const LastId = z.coerce.number().int().nonnegative().optional();

interface Message {
  event: "review" | "connection" | "work" | "presence";
  /** The ledger's sequence; null for what is not in the ledger, and not said again to who comes back. */
  sequence: number | null;
  data: object;
}

/**
 * What happens to the caller's reviews (`review`) and to their own connection (`connection`), as `text/event-stream`:
 * an event for each entry of the ledger, with its sequence as the id. `Last-Event-ID` (or `after`) goes on from there;
 * otherwise it begins now. Beside them what is only so now, whole each time it changes: what the agents make for the
 * caller (`work`), and who else looks at the reviews they look at (`presence`). The first event, `ready`, carries the
 * sequence it begins after.
 */
export const eventRoutes = new Hono<WebEnvironment>().get("/", async (context) => {
  const runtime = context.get("runtime");
  const { db } = runtime.store;
  const { identity } = context.get("auth").user;
  const asked = context.req.header("last-event-id") ?? context.req.query("after");
  const after = parseRequest(LastId, asked);
  let sequence = after ?? (await lastSequence(db));
  context.header("x-accel-buffering", "no");
  return streamSSE(context, async (stream) => {
    const say = async (event: string, data: object, id = sequence) => {
      await stream.writeSSE({ event, id: String(id), data: JSON.stringify(data) });
    };
    await stream.writeSSE({ event: "ready", id: String(sequence), data: "{}", retry: 2_000 });
    const lookAround = watchPresent(runtime, identity);
    let quiet = 0;
    for (let look = 0; look < LONGEST && !stream.aborted; look += 1) {
      while (look % LEDGER === 0) {
        const found = await listReviewEvents(db, identity, sequence);
        for (const { event, sequence: id, data } of factsOf(found)) await say(event, data, id ?? sequence);
        sequence = found.sequence;
        quiet = found.events.length + found.connections.length > 0 ? 0 : quiet + 1;
        if (quiet > 0 && quiet % QUIET === 0) await say("quiet", {});
        if (!found.more) break;
      }
      for (const { event, data } of lookAround()) await say(event, data);
      await stream.sleep(PACE);
    }
  });
});

function factsOf({ events, connections }: ReviewEvents): Message[] {
  const reviews = events.map(({ sequence, event, reviewId, conversationId, actor, at }): Message => {
    const data: ReviewEventData = { event, reviewId, conversationId, actor, at };
    return { event: "review", sequence, data };
  });
  const own = connections.map(({ sequence, event, status, actor, at }): Message => {
    const data: ConnectionEventData = { event, status, actor, at };
    return { event: "connection", sequence, data };
  });
  return [...reviews, ...own].sort((one, other) => (one.sequence ?? 0) - (other.sequence ?? 0));
}

/** Each call gives what is different from what the call before gave; the first one gives everything. */
function watchPresent({ work, presence }: Runtime, identity: string): () => Message[] {
  let toldWork = "";
  let toldReaders = new Map<string, string>();
  return () => {
    const messages: Message[] = [];
    const making: WorkEventData = work.of(identity);
    if (JSON.stringify(making) !== toldWork) messages.push({ event: "work", sequence: null, data: making });
    toldWork = JSON.stringify(making);
    const readersNow = new Map<string, string>();
    for (const [reviewId, readers] of presence.around(identity)) {
      const data: PresenceEventData = { reviewId, readers };
      const text = JSON.stringify(readers);
      if (toldReaders.get(reviewId) !== text) messages.push({ event: "presence", sequence: null, data });
      readersNow.set(reviewId, text);
    }
    toldReaders = readersNow;
    return messages;
  };
}
