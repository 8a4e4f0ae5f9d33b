import type { Outcome } from "../domain/delivery.ts";
import { deliver, type DeliveryDependencies } from "./deliver.ts";

/**
 * The graph's only writing node. It trusts nothing in the thread's state but the name of a decision, which counts
 * for no more than the store says.
 */
export function deliverNode(dependencies: DeliveryDependencies) {
  return async (state: { decisionId: string | null }): Promise<{ outcome: Outcome }> => ({
    outcome: await deliver(dependencies, state.decisionId ?? ""),
  });
}
