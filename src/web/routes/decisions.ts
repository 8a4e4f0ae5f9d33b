import { Hono, type Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { z } from "zod";
import { CallerError, CountersignError, reportOf, type ErrorReport } from "../../domain/errors.ts";
import type { Answer } from "../../domain/decision.ts";
import type { Review } from "../../domain/review.ts";
import { readConnection } from "../../identity/connection.ts";
import { checkAnswer } from "../../review/decide.ts";
import type { Server } from "../../runs/client.ts";
import { answerReview, openConversation, type Progress } from "../../runs/dispatch.ts";
import { dispatcherFor } from "../../runs/dispatcher.ts";
import type { Runtime } from "../../runtime.ts";
import { DecisionRequest } from "../api.ts";
import { readJson, type WebEnvironment } from "../answer.ts";
import { ownAddress } from "../own-address.ts";
import { requireVisibleReview } from "../visible.ts";

export interface DecisionDependencies {
  /** A way to a short-lived token of the teammate who makes this request: runs are resumed in their own name. */
  delegate: (context: Context<WebEnvironment>) => () => string;
}

/**
 * `POST /:id/decision` answers a review that is the caller's, through the same interrupt as every other inbox. Answers with
 * the progress once the run has stopped: 200, or 202 while another run holds the conversation. A refusal leaves the
 * review open: 422 not understood, 409 too late or not what was shown, 403 not theirs or not connected.
 */
export function createReviewDecisionRoutes({ delegate }: DecisionDependencies) {
  return new Hono<WebEnvironment>().post("/:id/decision", async (context) => {
    const runtime = context.get("runtime");
    const principal = context.get("auth").user;
    const request = DecisionRequest.safeParse(await readJson(context));
    if (!request.success) return context.json(notUnderstood(request.error), 422);
    const { answer } = request.data;
    const review = await requireVisibleReview(runtime, principal.identity, context.req.param("id"));
    const checked = await checkAnswer(runtime, principal, review.id, answer);
    if (!checked.accepted) return context.json(checked.report, statusOf(checked.report.code));

    const server = { url: ownAddress(context), token: delegate(context) };
    const line = answer.type === "revise" ? runtime.work.begin(review, "writing") : null;
    try {
      const progress = await answerOnThread(runtime, server, review, answer);
      return context.json(progress, progress.type === "busy" ? 202 : 200);
    } catch (error) {
      if (!(error instanceof CountersignError)) throw error;
      if (error.code === "thread_busy") return context.json({ type: "busy" } satisfies Progress, 202);
      const report = (await disconnected(runtime, principal.identity, error)) ?? reportOf(error);
      return context.json(report, error.actor === "vendor" ? 503 : statusOf(report.code));
    } finally {
      line?.end();
    }
  });
}

/** A thread is a cache: one that no longer waits is brought back to the open review, once, and answered then. */
async function answerOnThread(
  runtime: Runtime,
  server: Server,
  review: Review,
  answer: Answer,
): Promise<Progress> {
  try {
    return await answerReview(server, review, answer);
  } catch (error) {
    if (!(error instanceof CallerError) || !lostThread.has(error.code)) throw error;
  }
  const { workspaceId, conversationId, teammate } = review;
  const dispatcher = dispatcherFor(runtime, server.url, teammate);
  let restored: Progress = { type: "busy" };
  for await (const progress of openConversation(dispatcher, { workspaceId, conversationId, teammate })) {
    restored = progress;
  }
  const waitsAgain = restored.type === "waiting" && restored.reviewId === review.id;
  return waitsAgain ? await answerReview(server, review, answer) : restored;
}

const lostThread = new Set(["review_not_waiting", "nothing_to_answer", "thread_unknown", "http_404"]);

function notUnderstood({ issues }: z.ZodError): ErrorReport {
  return {
    code: "answer_invalid",
    message: issues.map(({ path, message }) => `${path.join(".") || "request"}: ${message}`).join("; "),
    next: "The review is still open: answer again.",
  };
}

/** The refusal in the words of the connection, when that is what was in the way. */
async function disconnected(runtime: Runtime, identifier: string, error: CountersignError) {
  if (error.code !== "answer_refused") return null;
  const { status } = await readConnection(runtime, identifier);
  if (status === "active" || status === "unknown") return null;
  return {
    code: "needs_connection",
    message: error.message,
    next: "Connect Intercom again. The draft is kept.",
  };
}

function statusOf(code: string): ContentfulStatusCode {
  switch (code) {
    case "review_unknown":
      return 404;
    case "answer_invalid":
      return 422;
    case "not_your_review":
    case "not_permitted":
    case "needs_connection":
      return 403;
    default:
      return 409;
  }
}
