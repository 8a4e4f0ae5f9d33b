import { Hono } from "hono";
import { z } from "zod";
import type { Conversation } from "../../domain/conversation.ts";
import { CallerError, TeammateError, VendorError } from "../../domain/errors.ts";
import type { Teammate } from "../../domain/teammate.ts";
import { recognizeTeammate } from "../../identity/teammates.ts";
import { whyNot } from "../../review/load.ts";
import { findSituation } from "../../review/situation.ts";
import { openConversation } from "../../runs/dispatch.ts";
import { dispatcherFor } from "../../runs/dispatcher.ts";
import { sweep } from "../../runs/sweep.ts";
import type { Runtime } from "../../runtime.ts";
import { readConversation } from "../../tools/conversations.ts";
import type { ReadOutcome } from "../../tools/gateway.ts";
import { answerEvents, parseRequest, type WebEnvironment } from "../answer.ts";
import { ownAddress } from "../own-address.ts";

const ConversationId = z.string().regex(/^\d+$/, "an Intercom conversation id has digits only");

/** Conversations as the caller may read them in Intercom, and the runs that draft for them. */
export const conversationRoutes = new Hono<WebEnvironment>()
  .get("/:id", async (context) => {
    const { gateway } = context.get("runtime");
    const id = parseRequest(ConversationId, context.req.param("id"));
    const teammate = await callerAsTeammate(context.get("runtime"), context.get("auth").user.identity);
    return context.json(required(await readConversation(gateway, teammate, id)));
  })
  .post("/:id/open", async (context) => {
    const runtime = context.get("runtime");
    const conversationId = parseRequest(ConversationId, context.req.param("id"));
    const teammate = await callerAsTeammate(runtime, context.get("auth").user.identity);
    const { title } = await requireMayOpen(runtime, teammate, conversationId);
    const { workspaceId, identifier } = teammate;
    const server = dispatcherFor(runtime, ownAddress(context), identifier);
    return answerEvents(
      context,
      openConversation(server, { workspaceId, conversationId, teammate: identifier, title }),
    );
  })
  .post("/sweep", async (context) => {
    const runtime = context.get("runtime");
    const teammate = await callerAsTeammate(runtime, context.get("auth").user.identity);
    return answerEvents(context, sweep(runtime, ownAddress(context), [teammate]));
  });

/** Asked before a run starts, because a run takes the conversation's thread along with it. */
async function requireMayOpen(
  runtime: Runtime,
  teammate: Teammate,
  conversationId: string,
): Promise<Conversation> {
  const conversation = required(await readConversation(runtime.gateway, teammate, conversationId));
  const situation = await findSituation(runtime.store.db, teammate.workspaceId, conversationId);
  const forbidden = whyNot(runtime.desk, situation, conversation, teammate);
  if (forbidden !== null) {
    throw new CallerError("not_permitted", forbidden, "Nothing was started, and nothing has changed.");
  }
  return conversation;
}

async function callerAsTeammate(runtime: Runtime, identifier: string): Promise<Teammate> {
  return required(await recognizeTeammate(runtime, identifier));
}

function required<T>(outcome: ReadOutcome<T>): T {
  if (outcome.kind === "ok") return outcome.value;
  const { kind, code, reason, next } = outcome;
  if (kind === "needs_connection") throw new TeammateError(code, reason, next);
  if (kind === "unavailable" || kind === "rate_limited") throw new VendorError(code, reason, next);
  throw new CallerError(code, reason, next);
}
