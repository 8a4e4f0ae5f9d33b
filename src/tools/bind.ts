import { DynamicStructuredTool, type StructuredTool } from "@langchain/core/tools";
import { createMiddleware, type AgentMiddleware } from "langchain";
import { TeammateError } from "../domain/errors.ts";
import { JsonObject } from "../domain/json.ts";
import { boundOutput } from "./bound-output.ts";
import type { Caller, ReadOutcome, ToolDefinition, ToolGateway } from "./gateway.ts";
import { plainText } from "./html.ts";

/** The most JSON of one answer that goes into a model's context, in bytes. */
const maximumModelBytes = 24_000;

/** One call a model made, and what really came of it. */
export interface ToolResult {
  tool: string;
  args: JsonObject;
  outcome: ReadOutcome<JsonObject>;
}

/**
 * What an agent with these tools needs among its middleware: LangChain's agent hands a tool's error to the model as a
 * message and goes on, unless something wraps its calls. The TeammateError arrives as a cause of what is thrown.
 */
export function endRunOnError(): AgentMiddleware {
  return createMiddleware({ name: "EndRunOnError", wrapToolCall: (request, handler) => handler(request) });
}

/**
 * The researcher's reads as LangChain tools, with the connector's own argument schemas. A refusal goes back to the
 * model as a sentence; a lost connection throws a TeammateError (see `endRunOnError`). `onResult` gets every answer as
 * it was read, before it is shortened for the model.
 */
export function bindTools(
  gateway: ToolGateway,
  as: Caller,
  definitions: readonly ToolDefinition[],
  onResult: (result: ToolResult) => void,
): StructuredTool[] {
  return definitions.map(
    ({ name, description, inputSchema }) =>
      new DynamicStructuredTool({
        name,
        description,
        schema: inputSchema,
        func: async (given) => {
          const args = givenArguments(given);
          const outcome = await gateway.read("researcher", as, name, args);
          onResult({ tool: name, args, outcome });
          return answerFor(name, outcome);
        },
      }),
  );
}

/** Models write null for an argument they leave out. */
function givenArguments(given: unknown): JsonObject {
  const present = Object.entries(JsonObject.parse(given)).filter(([, value]) => value !== null);
  return Object.fromEntries(present);
}

function answerFor(tool: string, outcome: ReadOutcome<JsonObject>): string {
  if (outcome.kind === "needs_connection")
    throw new TeammateError(outcome.code, outcome.reason, outcome.next);
  if (outcome.kind !== "ok")
    return `${tool} gave nothing (${outcome.code}). ${outcome.reason} ${outcome.next}`;
  const shown = boundOutput(outcome.value, maximumModelBytes, plainText);
  return shown === null
    ? `${tool} answered with more than can be shown. Ask for less.`
    : JSON.stringify(shown);
}
