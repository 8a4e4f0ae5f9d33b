import { z } from "zod";
import { DeskOverrides, withOverrides, type Desk } from "../domain/desk.ts";
import { DefectError } from "../domain/errors.ts";
import type { Material } from "../domain/material.ts";
import type { Briefing } from "./briefing.ts";
import type { Engines } from "./engines.ts";

/** What the agents' nodes need of the process. */
export interface AgentDependencies {
  desk: Desk;
  engines: Engines;
}

const Configured = z.object({ context: DeskOverrides.nullish() });

/** What an agent is told: the material of this run, and the desk as this assistant was set up. */
export function brief(
  { desk }: AgentDependencies,
  state: { material?: Material | undefined },
  config: unknown,
): Briefing {
  if (!state.material) {
    throw new DefectError(
      "conversation_not_loaded",
      "The conversation is not at hand: this run was continued in the middle.",
      "Start a new run for the conversation.",
    );
  }
  const { context } = Configured.parse(config);
  return { desk: withOverrides(desk, context ?? {}), ...state.material };
}

/** What an earlier node must have left in the state. */
export function requireWork<T>(work: T | undefined, name: string): T {
  if (work !== undefined) return work;
  throw new DefectError(
    "work_missing",
    `There is no ${name} to work from.`,
    "Start a new run for the conversation.",
  );
}
