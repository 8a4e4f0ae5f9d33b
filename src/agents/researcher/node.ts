import type { Classification } from "../../domain/classification.ts";
import type { Findings } from "../../domain/findings.ts";
import type { Material } from "../../domain/material.ts";
import { brief, requireWork, type AgentDependencies } from "../brief.ts";

/** Looks up what the answer can rest on. It only reads. */
export function researcherNode(dependencies: AgentDependencies) {
  return async (
    state: { material?: Material | undefined; classification?: Classification | undefined },
    config: unknown,
  ): Promise<{ findings: Findings }> => {
    const classification = requireWork(state.classification, "classification");
    return {
      findings: await dependencies.engines.research(brief(dependencies, state, config), classification),
    };
  };
}
