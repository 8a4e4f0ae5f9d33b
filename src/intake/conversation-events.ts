import { reportOf } from "../domain/errors.ts";
import type { Desk } from "../domain/desk.ts";
import type { Log } from "../log.ts";
import { openConversation } from "../runs/dispatch.ts";
import { dispatcherFor, type DispatcherDependencies } from "../runs/dispatcher.ts";
import type { Database } from "../store/database.ts";
import { findOpenReview } from "../store/reviews.ts";
import { findTeammate, findTeammateByAdmin } from "../store/teammates.ts";
import { rememberEvent } from "../store/webhook_events.ts";
import type { ConversationEvent } from "../tools/gateway.ts";

export interface IntakeDependencies extends DispatcherDependencies {
  store: { db: Database };
  desk: Pick<Desk, "unassigned">;
  log: Log;
}

/** What the desk itself writes comes back as these; a conversation nobody drafts for is left alone on them. */
const byTeammates = /^conversation\.(admin\.(replied|noted|closed|snoozed)|operator\.)/;

/**
 * Takes one of Intercom's events in: has the conversation it is about looked at again, as the teammate who has its draft,
 * else as its assignee, else as the desk's teammate for unassigned ones. Once for each event. Answers at once; `looked`
 * resolves when the run has stopped, and never rejects. The event itself is believed in nothing.
 */
export async function takeConversationEvent(
  dependencies: IntakeDependencies,
  url: string,
  event: ConversationEvent,
  at: Date,
): Promise<{ result: "taken" | "nothing_to_do" | "repeated"; looked: Promise<void> }> {
  const { store } = dependencies;
  const { id, topic: type } = event;
  const nothing = { result: "nothing_to_do", looked: Promise.resolve() } as const;
  if (!(await rememberEvent(store.db, { source: "intercom", id, type, at }))) {
    return { result: "repeated", looked: Promise.resolve() };
  }
  const teammate = await whoLooks(dependencies, event);
  if (teammate === null || event.conversation === null) return nothing;
  const { workspaceId } = event;
  const job = { workspaceId, conversationId: event.conversation.id, teammate };
  return { result: "taken", looked: look(dependencies, url, job) };
}

async function whoLooks(
  { store: { db }, desk }: IntakeDependencies,
  { conversation, workspaceId, topic }: ConversationEvent,
): Promise<string | null> {
  if (conversation === null) return null;
  const open = await findOpenReview(db, workspaceId, conversation.id);
  const { assigneeId } = conversation;
  const assignee = assigneeId === null ? null : await findTeammateByAdmin(db, workspaceId, assigneeId);
  if (open !== null) {
    const isReassigned = open.plan.seen.assigneeId !== assigneeId && assignee !== null;
    return isReassigned ? assignee.identifier : open.teammate;
  }
  if (byTeammates.test(topic)) return null;
  if (assigneeId !== null) return assignee?.identifier ?? null;
  // Of another workspace than ours, nobody is known.
  const unassigned = await findTeammate(db, desk.unassigned);
  return unassigned?.workspaceId === workspaceId ? unassigned.identifier : null;
}

async function look(
  dependencies: IntakeDependencies,
  url: string,
  job: { workspaceId: string; conversationId: string; teammate: string },
): Promise<void> {
  const { conversationId } = job;
  try {
    const server = dispatcherFor(dependencies, url, job.teammate);
    for await (const progress of openConversation(server, job)) {
      if (progress.type !== "failed") continue;
      const { reason } = progress;
      dependencies.log.warn({ conversationId, reason }, "a conversation could not be looked at");
    }
  } catch (error) {
    dependencies.log.error({ conversationId, ...reportOf(error) }, "a conversation could not be looked at");
  }
}
