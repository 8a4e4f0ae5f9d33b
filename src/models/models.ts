import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { createChatModel, parseModelName, type ProviderSettings } from "./providers.ts";
import { createUsageMeter, type Usage } from "./usage.ts";

type AgentName = "classifier" | "researcher" | "responder";
const agentNames: readonly AgentName[] = ["classifier", "researcher", "responder"];

/** Which model runs which agent. A model is named `provider:model`; null means the offline engine. */
export interface ModelSettings extends ProviderSettings {
  /** For every agent that has none of its own. */
  model: string | null;
  classifierModel?: string | null | undefined;
  researcherModel?: string | null | undefined;
  responderModel?: string | null | undefined;
}

export interface Models {
  /** The agent's model, or null when its offline engine does the work. */
  for(agent: AgentName): BaseChatModel | null;
  /** `provider:model`, or `offline`. */
  nameOf(agent: AgentName): string;
  /** What each agent has spent since the models were created. */
  usage(): Record<AgentName, Usage>;
  description: string;
}

/**
 * Makes the models of all agents. Calls no provider, and reads nothing but its settings: never the environment.
 * Throws OperatorError for an unknown provider, and for a key or address that is missing, naming the variable.
 */
export function createModels(settings: ModelSettings): Models {
  const meter = createUsageMeter(agentNames);
  const engines = {
    classifier: prepare("classifier", settings.classifierModel),
    researcher: prepare("researcher", settings.researcherModel),
    responder: prepare("responder", settings.responderModel),
  };
  return {
    for: (agent) => engines[agent].model,
    nameOf: (agent) => engines[agent].name,
    usage: () => meter.read(),
    description: agentNames.map((agent) => `${agent} ${engines[agent].name}`).join(", "),
  };

  function prepare(agent: AgentName, override: string | null | undefined) {
    const name = override ?? settings.model;
    if (name === null) return { name: "offline", model: null };
    return { name, model: createChatModel(parseModelName(name), settings, [meter.counterFor(agent)]) };
  }
}
