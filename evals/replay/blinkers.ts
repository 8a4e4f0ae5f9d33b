import type { Json, JsonObject } from "../../src/domain/json.ts";
import { DefectError } from "../../src/domain/errors.ts";
import { resolveAlias } from "../../src/tools/aliases.ts";
import type { ReadOutcome, ToolGateway } from "../../src/tools/gateway.ts";
import { refuse } from "../../src/tools/refusals.ts";

/** A gateway that only reads: whoever tries to write through it finds a fault in the program. */
export function readOnly(gateway: ToolGateway): ToolGateway {
  return {
    ...gateway,
    write: () => {
      throw new DefectError(
        "replay_writes",
        "A replay tried to write to Intercom. Nothing was sent.",
        "Report it.",
      );
    },
  };
}

/**
 * The same for an agent that is put back in time: the conversation it drafts for, and other conversations and tickets that
 * changed after `until` (Unix seconds), are not there. Otherwise it could look the answer up that people gave. Articles,
 * macros and the customer are read as they are today.
 */
export function withBlinkers(
  gateway: ToolGateway,
  { conversationId, until }: { conversationId: string; until: number },
): ToolGateway {
  const isHidden = (item: Json, isConversation: boolean): boolean => {
    if (item === null || typeof item !== "object" || Array.isArray(item)) return false;
    const changed = typeof item.updated_at === "number" ? item.updated_at : Number.POSITIVE_INFINITY;
    const isSame =
      typeof item.id === "string" || typeof item.id === "number" ? String(item.id) === conversationId : true;
    return changed > until || (isConversation && isSame);
  };
  return {
    ...readOnly(gateway),
    read: async (actor, as, name, args) => {
      const outcome = await gateway.read(actor, as, name, args);
      return outcome.kind === "ok" ? blinker(resolveAlias(name), outcome, isHidden) : outcome;
    },
  };
}

/** What an answer of a tool holds that may be of later: itself, or the items of a list. */
const shapes: Readonly<Record<string, { lists: readonly string[]; isConversation: boolean }>> = {
  intercom_retrieve_conversation: { lists: [], isConversation: true },
  intercom_search_conversations: { lists: ["conversations"], isConversation: true },
  intercom_list_conversations: { lists: ["conversations"], isConversation: true },
  intercom_retrieve_ticket: { lists: [], isConversation: false },
  intercom_search_tickets: { lists: ["tickets", "data"], isConversation: false },
};

function blinker(
  tool: string,
  outcome: Extract<ReadOutcome<JsonObject>, { kind: "ok" }>,
  isHidden: (item: Json, isConversation: boolean) => boolean,
): ReadOutcome<JsonObject> {
  const shape = shapes[tool];
  if (!shape) return outcome;
  const { lists, isConversation } = shape;
  if (lists.length === 0) return isHidden(outcome.value, isConversation) ? refuse("not_found") : outcome;
  const value = Object.fromEntries(
    Object.entries(outcome.value).map(([name, list]) => [
      name,
      lists.includes(name) && Array.isArray(list)
        ? list.filter((item) => !isHidden(item, isConversation))
        : list,
    ]),
  );
  // How many there are would say that something is hidden.
  return { ...outcome, value: { ...value, ...("total_count" in value && { total_count: null }) } };
}
