import { Hono } from "hono";
import { CallerError, TeammateError } from "../../domain/errors.ts";
import { pickUp } from "../../review/pick-up.ts";
import { dispatcherFor } from "../../runs/dispatcher.ts";
import { openConversation } from "../../runs/dispatch.ts";
import { answerEvents, type WebEnvironment } from "../answer.ts";
import { ownAddress } from "../own-address.ts";
import { requireVisibleReview } from "../visible.ts";

/**
 * `POST /:id/pick-up` hands a colleague's open review to the caller, where the desk's rules let them decide it. Answers
 * with the events of the run that puts it before them: the same draft, or a new one when the conversation moved on.
 */
export const pickUpRoutes = new Hono<WebEnvironment>().post("/:id/pick-up", async (context) => {
  const runtime = context.get("runtime");
  const principal = context.get("auth").user;
  const review = await requireVisibleReview(runtime, principal.identity, context.req.param("id"));
  const taken = await pickUp(runtime, principal, review.id);
  if (!taken.picked) {
    const { code, message, next } = taken.report;
    if (code === "review_not_open") return context.json(taken.report, 409);
    const isRefused = code === "not_permitted" || code === "conversation_closed" || code === "review_unknown";
    throw isRefused ? new CallerError(code, message, next) : new TeammateError(code, message, next);
  }
  const { workspaceId, conversationId } = taken;
  const server = dispatcherFor(runtime, ownAddress(context), principal.identity);
  return answerEvents(
    context,
    openConversation(server, { workspaceId, conversationId, teammate: principal.identity }),
  );
});
