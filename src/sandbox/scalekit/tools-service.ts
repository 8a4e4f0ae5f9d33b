import type { ServiceImpl } from "@connectrpc/connect";
import type { ToolService } from "@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/tools/tools_pb.js";
import type { CatalogueTool } from "../catalogue.ts";
import { definitionOf } from "../catalogue.ts";
import type { Core } from "../core.ts";
import type { Account } from "./accounts.ts";
import { PROVIDER } from "./accounts.ts";
import { execute } from "./execute.ts";
import { pageOf } from "./pages.ts";

type ToolRpcs = Pick<
  ServiceImpl<typeof ToolService>,
  "listTools" | "listScopedTools" | "listAvailableTools" | "executeTool"
>;

/** Scalekit's tool service, as far as applications use it. */
export function createToolService(core: Core): ToolRpcs {
  return {
    listTools({ filter, pageSize, pageToken }) {
      const query = filter?.query?.toLowerCase() ?? "";
      const names = new Set(filter?.toolName ?? []);
      const isProvider = !filter?.provider || filter.provider.toUpperCase() === PROVIDER;
      const tools = core.catalogue.filter(
        ({ name, description }) =>
          isProvider &&
          (names.size === 0 || names.has(name)) &&
          (query === "" || `${name} ${description}`.toLowerCase().includes(query)),
      );
      const page = pageOf(tools, { pageSize, pageToken });
      const isSummary = filter?.summary === true;
      return {
        ...page.fields,
        toolNames: page.items.map(({ name }) => name),
        tools: isSummary ? [] : page.items.map(toolMessage),
      };
    },

    listScopedTools({ identifier, filter, pageSize, pageToken }) {
      const { providers = [], toolNames = [], connectionNames = [] } = filter ?? {};
      const isProvider =
        providers.length === 0 || providers.some((provider) => provider.toUpperCase() === PROVIDER);
      const accounts = activeAccounts(core, identifier).filter(
        ({ connection }) =>
          isProvider && (connectionNames.length === 0 || connectionNames.includes(connection)),
      );
      const tools = core.catalogue.filter(({ name }) => toolNames.length === 0 || toolNames.includes(name));
      const scoped = accounts.flatMap((account) => tools.map((tool) => ({ account, tool })));
      const page = pageOf(scoped, { pageSize, pageToken });
      return {
        ...page.fields,
        tools: page.items.map(({ account, tool }) => ({
          tool: toolMessage(tool),
          identifier,
          connectedAccountId: account.id,
        })),
      };
    },

    listAvailableTools({ identifier, pageSize, pageToken }) {
      const tools = activeAccounts(core, identifier).length > 0 ? core.catalogue : [];
      const page = pageOf(tools, { pageSize, pageToken });
      return { ...page.fields, tools: page.items.map(toolMessage) };
    },

    executeTool: (request) => execute(core, request),
  };
}

function activeAccounts(core: Core, identifier: string): Account[] {
  return core.state.accounts.filter(
    (account) => account.identifier === identifier && account.status === "active",
  );
}

function toolMessage(tool: CatalogueTool) {
  return {
    id: `tool_${tool.name}`,
    provider: PROVIDER,
    definition: definitionOf(tool),
    metadata: {},
    tags: [tool.implementation ? tool.implementation.access : "unavailable"],
    isDefault: true,
  };
}
