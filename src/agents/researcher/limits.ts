import { modelCallLimitMiddleware, toolCallLimitMiddleware, type AgentMiddleware } from "langchain";

type Limiter = (options: { runLimit: number; exitBehavior: "end" | "continue" }) => AgentMiddleware;

// Their types are derived through zod 3 and come out as accepting no argument at all; what they do is as documented.
const limitModelCalls = modelCallLimitMiddleware as unknown as Limiter;
const limitToolCalls = toolCallLimitMiddleware as unknown as Limiter;

/**
 * Ends a run after `modelCalls`, and answers every tool call after `toolCalls` with a refusal instead of making it,
 * so that the model can still give what it found.
 */
export function limits({
  modelCalls,
  toolCalls,
}: {
  modelCalls: number;
  toolCalls: number;
}): AgentMiddleware[] {
  return [
    limitModelCalls({ runLimit: modelCalls, exitBehavior: "end" }),
    limitToolCalls({ runLimit: toolCalls, exitBehavior: "continue" }),
  ];
}
