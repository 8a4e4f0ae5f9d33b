import type { Plan } from "../domain/action.ts";
import type { Delivery } from "../domain/delivery.ts";
import type { Database } from "../store/database.ts";
import { finishDelivery, listDeliveries } from "../store/deliveries.ts";

/** Closes what an approval would still have done after a step of it that was not carried out. */
export async function skipAfter(
  { store, clock }: { store: { db: Database }; clock: () => Date },
  plan: Plan,
  stopped: Delivery,
): Promise<void> {
  const deliveries = await listDeliveries(store.db, stopped.decisionId);
  const rest = deliveries.filter(
    ({ position, status }) => position > stopped.position && status === "queued",
  );
  for (const { id, fence } of rest) {
    await finishDelivery(store.db, {
      id,
      fence,
      from: "queued",
      to: "skipped",
      partId: null,
      executionId: null,
      reason: "An earlier step of the same approval was not carried out.",
      actor: plan.approver.identifier,
      at: clock(),
    });
  }
}
