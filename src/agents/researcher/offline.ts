import type { Classification } from "../../domain/classification.ts";
import { noFindings, type Findings } from "../../domain/findings.ts";
import type { Refusal, ToolGateway } from "../../tools/gateway.ts";
import type { Briefing } from "../briefing.ts";
import { asksToResearch } from "./asks.ts";
import { cautionsAbout } from "./cautions.ts";
import { otherQueriesFor, queriesFor } from "./queries.ts";
import { startReads } from "./reads.ts";
import { errorOf } from "./refused.ts";
import { recalledArticles, selectPassages, subjectOf } from "./select.ts";
import { onlyTrusted } from "./trusted.ts";

/**
 * Looks the asks up in the help centre and the macros, by search and by what answered such messages before, and quotes
 * what answers them. When an ask finds nothing it is
 * searched for once more in other words. At most twelve tool calls, four or five as a rule, and no model. An unread help
 * centre is not an empty one: when no search could be made, it throws where trying again may help, and otherwise says so in
 * every gap, which leaves the conversation to a person.
 */
export async function researchOffline(
  gateway: ToolGateway,
  briefing: Briefing,
  classification: Classification,
): Promise<Findings> {
  const asks = asksToResearch(briefing, classification);
  if (asks.length === 0) return noFindings;
  const subject = await subjectOf(briefing, classification);
  const reads = startReads(gateway, briefing);
  await reads.searchAll(queriesFor(asks, subject));
  const unread = reads.searches.length === 0;
  const passing = reads.refusals.find(({ kind }) => kind !== "denied" && kind !== "rejected");
  if (unread && passing) throw errorOf(passing);
  await reads.readAll(recalledArticles(asks, subject));
  let trusted = onlyTrusted(await reads.sources());
  let selection = selectPassages(trusted.sources, asks, subject);
  const [missed] = selection.gaps;
  if (missed && !unread) {
    const known = reads.count();
    await reads.searchAll(otherQueriesFor(missed.ask, subject));
    if (reads.count() > known) {
      trusted = onlyTrusted(await reads.sources());
      selection = selectPassages(trusted.sources, asks, subject);
    }
  }
  const { passages, gaps, cautions } = selection;
  const answers = passages.filter(({ ask }) => ask !== null);
  return {
    passages,
    gaps: unread ? gaps.map((gap) => ({ ...gap, reason: "The help centre could not be searched." })) : gaps,
    cautions: [
      ...new Set([
        ...reads.refusals.map(cautionOf),
        ...trusted.cautions,
        ...cautions,
        ...cautionsAbout(answers, briefing.conversation),
      ]),
    ],
    searches: reads.searches,
  };
}

function cautionOf(refusal: Refusal): string {
  return `Something could not be read: ${refusal.reason}`;
}
