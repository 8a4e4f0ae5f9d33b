import { readFileSync } from "node:fs";
import { z } from "zod";
import type { Json, JsonObject } from "../domain/json.ts";
import type { IntercomTool } from "./intercom/tool.ts";
import { intercomTools } from "./intercom/tools.ts";

const ParameterType = z.enum(["string", "object", "integer", "boolean", "array"]);
const Entry = z.object({
  name: z.string(),
  params: z.array(z.object({ name: z.string(), type: ParameterType, required: z.boolean() })),
});

/** A tool of the connector: what it is called, what it takes, and how the sandbox carries it out, if it can. */
export interface CatalogueTool {
  name: string;
  description: string;
  parameters: readonly { name: string; type: z.infer<typeof ParameterType>; required: boolean }[];
  implementation: IntercomTool | null;
}

/** The connector's whole catalogue, in its own order. */
export function loadCatalogue(): CatalogueTool[] {
  const text = readFileSync(new URL("./catalogue.json", import.meta.url), "utf8");
  return z
    .array(Entry)
    .parse(JSON.parse(text))
    .map(({ name, params }) => {
      const implementation = intercomTools[name] ?? null;
      const description = implementation?.description ?? `${titleOf(name)} in Intercom.`;
      return { name, description, parameters: params, implementation };
    });
}

/** The definition a client gets: name, description and the JSON Schema of the parameters. */
export function definitionOf(tool: CatalogueTool): JsonObject {
  const properties = tool.parameters.map(({ name, type }): [string, JsonObject] => [
    name,
    {
      type,
      description: describe(tool, name),
      ...(type === "array" && { items: {} }),
      ...(type === "object" && { additionalProperties: true }),
    },
  ]);
  const required = tool.parameters.filter((parameter) => parameter.required).map(({ name }) => name);
  return {
    name: tool.name,
    description: tool.description,
    input_schema: { type: "object", properties: Object.fromEntries(properties), required },
  };
}

/** What is wrong with the parameters of a call; empty when they fit the schema. */
export function violationsOf(
  tool: CatalogueTool,
  given: JsonObject,
): { field: string; description: string }[] {
  const violations: { field: string; description: string }[] = [];
  for (const { name, required } of tool.parameters) {
    if (required && !(name in given)) violations.push({ field: name, description: "is required" });
  }
  for (const [name, value] of Object.entries(given)) {
    const parameter = tool.parameters.find((candidate) => candidate.name === name);
    if (!parameter) violations.push({ field: name, description: "is not a parameter of this tool" });
    else if (!isOfType(value, parameter.type)) {
      const actual = value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
      violations.push({ field: name, description: `must be ${parameter.type}, not ${actual}` });
    }
  }
  return violations;
}

function isOfType(value: Json, type: z.infer<typeof ParameterType>): boolean {
  switch (type) {
    case "string":
    case "boolean":
      return typeof value === type;
    case "integer":
      return typeof value === "number" && Number.isInteger(value);
    case "array":
      return Array.isArray(value);
    case "object":
      return value !== null && typeof value === "object" && !Array.isArray(value);
  }
}

function describe(tool: CatalogueTool, parameter: string): string {
  if (parameter === "schema_version") return "Version of this definition's schema.";
  if (parameter === "tool_version") return "Version of this tool.";
  return tool.implementation?.parameters[parameter] ?? `${titleOf(parameter)}.`;
}

function titleOf(name: string): string {
  const words = name.replace(/^intercom_/, "").replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
