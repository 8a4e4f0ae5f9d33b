import type { Classification } from "../domain/classification.ts";
import type { Draft } from "../domain/draft.ts";
import type { Findings } from "../domain/findings.ts";
import type { Models } from "../models/models.ts";
import type { ToolGateway } from "../tools/gateway.ts";
import type { Briefing, DraftRequest } from "./briefing.ts";
import { classifyWithModel } from "./classifier/model.ts";
import { classifyOffline } from "./classifier/offline.ts";
import { learnedFor } from "./learning/learned.ts";
import { researchWithModel } from "./researcher/model.ts";
import { researchOffline } from "./researcher/offline.ts";
import { draftWithModel } from "./responder/model.ts";
import { draftOffline } from "./responder/offline.ts";

/** The three agents, each backed by its model or, where none is set, by its offline engine. */
export interface Engines {
  /** Throws VendorError when a model provider fails. */
  classify(briefing: Briefing): Promise<Classification>;
  /** Reads Intercom as the briefing's teammate. Throws when the sources cannot be read at all: empty is not success. */
  research(briefing: Briefing, classification: Classification): Promise<Findings>;
  /** Throws VendorError when a model provider fails. */
  draft(request: DraftRequest): Promise<Draft>;
  /** What runs each agent, for the log and the page: `classifier offline, researcher openai:gpt-5, ...`. */
  description: string;
}

/** Chooses an engine for each agent. It never falls back from a failing model to the offline engine in silence. */
export function createEngines(parts: { models: Models; gateway: ToolGateway }): Engines {
  const { models, gateway } = parts;
  const classifier = models.for("classifier");
  const researcher = models.for("researcher");
  const responder = models.for("responder");
  return {
    classify: async (briefing) =>
      classifier
        ? await classifyWithModel(classifier, briefing)
        : classifyOffline(briefing, await learnedFor(briefing.desk)),
    research: async (briefing, classification) =>
      researcher
        ? await researchWithModel(researcher, gateway, briefing, classification)
        : await researchOffline(gateway, briefing, classification),
    draft: async (request) =>
      responder
        ? await draftWithModel(responder, models.nameOf("responder"), request)
        : draftOffline(request),
    description: models.description,
  };
}
