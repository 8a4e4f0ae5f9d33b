import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { createAgent, toolStrategy } from "langchain";
import { z } from "zod";
import type { Classification } from "../../domain/classification.ts";
import { noFindings, type Findings } from "../../domain/findings.ts";
import { providerFailure } from "../../models/failure.ts";
import { bindTools, type ToolResult } from "../../tools/bind.ts";
import type { ToolGateway } from "../../tools/gateway.ts";
import type { Briefing } from "../briefing.ts";
import { asksToResearch } from "./asks.ts";
import { cautionsAbout } from "./cautions.ts";
import { limits } from "./limits.ts";
import type { ReadSource } from "./passages.ts";
import { researcherInstructions, researcherMaterial } from "./prompt.ts";
import { errorOf } from "./refused.ts";
import { ModelFindings } from "./schema.ts";
import { selectPassages, subjectOf, type Subject } from "./select.ts";
import { sourcesIn } from "./sources.ts";
import { verifyFindings } from "./verify.ts";

/** The function the model ends with. Named here, because the library would number it through the process. */
const ANSWER = "give_findings";
const MOST_MODEL_CALLS = 8;
const MOST_TOOL_CALLS = 12;
/** A backstop in the graph's own steps, of which one model call takes several. */
const MOST_STEPS = 120;

/**
 * Lets a model look the asks up with the read tools the gateway permits, within limits. Only quotations that code
 * finds in what was read become passages. Throws VendorError when the provider fails, and TeammateError when the
 * teammate's connection is lost.
 */
export async function researchWithModel(
  model: BaseChatModel,
  gateway: ToolGateway,
  briefing: Briefing,
  classification: Classification,
): Promise<Findings> {
  const asks = asksToResearch(briefing, classification);
  if (asks.length === 0) return noFindings;
  const tools = await gateway.listTools("researcher", briefing.teammate);
  if (tools.kind !== "ok") throw errorOf(tools);
  const results: ToolResult[] = [];
  const lost = new AbortController();
  const record = (result: ToolResult) => {
    results.push(result);
    // The agent would show the error to the model and go on; nothing more can be read as this teammate.
    if (result.outcome.kind === "needs_connection") lost.abort(errorOf(result.outcome));
  };
  const agent = createAgent({
    model,
    tools: bindTools(gateway, briefing.teammate, tools.value, record),
    systemPrompt: researcherInstructions(briefing),
    responseFormat: toolStrategy({ title: ANSWER, ...z.toJSONSchema(ModelFindings) }),
    middleware: limits({ modelCalls: MOST_MODEL_CALLS, toolCalls: MOST_TOOL_CALLS }),
  });
  const messages = [{ role: "user", content: researcherMaterial(briefing, classification, asks) }];
  const ended = await agent
    .invoke({ messages }, { signal: lost.signal, recursionLimit: MOST_STEPS })
    .catch((cause: unknown) => {
      throw lost.signal.aborted ? lost.signal.reason : providerFailure(cause);
    });
  const answer = ModelFindings.safeParse(ended.structuredResponse);
  const read = latestOfEach(results.flatMap(sourcesIn));
  const found = answer.success
    ? verifyFindings(answer.data, read, asks)
    : unfinished(read, asks, await subjectOf(briefing, classification));
  return {
    passages: found.passages,
    gaps: found.gaps,
    cautions: [
      ...found.cautions,
      ...refusalsIn(results),
      ...aboutOthers(found.passages),
      ...cautionsAbout(found.passages, briefing.conversation),
    ],
    searches: results.map(searchOf),
  };
}

/** What a run without an answer has read is still worth something: its passages are picked by their words. */
function unfinished(read: readonly ReadSource[], asks: readonly string[], subject: Subject) {
  return {
    ...selectPassages(read, asks, subject),
    cautions: [
      "The researcher gave no usable answer within its limits; the passages were picked by their words.",
    ],
  };
}

/** A source read twice counts as it was read last: a search may shorten what a read gives whole. */
function latestOfEach(sources: readonly ReadSource[]): ReadSource[] {
  const latest = new Map<string, ReadSource>();
  for (const read of sources) {
    const key = `${read.source.kind} ${read.source.id}`;
    const known = latest.get(key);
    if (!known || read.text.length >= known.text.length) latest.set(key, read);
  }
  return [...latest.values()];
}

function refusalsIn(results: readonly ToolResult[]): string[] {
  const reasons = results.flatMap(({ outcome }) =>
    outcome.kind === "ok" ? [] : [`Something could not be read: ${outcome.reason}`],
  );
  return [...new Set(reasons)];
}

/** Past conversations and tickets may be somebody else's. */
function aboutOthers(passages: Findings["passages"]): string[] {
  const others = passages.filter(({ source }) => source.kind === "conversation" || source.kind === "ticket");
  return others.map(
    ({ source }) =>
      `"${source.title}" is a ${source.kind}: make sure that nothing of another customer is told.`,
  );
}

function searchOf({ tool, args, outcome }: ToolResult): Findings["searches"][number] {
  const phrase = args.phrase;
  const query = typeof phrase === "string" ? phrase : JSON.stringify(args).slice(0, 200);
  return { tool, query, results: sourcesIn({ tool, args, outcome }).length };
}
