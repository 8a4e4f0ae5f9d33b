import { z } from "zod";
import { DeskOverrides } from "../domain/desk.ts";
import type { Principal } from "../domain/teammate.ts";
import type { Refused } from "./refused.ts";
import { refuse } from "./refused.ts";

/** A permitted change, of this owner's assistants. */
export interface PermittedAssistant {
  kind: "assistant";
  owner: string;
}

const AssistantAsk = z.looseObject({
  graph_id: z.string().nullish(),
  context: z.strictObject(DeskOverrides.shape).nullish(),
  config: z.unknown().optional(),
});

/**
 * A teammate may make and change assistants of their own: variations of the desk within `DeskOverrides`, of a graph this
 * server offers. The desk's own assistants cannot be changed, and none is deleted: that would delete others' runs.
 */
export function judgeAssistant(
  principal: Principal,
  graphs: readonly string[],
  ask: unknown,
): PermittedAssistant | Refused {
  if (principal.kind !== "teammate") return refuseAssistant("Only a teammate may change assistants.");
  const parsed = AssistantAsk.safeParse(ask);
  if (!parsed.success) return refuseAssistant(z.prettifyError(parsed.error));
  const { graph_id: graph, config } = parsed.data;
  if (graph != null && !graphs.includes(graph)) return refuseAssistant(`There is no graph ${graph}.`);
  if (!isBlank(config)) return refuseAssistant("An assistant takes a context, and no config.");
  return { kind: "assistant", owner: principal.identity };
}

/** `{}` and `{configurable: {}}` are how clients write nothing. */
function isBlank(config: unknown): boolean {
  if (config === null || config === undefined) return true;
  return z.strictObject({ configurable: z.strictObject({}).nullish() }).safeParse(config).success;
}

function refuseAssistant(message: string): Refused {
  return refuse(
    403,
    "assistant_refused",
    message,
    "Give a graph of this server and a context with the fields its schema names.",
  );
}
