import type { Classification } from "../../domain/classification.ts";
import { unansweredText } from "../../domain/conversation.ts";
import type { Gap, Passage } from "../../domain/findings.ts";
import type { Briefing } from "../briefing.ts";
import { termsOf } from "../terms.ts";
import type { ReadSource } from "./passages.ts";
import { indexPassages } from "./ranking.ts";

const PASSAGES_PER_ASK = 3;

/** What the asks are about beside their own words. */
export interface Subject {
  /** The message they stand in. */
  context: string;
  /** The topic's title; empty for none. */
  topic: string;
  /** Texts of the desk's field, to tell rare words from common ones. */
  background: readonly string[];
  /** The terms the desk's topics are described with. */
  vocabulary: ReadonlySet<string>;
}

/** The subject of a conversation, from its unanswered text and the desk's taxonomy. */
export function subjectOf({ desk, conversation }: Briefing, { topic }: Classification): Subject {
  return {
    context: unansweredText(conversation),
    topic: desk.topics.find(({ id }) => id === topic)?.title ?? "",
    background: desk.topics.flatMap(({ examples }) => examples),
    vocabulary: new Set(desk.topics.flatMap(({ title, description }) => termsOf(`${title} ${description}`))),
  };
}

/**
 * Picks from what was read the passages that answer each ask, at most three each, in the order they stand in their
 * sources; an ask without any is a gap. A passage that answers two asks is quoted for the first.
 */
export function selectPassages(
  sources: readonly ReadSource[],
  asks: readonly string[],
  subject: Subject,
): { passages: Passage[]; gaps: Gap[] } {
  const index = indexPassages(sources, subject);
  const passages: Passage[] = [];
  const gaps: Gap[] = [];
  asks.forEach((ask, position) => {
    const best = index.best(
      { ask, context: contextOf(ask, asks, subject), topic: subject.topic },
      PASSAGES_PER_ASK,
    );
    if (best.length === 0) gaps.push({ ask, reason: reasonFor(sources) });
    const [first] = best;
    const inOrder = best.sort((a, b) =>
      a.source.id === b.source.id
        ? a.position - b.position
        : Number(b.source.id === first?.source.id) - Number(a.source.id === first?.source.id),
    );
    for (const { source, quote } of inOrder) {
      if (passages.some((passage) => passage.quote === quote && passage.ask === position)) continue;
      passages.push({ id: `p${passages.length + 1}`, source, quote, ask: position });
    }
  });
  return { passages, gaps };
}

/** The message without what else it asks: that is another subject as a rule. */
function contextOf(ask: string, asks: readonly string[], { context }: Subject): string {
  return asks.filter((other) => other !== ask).reduce((rest, other) => rest.replace(other, " "), context);
}

function reasonFor(sources: readonly ReadSource[]): string {
  return sources.length === 0
    ? "Nothing was found in the help centre or the macros."
    : "None of what was read in the help centre and the macros is about this.";
}
