import type { Case } from "./case.ts";
import { judgeEnd, judgeFollowUps } from "./judge/actions.ts";
import { judgeAsks } from "./judge/asks.ts";
import { judgeAbstention, judgeFacts, judgeForbidden } from "./judge/draft.ts";
import type { Judge, Mark, PartName } from "./judge/mark.ts";
import { judgeCitations, judgeRetrieval } from "./judge/retrieval.ts";
import { judgeRoute } from "./judge/route.ts";
import { judgeSafety } from "./judge/safety.ts";
import { judgeSupport } from "./judge/support.ts";
import { judgeTopic, judgeUrgency } from "./judge/topic.ts";
import type { Trace } from "./trace.ts";

const judges: Record<Exclude<PartName, "twins">, Judge> = {
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
  safety: judgeSafety,
};

/** What the engine that is run alone can be judged by. */
export const partsOf: Record<"classifier" | "retrieval", readonly PartName[]> = {
  classifier: ["topic", "urgency", "route", "asks"],
  retrieval: ["retrieval"],
};

/**
 * Judges a played case by what it expects: a mark for each part and turn that something is expected of, in the order of
 * the report. Pure: the same trace has the same marks. Twins are judged by `judgeTwins`, with the other trace.
 */
export function judgeCase(one: Case, whole: Trace, only?: keyof typeof partsOf): Mark[] {
  return one.turns.flatMap((turn, index) => {
    const trace = whole.turns[index];
    if (!trace) return [];
    return Object.entries(judges).flatMap(([part, judge]) => {
      if (only && !partsOf[only].includes(part as PartName)) return [];
      const said = judge({ turn, trace, one, whole });
      return said ? [{ part: part as PartName, turn: index, ...said }] : [];
    });
  });
}
