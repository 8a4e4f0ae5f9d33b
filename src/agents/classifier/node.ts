import type { Classification } from "../../domain/classification.ts";
import type { Material } from "../../domain/material.ts";
import { brief, type AgentDependencies } from "../brief.ts";

/** Says what the conversation is about, how urgent it is, and which way it goes. */
export function classifierNode(dependencies: AgentDependencies) {
  return async (
    state: { material?: Material | undefined },
    config: unknown,
  ): Promise<{ classification: Classification }> => ({
    classification: await dependencies.engines.classify(brief(dependencies, state, config)),
  });
}
