import { setTimeout } from "node:timers/promises";
import type { Client, Thread } from "@langchain/langgraph-sdk";
import { z } from "zod";
import { Classification } from "../domain/classification.ts";
import { Outcome } from "../domain/delivery.ts";
import { CallerError, VendorError } from "../domain/errors.ts";
import { clientOf, GRAPH, threadIdOf, type Dispatcher, type Server } from "./client.ts";
import { errorOf, isBusy } from "./failure.ts";
import { stepAfter, type WorkLine } from "./work-board.ts";

/** How far a run has come. `waiting` has a draft for its teammate; `busy` is being worked on by another run. */
export type Progress =
  | { type: "working"; node: string; classification: Classification | null }
  | { type: "waiting"; reviewId: string }
  | { type: "ended"; outcome: Outcome }
  | { type: "busy" }
  | { type: "failed"; reason: string };

/** A conversation to work on, in the name of the teammate the server is called as. */
export interface Job {
  workspaceId: string;
  conversationId: string;
  /** The teammate's identifier. */
  teammate: string;
  /** For the board, where it is known. */
  title?: string;
}

/** What the thread's values hold once a run has stopped. */
const Values = z.object({
  reviewId: z.string().optional(),
  refusal: z.string().nullish(),
  outcome: Outcome.nullish(),
});
const Update = z.record(z.string(), z.unknown());
const Classified = z.object({ classification: Classification });
const Asked = z.object({ reviewId: z.string() });
const Interrupted = z.object({
  interrupts: z
    .record(z.string(), z.array(z.object({ id: z.string().optional(), value: z.unknown() })))
    .nullish(),
});

/**
 * The one way the desk starts a run for a conversation, as a dispatcher. Idempotent: the thread is the conversation's own, and the graph
 * finds out from the store what is left to do. Reports each node as it ends, then how the run stopped; a run that
 * fails is reported, not thrown. Stands on the board of work as long as somebody follows it.
 */
export async function* openConversation(server: Dispatcher, job: Job): AsyncGenerator<Progress> {
  const line = server.work.begin(job);
  try {
    yield* runFor(server, job, line);
  } finally {
    line.end();
  }
}

async function* runFor(server: Server, job: Job, line: WorkLine): AsyncGenerator<Progress> {
  const { workspaceId, conversationId } = job;
  const threadId = threadIdOf(workspaceId, conversationId);
  try {
    const client = clientOf(server);
    await claimThread(client, threadId, job);
    const stream = client.runs.stream(threadId, GRAPH, {
      input: { conversationId },
      streamMode: "updates",
      multitaskStrategy: "reject",
      onDisconnect: "continue",
    });
    for await (const { event, data } of stream) {
      if (event === "error") {
        yield { type: "failed", reason: reasonIn(data) };
        return;
      }
      if (event !== "updates") continue;
      for (const [node, update] of nodesIn(data)) {
        line.reach(stepAfter(node, update));
        yield progressOf(node, update);
      }
      // The server ends the stream half a second after the last event; the question is all there was to wait for.
      if ("__interrupt__" in Update.parse(data)) break;
    }
    yield await standing(server, threadId);
  } catch (error) {
    yield isBusy(error) ? { type: "busy" } : { type: "failed", reason: errorOf(error).message };
  }
}

/**
 * Gives an answer to the review that a thread waits on, by the interrupt's id, and waits for what follows. Throws a
 * CallerError with the server's reason when it is refused.
 */
export async function answerReview(
  server: Server,
  review: { id: string; threadId: string },
  answer: Record<string, unknown>,
): Promise<Progress> {
  const client = clientOf(server);
  try {
    const interruptId = await interruptFor(client, review);
    await client.runs.wait(review.threadId, GRAPH, {
      command: { resume: { [interruptId]: answer } },
      multitaskStrategy: "reject",
      onDisconnect: "continue",
    });
    const state = await clientOf(server).threads.getState(review.threadId);
    const values = Values.parse(state.values);
    if (values.refusal) throw new CallerError("answer_refused", values.refusal, "The review is still open.");
    return await standing(server, review.threadId);
  } catch (error) {
    throw errorOf(error);
  }
}

