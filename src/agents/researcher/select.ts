import type { Classification } from "../../domain/classification.ts";
import {
  isMessage,
  unansweredMessages,
  unansweredText,
  type Conversation,
} from "../../domain/conversation.ts";
import type { Gap, Passage } from "../../domain/findings.ts";
import type { Briefing } from "../briefing.ts";
import { learnedFor } from "../learning/learned.ts";
import { oneLine, sentencesOf, withoutBullet } from "../sentences.ts";
import { isCommon, termsOf } from "../terms.ts";
import type { AnswerModel } from "./answerModel.ts";
import { choosePassages, wordsIn } from "./choice.ts";
import type { Query } from "./features.ts";
import type { Field } from "./importance.ts";
import { readingOf } from "./library.ts";
import type { Candidate, ReadSource } from "./passages.ts";
import { rankPassages, type Ranked } from "./ranking.ts";
import { withoutOutdone } from "./settle.ts";

/** Below this evidence what was found is about something else... */
const LEAST_EVIDENCE = 0.24;
/** ...and by so much more is needed where the classifier is not sure at all what the message is about. */
const FOR_DOUBT = 0.08;
/** Sources of the findings altogether, with those that only give background. */
const MOST_SOURCES = 5;
/** What it adds to a passage's score that its source answers another ask with stronger evidence. */
const SAME_SOURCE = 1.5;
const SENTENCES_BEFORE = 2;
const MESSAGES_BEFORE = 2;
const LONGEST_BEFORE = 600;
/** A question of fewer telling words says what it is about in the sentence before. */
const FEWEST_WORDS = 2;

/** An article less likely than this to answer is not read for it alone. */
const LEAST_RECALLED = 0.04;
const MOST_RECALLED = 3;

/** What the asks are about beside their own words. */
export interface Subject extends Field {
  /** The conversation's title. */
  title: string;
  /** The message they stand in. */
  text: string;
  /** What was said last before it, by whomever: a short answer often goes on about that. */
  earlier: string;
  /** The topic's title and description; empty for none. */
  topic: string;
  /** How sure the topic is, 0 to 1. */
  confidence: number;
  /** What answered such messages before. */
  answers: AnswerModel;
}

/** The subject of a conversation, from its unanswered text and the desk's taxonomy. */
export async function subjectOf(
  { desk, conversation }: Briefing,
  { topic, confidence }: Classification,
): Promise<Subject> {
  const { answers } = await learnedFor(desk);
  const found = desk.topics.find(({ id }) => id === topic);
  // The product's name is said about everything.
  const namesOfDesk = new Set(termsOf(desk.name));
  return {
    title: conversation.title,
    text: unansweredText(conversation),
    earlier: earlierIn(conversation),
    confidence,
    answers,
    topic: found ? `${found.title}. ${found.description}` : "",
    background: desk.topics.flatMap(({ examples }) => examples),
    vocabulary: new Set(
      desk.topics
        .flatMap(({ title, description }) => termsOf(`${title} ${description}`))
        .filter((term) => !namesOfDesk.has(term)),
    ),
  };
}

export interface Selection {
  passages: Passage[];
  gaps: Gap[];
  /** Which sources were set aside because a newer one says otherwise, a sentence each. */
  cautions: string[];
}

/**
 * Picks from what was read the passages that answer each ask: the asks with the strongest evidence first, and behind
 * them as background (`ask` null) the best passage of the sources that come next; where nothing answers, of the nearest
 * ones. An ask without evidence is a gap.
 * Where two sources disagree only the newer one is left, and a caution names both.
 */
export function selectPassages(
  sources: readonly ReadSource[],
  asks: readonly string[],
  subject: Subject,
): Selection {
  const rank = rankPassages(sources.map(readingOf), subject);
  const looked = asks.map((ask, index) => {
    const { ranked, evidence } = rank(queryFor(ask, asks, subject));
    return { ask, index, evidence, ...withoutOutdone(ranked) };
  });
  const least = LEAST_EVIDENCE + FOR_DOUBT * (1 - subject.confidence);
  const answered = looked
    .filter(({ evidence, ranked }) => evidence >= least && ranked.length > 0)
    .sort((one, other) => other.evidence - one.evidence);
  const words = wordsIn(answered.length);
  const cited = new Set<string>();
  const chosen = answered.flatMap(({ index, ranked }) => {
    const candidates = choosePassages(preferring(cited, ranked), words);
    candidates.forEach(({ source }) => cited.add(keyOf(source)));
    return candidates.map((candidate) => ({ candidate, ask: index }));
  });
  const background = backgroundOf(
    answered.length > 0 ? answered : looked,
    chosen.map(({ candidate }) => candidate),
  );
  const passages = [...chosen, ...background.map((candidate) => ({ candidate, ask: null }))];
  return {
    passages: passages.map(({ candidate: { source, quote }, ask }, index) => ({
      id: `p${index + 1}`,
      source,
      quote,
      ask,
    })),
    gaps: looked
      .filter((one) => !answered.includes(one))
      .map(({ ask }) => ({ ask, reason: reasonFor(sources) })),
    cautions: [...new Set(looked.flatMap(({ cautions }) => cautions))],
  };
}

