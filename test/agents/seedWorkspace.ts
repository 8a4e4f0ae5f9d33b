import { resolve } from "node:path";
import type { Briefing } from "../../src/agents/briefing.ts";
import { loadDesk } from "../../src/desk.ts";
import type { JsonObject } from "../../src/domain/json.ts";
import { populate } from "../../src/sandbox/intercom/populate.ts";
import { intercomTools } from "../../src/sandbox/intercom/tools.ts";
import { readSeed } from "../../src/sandbox/seed.ts";
import { readContact } from "../../src/tools/contacts.ts";
import { readConversation } from "../../src/tools/conversations.ts";
import type { ReadOutcome, ToolGateway } from "../../src/tools/gateway.ts";
import { readDirectory } from "../../src/tools/intercom.ts";
import { policy } from "../../src/tools/policy.ts";
import { withoutDrafts } from "../../src/tools/published.ts";

const root = resolve(import.meta.dirname, "../..");

export interface SeedWorkspace {
  gateway: ToolGateway;
  /** Whether the customer of a conversation waits for an answer. */
  waiting: string[];
  /** What the desk would brief its agents with for one conversation, as the support lead. */
  briefingOf(conversationId: string): Promise<Briefing>;
}

/** The example company in memory, read through the same parsers as the real one; it writes nothing. */
export async function openSeedWorkspace(): Promise<SeedWorkspace> {
  const seed = await readSeed(resolve(root, "src/sandbox/workspace"));
  const workspace = populate(seed, null);
  const caller = workspace.admins.find(({ name }) => name === "Mina Park");
  if (!caller) throw new Error("The support lead is missing from the workspace.");
  const now = Math.floor(Date.parse(seed.workspace.as_of) / 1000);
  const read = (tool: string, args: JsonObject): ReadOutcome<JsonObject> => {
    const pinned = policy.find((capability) => capability.tool === tool)?.pinned ?? {};
    const value = intercomTools[tool]?.run({ workspace, now, caller }, { ...args, ...pinned });
    if (!value) throw new Error(`The sandbox has no ${tool}.`);
    return withoutDrafts(tool, { kind: "ok", executionId: null, value });
  };
  const gateway: ToolGateway = {
    read: async (_actor, _as, tool, args) => read(tool, args),
    write: notHere,
    listTools: notHere,
    listAccounts: notHere,
    findAccount: notHere,
    verifyAccessToken: notHere,
  };
  const teammate: Briefing["teammate"] = {
    identifier: caller.email,
    connectedAccountId: "ca_1",
    adminId: caller.id,
    name: caller.name,
    email: caller.email,
    hasInboxSeat: true,
    teamIds: [],
    workspaceId: seed.workspace.id_code,
  };
  const desk = await loadDesk(resolve(root, "desk"));
  const directory = valueOf(await readDirectory(gateway, teammate));
  return {
    gateway,
    waiting: seed.conversations
      .filter(({ state, messages }) => state === "open" && "contact" in (messages.at(-1)?.from ?? {}))
      .map(({ id }) => id),
    async briefingOf(conversationId) {
      const conversation = valueOf(await readConversation(gateway, teammate, conversationId));
      const contact =
        conversation.contactId === null
          ? null
          : valueOf(await readContact(gateway, teammate, conversation.contactId));
      return { desk, conversation, contact, teammate, directory };
    },
  };
}

function valueOf<T>(outcome: ReadOutcome<T>): T {
  if (outcome.kind === "ok") return outcome.value;
  throw new Error(outcome.reason);
}

function notHere(): never {
  throw new Error("No agent may call this.");
}