/** Ends runs that a stopped server left behind: they would keep their threads busy for ever. Returns how many. */
export async function endAbandonedRuns(server: Server): Promise<number> {
  const client = clientOf(server);
  let ended = 0;
  for (const thread of await client.threads.search({ status: "busy", limit: 1000 })) {
    for (const run of await client.runs.list(thread.thread_id)) {
      if (run.status !== "running" && run.status !== "pending") continue;
      await client.runs.delete(thread.thread_id, run.run_id);
      ended += 1;
    }
  }
  return ended;
}

/** The review a thread waits on, or null when it does not wait. */
export async function waitingReview(server: Server, threadId: string): Promise<string | null> {
  try {
    const thread = await clientOf(server).threads.get(threadId);
    const parsed = Asked.safeParse(pendingOf(thread).at(-1)?.value);
    return thread.status === "interrupted" && parsed.success ? parsed.data.reviewId : null;
  } catch {
    return null;
  }
}

/** Makes the conversation's thread. One that is another teammate's is made anew: a thread is a cache. */
async function claimThread(client: Client, threadId: string, job: Job): Promise<void> {
  const owner = await ownerOf(client, threadId);
  if (owner === job.teammate) return;
  if (owner !== null) await client.threads.delete(threadId);
  const metadata = { conversationId: job.conversationId };
  await client.threads.create({ threadId, graphId: GRAPH, metadata, ifExists: "do_nothing" });
}

/** Whose thread it is; null when there is none. */
async function ownerOf(client: Client, threadId: string): Promise<unknown> {
  try {
    return (await client.threads.get(threadId)).metadata?.owner ?? "";
  } catch (error) {
    if (errorOf(error).code === "http_404") return null;
    throw error;
  }
}

function nodesIn(data: unknown): [node: string, update: unknown][] {
  return Object.entries(Update.parse(data)).filter(([node]) => !node.startsWith("__"));
}

function progressOf(node: string, update: unknown): Progress {
  const classified = Classified.safeParse(update);
  return {
    type: "working",
    node,
    classification: classified.success ? classified.data.classification : null,
  };
}

async function standing(server: Server, threadId: string): Promise<Progress> {
  const client = clientOf(server);
  const thread = await stoppedThread(client, threadId);
  const state = await client.threads.getState(threadId);
  const values = Values.parse(state.values);
  if (thread.status === "interrupted" && values.reviewId)
    return { type: "waiting", reviewId: values.reviewId };
  if (values.outcome) return { type: "ended", outcome: values.outcome };
  return { type: "failed", reason: "The run stopped without a result. The server's log says why." };
}

/** The thread once its run has let go of it, which takes the server a moment after the last event. */
async function stoppedThread(client: Client, threadId: string): Promise<Thread> {
  for (let look = 0; ; look += 1) {
    const thread = await client.threads.get(threadId);
    if (thread.status !== "busy" || look === 100) return thread;
    await setTimeout(20);
  }
}

async function interruptFor(client: Client, review: { id: string; threadId: string }): Promise<string> {
  const thread = await client.threads.get(review.threadId);
  const own = pendingOf(thread).findLast((candidate) => {
    const asked = Asked.safeParse(candidate.value);
    return asked.success && asked.data.reviewId === review.id;
  });
  if (own?.id !== undefined) return own.id;
  throw new CallerError(
    "review_not_waiting",
    "The conversation's thread is not waiting for an answer to this review.",
    "Open the conversation again: countersign open <conversation>",
  );
}

/** What a thread waits on. The server leaves the field out, or null, where it waits on nothing. */
function pendingOf(thread: unknown) {
  return Object.values(Interrupted.parse(thread).interrupts ?? {}).flat();
}

function reasonIn(data: unknown): string {
  const parsed = z.object({ message: z.string() }).safeParse(data);
  return parsed.success ? parsed.data.message : new VendorError("run_failed", "The run failed.", "").message;
}
