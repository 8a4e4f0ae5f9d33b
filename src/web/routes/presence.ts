import { Hono } from "hono";
import { z } from "zod";
import { findTeammate } from "../../store/teammates.ts";
import { PresenceRequest } from "../api.ts";
import { parseRequest, readJson, type WebEnvironment } from "../answer.ts";
import { requireVisibleReview } from "../visible.ts";

/** What `DELETE /:id/presence` takes. */
export const Leaving = z.object({
  tab: z.string().max(64).optional().describe("Which tab is gone; left out, all of the caller's are."),
});

/**
 * `POST /:id/presence` says that the caller has a review on their screen, every 15 seconds while they do; `DELETE` that
 * they left. Only for a review they may see: whoever is there is told of the others by the stream of events.
 */
export const presenceRoutes = new Hono<WebEnvironment>()
  .post("/:id/presence", async (context) => {
    const runtime = context.get("runtime");
    const { identity } = context.get("auth").user;
    const { editing, tab } = parseRequest(PresenceRequest, await readJson(context));
    const { id: reviewId } = await requireVisibleReview(runtime, identity, context.req.param("id"));
    const teammate = await findTeammate(runtime.store.db, identity);
    runtime.presence.arrive({ reviewId, identity, name: teammate?.name ?? identity, tab, editing });
    return context.body(null, 204);
  })
  .delete("/:id/presence", (context) => {
    const { tab } = parseRequest(Leaving, context.req.query());
    const { identity } = context.get("auth").user;
    context.get("runtime").presence.leave({ reviewId: context.req.param("id"), identity, tab });
    return context.body(null, 204);
  });
