import type { Classification } from "../../domain/classification.ts";
import { unansweredText } from "../../domain/conversation.ts";
import type { Gap, Passage } from "../../domain/findings.ts";
import type { Briefing } from "../briefing.ts";
import { findDisagreements } from "../disagreement.ts";
import { oneLine, sentencesOf, withoutBullet } from "../sentences.ts";
import { termsOf } from "../terms.ts";
import type { Candidate, ReadSource } from "./passages.ts";
import { indexPassages, type Field, type Found, type Query } from "./ranking.ts";

const PASSAGES_PER_ASK = 2;
/** A second passage must fit nearly as well as the first: less reading helps more. */
const LEAST_FIT = 0.75;
/** How far down the ranking it is looked for passages that contradict the chosen ones. */
const MOST_COMPARED = 8;
const SENTENCES_BEFORE = 2;

/** What the asks are about beside their own words. */
export interface Subject extends Field {
  /** The conversation's title. */
  title: string;
  /** The message they stand in. */
  text: string;
  /** The topic's title and description; empty for none. */
  topic: string;
}

/** The subject of a conversation, from its unanswered text and the desk's taxonomy. */
export function subjectOf({ desk, conversation }: Briefing, { topic }: Classification): Subject {
  const found = desk.topics.find(({ id }) => id === topic);
  // The product's name is said about everything.
  const namesOfDesk = new Set(termsOf(desk.name));
  const described = found ? `${found.title}. ${found.description}` : "";
  return {
    title: conversation.title,
    text: unansweredText(conversation),
    topic: described,
    topicTerms: new Set([...termsOf(described), ...repeatedTerms(found?.examples ?? [])]),
    background: desk.topics.flatMap(({ examples }) => examples),
    vocabulary: new Set(
      desk.topics
        .flatMap(({ title, description }) => termsOf(`${title} ${description}`))
        .filter((term) => !namesOfDesk.has(term)),
    ),
  };
}

/**
 * Picks from what was read the passages that answer each ask, the best first: at most two each, and
 * what contradicts them. An ask without any is a gap.
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
    const ranked = index.best(queryFor(ask, asks, subject), MOST_COMPARED);
    if (ranked.length === 0) gaps.push({ ask, reason: reasonFor(sources) });
    for (const { source, quote } of withContradictions(ranked)) {
      passages.push({ id: `p${passages.length + 1}`, source, quote, ask: position });
    }
  });
  return { passages, gaps };
}

/** An ask with what was said before it. What else is asked is left out: that is another subject as a rule. */
export function queryFor(ask: string, asks: readonly string[], { title, text, topic }: Subject): Query {
  const said = sentencesOf(text).map((sentence) => oneLine(withoutBullet(sentence)));
  const told = said.filter((sentence) => !asks.some((other) => other.includes(sentence)));
  const start = said.findIndex((sentence) => ask.includes(sentence));
  const before = said.slice(0, Math.max(start, 0)).filter((sentence) => told.includes(sentence));
  const near = start < 0 ? told : before.slice(-SENTENCES_BEFORE);
  return { ask, near: [title, ...near].join("\n"), around: told.join("\n"), topic };
}

/** The terms that more than one of the texts holds. */
function repeatedTerms(texts: readonly string[]): string[] {
  const seen = new Set<string>();
  return texts
    .flatMap((text) => [...new Set(termsOf(text))])
    .filter((term) => seen.has(term) || !seen.add(term));
}

/** The best passages, and what speaks against one of them: a reviewer must see both. */
function withContradictions(found: readonly Found[]): Candidate[] {
  const chosen = found
    .filter(({ fit }) => fit >= LEAST_FIT)
    .slice(0, PASSAGES_PER_ASK)
    .map(({ candidate }) => candidate);
  const others = found.map(({ candidate }) => candidate).filter((candidate) => !chosen.includes(candidate));
  const against = others.find((other) => chosen.some((passage) => disagree(passage, other)));
  return against ? [...chosen, against] : chosen;
}

function disagree(one: Candidate, other: Candidate): boolean {
  const passages = [one, other].map((candidate, index) => ({ id: `p${index}`, ask: 0, ...candidate }));
  return findDisagreements(passages).length > 0;
}

function reasonFor(sources: readonly ReadSource[]): string {
  return sources.length === 0
    ? "Nothing was found in the help centre or the macros."
    : "None of what was read in the help centre and the macros is about this.";
}
