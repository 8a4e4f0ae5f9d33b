import { z } from "zod";
import type { Principal } from "../domain/teammate.ts";
import type { Refused } from "./refused.ts";
import { refuse } from "./refused.ts";

/** A permitted request, and the owner whose threads it may touch; null for everybody's. */
export interface PermittedThread {
  kind: "thread";
  owner: string | null;
}

/** A permitted new thread, with the metadata to store instead of the client's. */
export interface PermittedCreation {
  kind: "creation";
  metadata: Record<string, unknown> & { owner: string };
}

const ThreadCreation = z.looseObject({
  thread_id: z.string().nullish(),
  if_exists: z.string().nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
});
const ThreadUpdate = z.looseObject({ action: z.string().nullish() });

/** A teammate reads their own threads. The desk reads all, to see whose a conversation's thread is. */
export function judgeThreadRead(principal: Principal): PermittedThread {
  return { kind: "thread", owner: principal.kind === "dispatcher" ? null : principal.identity };
}

/**
 * A new thread belongs to who makes it; for the desk, to the teammate it acts for. A teammate may not take an id of the
 * kind the desk derives from conversations, or the conversation's thread could never be opened for anybody else.
 */
export function judgeThreadCreation(
  principal: Principal,
  graphs: readonly string[],
  creation: unknown,
): PermittedCreation | Refused {
  const parsed = ThreadCreation.safeParse(creation);
  if (!parsed.success) return refuseThread("thread_malformed", "The thread's options are malformed.");
  const { thread_id: threadId, if_exists: ifExists, metadata } = parsed.data;
  // Only a copy comes without a word on what to do when the thread exists.
  if (ifExists == null) return refuseThread("thread_copy_refused", "Threads are not copied.");
  if (principal.kind === "dispatcher") {
    return { kind: "creation", metadata: { ...metadata, owner: principal.identity } };
  }
  if (threadId != null && isDerivedThreadId(threadId)) {
    return refuseThread("thread_id_reserved", "Thread ids of version 5 belong to the desk's conversations.");
  }
  const graph = metadata?.graph_id;
  const known = typeof graph === "string" && graphs.includes(graph) ? { graph_id: graph } : {};
  return { kind: "creation", metadata: { ...known, owner: principal.identity } };
}

/** A change of a thread: its owner may cancel a run by interrupting it. Nobody edits state or metadata. */
export function judgeThreadUpdate(principal: Principal, update: unknown): PermittedThread | Refused {
  const parsed = ThreadUpdate.safeParse(update);
  if (parsed.success && parsed.data.action === "interrupt") {
    return { kind: "thread", owner: principal.identity };
  }
  return refuseThread(
    "thread_update_refused",
    "A thread changes by its runs only; a run may be interrupted.",
  );
}

/**
 * Teammates delete nothing. The desk deletes a run that a stopped server left behind, and the thread of a conversation
 * that went to another teammate: a thread can be made again from the store.
 */
export function judgeDeletion(principal: Principal): PermittedThread | Refused {
  if (principal.kind === "dispatcher") return { kind: "thread", owner: null };
  return refuseThread("deletion_refused", "Threads and runs are not for clients to delete.");
}

/** True for an id computed from a name (UUID version 5), as the desk computes those of conversations. */
export function isDerivedThreadId(threadId: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(threadId);
}

function refuseThread(code: string, message: string): Refused {
  return refuse(
    403,
    code,
    message,
    "Create a thread, start a run on it, and answer its review by resuming it.",
  );
}
