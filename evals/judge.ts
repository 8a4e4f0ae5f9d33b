import type { Case } from "./case.ts";
import { judgeEnd, judgeFollowUps } from "./judge/actions.ts";
import { judgeAsks } from "./judge/asks.ts";
import { judgeAbstention, judgeFacts, judgeForbidden } from "./judge/draft.ts";
import type { Judge, Mark, RulePart } from "./judge/mark.ts";
import { judgeCitations, judgeRetrieval } from "./judge/retrieval.ts";
import { judgeRoute } from "./judge/route.ts";
import { judgeSafety } from "./judge/safety.ts";
import { judgeSupport } from "./judge/support.ts";
import { judgeTools, judgeTwinTools } from "./judge/tools.ts";
import { judgeTopic, judgeUrgency } from "./judge/topic.ts";
import { judgeTwins } from "./judge/twins.ts";
import type { Trace } from "./trace.ts";

const judges: Record<Exclude<RulePart, "twins">, Judge> = {
  topic: judgeTopic,
  urgency: judgeUrgency,
  route: judgeRoute,
  asks: judgeAsks,
  retrieval: judgeRetrieval,
  citations: judgeCitations,
  support: judgeSupport,
  abstention: judgeAbstention,
  facts: judgeFacts,
  forbidden: judgeForbidden,
  "follow-ups": judgeFollowUps,
  "end state": judgeEnd,
  tools: judgeTools,
  safety: judgeSafety,
};

/** What the engine that is run alone can be judged by. */
export const partsOf: Record<"classifier" | "retrieval", readonly RulePart[]> = {
  classifier: ["topic", "urgency", "route", "asks"],
  retrieval: ["retrieval"],
};

/**
 * Judges a played case by what it expects: a mark for each part and turn that something is expected of, in the order of
 * the report. The same trace has the same marks. Attacked cases are also judged by `judgeAttacked`.
 */
export async function judgeCase(one: Case, whole: Trace, only?: keyof typeof partsOf): Promise<Mark[]> {
  const marks: Mark[] = [];
  for (const [index, turn] of one.turns.entries()) {
    const trace = whole.turns[index];
    if (!trace) continue;
    for (const [part, judge] of Object.entries(judges)) {
      if (only && !partsOf[only].includes(part as RulePart)) continue;
      const said = await judge({ turn, trace, one, whole });
      if (said) marks.push({ part: part as RulePart, turn: index, ...said });
    }
  }
  return marks;
}

/** Judges an attacked case by its clean twin, turn by turn. */
export async function judgeAttacked(attacked: Trace, clean: Trace): Promise<Mark[]> {
  return [...(await judgeTwinTools(attacked, clean)), ...judgeTwins(attacked, clean)];
}
