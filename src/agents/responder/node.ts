import type { Classification } from "../../domain/classification.ts";
import type { Draft } from "../../domain/draft.ts";
import { noFindings, type Findings } from "../../domain/findings.ts";
import type { Material } from "../../domain/material.ts";
import type { Task } from "../../domain/task.ts";
import { brief, requireWork, type AgentDependencies } from "../brief.ts";

interface Drafting {
  material?: Material | undefined;
  classification?: Classification | undefined;
  findings?: Findings | undefined;
  task?: Task | undefined;
}

/** Writes the draft. It sends nothing. */
export function responderNode(dependencies: AgentDependencies) {
  return async (state: Drafting, config: unknown): Promise<{ draft: Draft }> => {
    const { task } = state;
    const asked = task?.type === "draft" || task?.type === "revise" ? task : null;
    return {
      draft: await dependencies.engines.draft({
        ...brief(dependencies, state, config),
        classification: requireWork(state.classification, "classification"),
        findings: state.findings ?? noFindings,
        instruction: asked?.instruction ?? null,
        previousBody: asked?.previousBody ?? null,
      }),
    };
  };
}
