import { AsyncLocalStorage } from "node:async_hooks";
import type { ToolGateway } from "../src/tools/gateway.ts";
import type { TurnTrace } from "./trace.ts";

/**
 * Notes the calls that are made through a gateway while some work is done, also when other work is done beside it. It
 * passes every call on as it is.
 */
export function createRecorder() {
  const scope = new AsyncLocalStorage<TurnTrace["calls"]>();
  const note = (actor: string, tool: string, outcome: { kind: string; code?: string }) => {
    scope.getStore()?.push({ actor, tool, outcome: outcome.code ?? outcome.kind });
  };
  return {
    around: (gateway: ToolGateway): ToolGateway => ({
      ...gateway,
      async read(actor, as, tool, args) {
        const outcome = await gateway.read(actor, as, tool, args);
        note(actor, tool, outcome);
        return outcome;
      },
      async write(as, tool, args, options) {
        const outcome = await gateway.write(as, tool, args, options);
        note("delivery", tool, outcome);
        return outcome;
      },
    }),
    record: async <T>(work: () => Promise<T>) => {
      const calls: TurnTrace["calls"] = [];
      const result = await scope.run(calls, work);
      // Reads that were made at the same time come back in any order.
      return { result, calls: calls.sort((one, other) => keyOf(one).localeCompare(keyOf(other))) };
    },
  };
}

function keyOf({ actor, tool, outcome }: TurnTrace["calls"][number]): string {
  return `${actor} ${tool} ${outcome}`;
}
