import type { Database } from "../store/database.ts";
import { learnConnection } from "../store/connections.ts";
import { rememberEvent } from "../store/webhook_events.ts";
import type { AccountEvent } from "../tools/gateway.ts";

/**
 * Takes one of Scalekit's events in: what it says of a connection is kept, with the fact where that is news. Once for
 * each event, in whatever order they arrive. `repeated` when it was taken in before.
 */
export async function takeAccountEvent(
  { store, clock }: { store: { db: Database }; clock: () => Date },
  event: AccountEvent,
): Promise<"changed" | "nothing_new" | "repeated"> {
  const { id, type, account, occurredAt } = event;
  const at = clock();
  return store.db.transaction(async (transaction) => {
    if (!(await rememberEvent(transaction, { source: "scalekit", id, type, at }))) return "repeated";
    if (account === null) return "nothing_new";
    const { identifier, status, id: accountId } = account;
    const learned = { identifier, accountId, status, asOf: occurredAt.toISOString() };
    const how = { source: "webhook", eventId: id, eventType: type };
    return (await learnConnection(transaction, learned, how, at)) ? "changed" : "nothing_new";
  });
}