/** The ids of the articles that most likely answer one of the asks, by what answered such messages before. */
export function recalledArticles(asks: readonly string[], subject: Subject): string[] {
  const best = new Map<string, number>();
  for (const ask of asks) {
    for (const [source, probability] of queryFor(ask, asks, subject).recalled) {
      best.set(source, Math.max(probability, best.get(source) ?? 0));
    }
  }
  return [...best]
    .filter(([source, probability]) => source.startsWith("article:") && probability >= LEAST_RECALLED)
    .sort((one, other) => other[1] - one[1])
    .slice(0, MOST_RECALLED)
    .map(([source]) => source.slice("article:".length));
}

/** An ask with what was said before it. What else is asked is left out: that is another subject as a rule. */
export function queryFor(
  ask: string,
  asks: readonly string[],
  { title, text, earlier, topic, answers }: Subject,
): Query {
  const said = sentencesOf(text).map((sentence) => oneLine(withoutBullet(sentence)));
  const told = said.filter((sentence) => !asks.some((other) => other.includes(sentence)));
  const start = said.findIndex((sentence) => ask.includes(sentence));
  const before = said.slice(0, Math.max(start, 0));
  const near =
    start < 0 ? told : before.filter((sentence) => told.includes(sentence)).slice(-SENTENCES_BEFORE);
  const whole = title === "" ? text : `${title}\n${text}`;
  const telling = new Set(termsOf(ask).filter((term) => !isCommon(term)));
  return {
    ask: telling.size < FEWEST_WORDS ? [...before.slice(-1), ask].join("\n") : ask,
    near: [title, ...near].join("\n"),
    around: told.join("\n"),
    earlier,
    topic,
    recalled: together(answers.recall(whole), answers.recall(ask)),
  };
}

/** The mean of two probabilities of each. */
function together(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): Map<string, number> {
  return new Map(
    [...one].map(([source, probability]) => [source, (probability + (other.get(source) ?? 0)) / 2]),
  );
}

function earlierIn(conversation: Conversation): string {
  const open = new Set(unansweredMessages(conversation).map(({ id }) => id));
  const before = conversation.parts.filter((part) => isMessage(part) && !open.has(part.id) && !part.redacted);
  return before
    .slice(-MESSAGES_BEFORE)
    .map(({ text }) => text.slice(0, LONGEST_BEFORE))
    .join("\n");
}

/** Most messages are about one page: what another ask is answered from is the likelier source of this one too. */
function preferring(cited: ReadonlySet<string>, ranked: readonly Ranked[]): Ranked[] {
  return ranked
    .map((one) => (cited.has(keyOf(one.passage.source)) ? { ...one, score: one.score + SAME_SOURCE } : one))
    .sort((one, other) => other.score - one.score);
}

/** The best passage of each source that no ask is answered from yet, the best of all asks in turn. */
function backgroundOf(answered: readonly { ranked: Ranked[] }[], chosen: readonly Candidate[]): Candidate[] {
  const known = new Set(chosen.map(({ source }) => keyOf(source)));
  const rest = answered.map(({ ranked }) =>
    ranked.filter((one, index) => {
      const first = ranked.findIndex(({ passage }) => keyOf(passage.source) === keyOf(one.passage.source));
      return index === first;
    }),
  );
  const background: Candidate[] = [];
  for (let place = 0; place < MOST_SOURCES; place += 1) {
    for (const ranked of rest) {
      const next = ranked[place]?.passage;
      if (!next || known.has(keyOf(next.source)) || known.size >= MOST_SOURCES) continue;
      known.add(keyOf(next.source));
      background.push(next);
    }
  }
  return background;
}

function keyOf({ kind, id }: Candidate["source"]): string {
  return `${kind} ${id}`;
}

function reasonFor(sources: readonly ReadSource[]): string {
  return sources.length === 0
    ? "Nothing was found in the help centre or the macros."
    : "None of what was read in the help centre and the macros is about this.";
}
