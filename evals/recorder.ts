import { AsyncLocalStorage } from "node:async_hooks";
import type { ToolGateway } from "../src/tools/gateway.ts";
import type { ToolCall, TurnTrace } from "./trace.ts";

/** Calls that one actor made side by side: none of them was begun after another was answered. */
interface Step {
  calls: ToolCall[];
  answered: boolean;
}

/**
 * Notes the calls that are made through a gateway while some work is done, also when other work is done beside it. It
 * passes every call on as it is.
 */
export function createRecorder() {
  const scope = new AsyncLocalStorage<Step[]>();
  const watched = async <Outcome extends { kind: string; code?: string }>(
    actor: string,
    tool: string,
    make: () => Promise<Outcome>,
  ): Promise<Outcome> => {
    const steps = scope.getStore();
    const answer = steps && begin(steps, { actor, tool, outcome: "unanswered" });
    const outcome = await make();
    answer?.(outcome.code ?? outcome.kind);
    return outcome;
  };
  return {
    around: (gateway: ToolGateway): ToolGateway => ({
      ...gateway,
      read: (actor, as, tool, args) => watched(actor, tool, () => gateway.read(actor, as, tool, args)),
      write: (as, tool, args, options) =>
        watched("delivery", tool, () => gateway.write(as, tool, args, options)),
    }),
    /** Gives the calls in the order they were made; those side by side, which come in any order, in a fixed one. */
    record: async <T>(work: () => Promise<T>): Promise<{ result: T; calls: TurnTrace["calls"] }> => {
      const steps: Step[] = [];
      const result = await scope.run(steps, work);
      const inOrder = (one: ToolCall, other: ToolCall) => keyOf(one).localeCompare(keyOf(other));
      return { result, calls: steps.flatMap(({ calls }) => calls.sort(inOrder)) };
    },
  };
}

/** Notes that a call begins, in the step under way or a new one. Returns what notes its answer. */
function begin(steps: Step[], call: ToolCall): (outcome: string) => void {
  const last = steps.at(-1);
  const beside = last && !last.answered && last.calls[0]?.actor === call.actor;
  const step = beside ? last : { calls: [], answered: false };
  if (!beside) steps.push(step);
  step.calls.push(call);
  return (outcome) => {
    call.outcome = outcome;
    step.answered = true;
  };
}

function keyOf({ actor, tool, outcome }: ToolCall): string {
  return `${actor} ${tool} ${outcome}`;
}
