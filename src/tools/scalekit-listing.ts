import { z } from "zod";
import { OperatorError } from "../domain/errors.ts";
import type { Actor, Capability } from "../domain/capability.ts";
import { JsonObject } from "../domain/json.ts";
import { resolveAlias } from "./aliases.ts";
import { cleanText } from "./clean-text.ts";
import type { Caller, ReadOutcome, ToolDefinition } from "./gateway.ts";
import { refuse } from "./refusals.ts";
import { findConnectedAccount } from "./scalekit-accounts.ts";
import type { SharedClient } from "./scalekit-client.ts";
import { refusalOf } from "./scalekit-errors.ts";

const pageSize = 100;
const maximumPages = 50;

/** Parameters that choose a version of the tool: code decides those, or nobody. */
const versionParameters = ["schema_version", "tool_version"];

export interface ListingOptions {
  client: SharedClient;
  connection: string;
  policy: readonly Capability[];
}

/**
 * The definitions of the tools that the policy gives to `actor`, as the caller's own connected account offers them.
 * Throws an OperatorError naming the required tools that the connection does not have.
 */
export async function listPermittedTools(
  { client, connection, policy }: ListingOptions,
  actor: Actor,
  as: Caller,
): Promise<ReadOutcome<ToolDefinition[]>> {
  const capabilities = policy.filter(({ actors }) => actors.includes(actor));
  const offered = await listOffered(client, connection, capabilities, as);
  if (offered.kind !== "ok") return offered;
  const missing = capabilities.filter(({ tool, required }) => required && !offered.value.has(tool));
  if (missing.length > 0) {
    const account = await findConnectedAccount(client, connection, as.identifier);
    if (account.kind !== "ok") return account;
    // Only an active account offers any tool.
    if (account.value?.id !== as.connectedAccountId || account.value.status !== "active") {
      return refuse("connection_inactive");
    }
    throw missingTools(missing, connection);
  }
  const definitions = capabilities.flatMap((capability) => {
    const definition = offered.value.get(capability.tool);
    return definition ? [withoutPinned(definition, capability)] : [];
  });
  return { kind: "ok", value: definitions, executionId: null };
}

async function listOffered(
  client: SharedClient,
  connection: string,
  capabilities: readonly Capability[],
  as: Caller,
): Promise<ReadOutcome<Map<string, ToolDefinition>>> {
  const filter = { connectionNames: [connection], toolNames: capabilities.map(({ tool }) => tool) };
  const offered = new Map<string, ToolDefinition>();
  let pageToken = "";
  try {
    for (let page = 0; page < maximumPages; page += 1) {
      const answer = await client.run(({ tools }) =>
        tools.listScopedTools(as.identifier, { filter, pageSize, pageToken }),
      );
      for (const { tool, connectedAccountId } of answer.tools) {
        const definition = Definition.safeParse(tool?.definition);
        if (connectedAccountId !== as.connectedAccountId || !definition.success) continue;
        offered.set(definition.data.name, definition.data);
      }
      pageToken = answer.nextPageToken;
      if (pageToken === "") return { kind: "ok", value: offered, executionId: null };
    }
    return refuse("unexpected_shape", "Scalekit's list of tools does not end.");
  } catch (error) {
    return refusalOf(error);
  }
}

const Definition = z
  .object({ name: z.string().min(1), description: z.string().default(""), input_schema: JsonObject })
  .transform(({ name, description, input_schema: inputSchema }) => ({
    name: resolveAlias(name),
    description: cleanText(description),
    inputSchema,
  }));

const ObjectSchema = z.looseObject({
  properties: JsonObject.default({}),
  required: z.array(z.string()).default([]),
});

/** The definition without the arguments that code sets: what cannot be seen cannot be chosen. */
function withoutPinned(definition: ToolDefinition, { pinned }: Capability): ToolDefinition {
  const hidden = new Set([...versionParameters, ...Object.keys(pinned)]);
  const schema = ObjectSchema.parse(definition.inputSchema);
  const properties = Object.entries(schema.properties).filter(([name]) => !hidden.has(name));
  return {
    ...definition,
    inputSchema: {
      ...definition.inputSchema,
      type: "object",
      properties: Object.fromEntries(properties),
      required: schema.required.filter((name) => !hidden.has(name)),
    },
  };
}

function missingTools(missing: readonly Capability[], connection: string): OperatorError {
  const names = missing.map(({ tool }) => tool).join(", ");
  return new OperatorError(
    "missing_tool",
    `The connection "${connection}" does not offer ${names}, which Countersign cannot work without.`,
    "Check the connection's name and its enabled tools in Scalekit, or whether the connector has renamed a tool.",
  );
}
