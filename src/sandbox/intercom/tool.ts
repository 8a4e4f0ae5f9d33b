import type { z } from "zod";
import type { Json, JsonObject } from "../../domain/json.ts";
import { invalidParameter } from "./errors.ts";
import type { Admin, Workspace } from "./workspace.ts";

/** One call of a tool: on which workspace, at what time (Unix seconds), with whose token. */
export interface Call {
  workspace: Workspace;
  now: number;
  caller: Admin;
}

/** A tool the sandbox really has. `run` either changes the workspace as a whole or throws before it changes anything. */
export interface IntercomTool {
  description: string;
  /** What each parameter is for, where its name does not say it. */
  parameters: Readonly<Record<string, string>>;
  access: "read" | "write";
  run: (call: Call, parameters: Record<string, Json>) => JsonObject;
}

export function defineTool<Input extends z.ZodType>(definition: {
  description: string;
  parameters?: Readonly<Record<string, string>>;
  access: "read" | "write";
  input: Input;
  run: (call: Call, parameters: z.infer<Input>) => JsonObject;
}): IntercomTool {
  return {
    description: definition.description,
    parameters: definition.parameters ?? {},
    access: definition.access,
    run(call, parameters) {
      const input = definition.input.safeParse(parameters);
      if (!input.success) {
        const issue = input.error.issues[0];
        throw invalidParameter(`${issue?.path.join(".") ?? "parameters"}: ${issue?.message ?? "invalid"}`);
      }
      return definition.run(call, input.data);
    },
  };
}
