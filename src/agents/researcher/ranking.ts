import type { Source } from "../../domain/findings.ts";
import { isCommon, termsOf } from "../terms.ts";
import { createIndex, weigh } from "./bm25.ts";
import { splitIntoPassages, type Candidate, type ReadSource } from "./passages.ts";

/** Of the best passage's score: what is below it speaks of something else. */
const LEAST_OF_BEST = 0.5;
/** The same for whole sources: a passage counts only where its source is about the subject. */
const LEAST_OF_BEST_SOURCE = 0.5;
/** The share of a question's most telling words that its source, and the passage itself, must hold. */
const LEAST_COVERAGE = { source: 0.45, passage: 0.3 };
/** A question is judged by its most telling words; beyond so many, more words do not mean that more is asked. */
const MOST_JUDGED = 6;
/**
 * What the words around the ask count: those of the title and of the sentences before it say what "it" is, the rest
 * of the message and its topic which field it is from. That tells which source it is about; where in it the answer
 * stands, the ask itself does.
 */
const AROUND_WEIGHTS = {
  source: { near: 0.7, around: 0.4, topic: 0.55 },
  passage: { near: 0.5, around: 0.15, topic: 0.1 },
};
/** A word no source uses is as often small talk as the very thing that nothing is known about... */
const UNKNOWN_WEIGHT = 0.2;
/** ...but not when the customer says it in the question and near it as well: then it is what the question is about. */
const INSISTED = { known: 1.5, unknown: 2 };
/** A word of the topic's own, one of the desk's other topics, any other, and one that is said about everything. */
const WORD_WEIGHTS = { topic: 1.3, desk: 1, foreign: 0.4, common: 0.25 };
const MACRO_WEIGHT = 0.85;
/** A source that was left alone for two years while others were kept up to date. */
const OUTDATED_WEIGHT = 0.7;
const TWO_YEARS_IN_SECONDS = 2 * 365 * 24 * 60 * 60;
/** How much more the source counts that the help centre's own search put first. */
const STANDING = 0.15;

/** What is looked for: the ask, and the words that may say what it is about, the nearest first. */
export interface Query {
  ask: string;
  near: string;
  around: string;
  topic: string;
}

/** The field the sources are from, as the desk describes it. */
export interface Field {
  /** Texts of the field. */
  background: readonly string[];
  /** The terms its topics are described with. */
  vocabulary: ReadonlySet<string>;
  /** Those of the topic in question. */
  topicTerms: ReadonlySet<string>;
}

interface PassageIndex {
  /** The passages that speak of an ask, best first; none when nothing read is about it. */
  best(query: Query, limit: number): Found[];
}

export interface Found {
  candidate: Candidate;
  /** How well it fits beside the best one, which has 1. */
  fit: number;
}

/**
 * Indexes sources, which come as the provider's search ranked them, twice with BM25 over their title, headings and
 * text: as a whole, to see which are about the subject, and by passage, to see where in them the answer stands.
 * Among
 * what a search found, the very words searched for are common, so how rare a word is is counted in the field's
 * background too. What an ask is about is said in the field's vocabulary; the rest is often its story.
 */
export function indexPassages(sources: readonly ReadSource[], field: Field): PassageIndex {
  const candidates = sources.flatMap((source, index) =>
    splitIntoPassages(source).map((candidate) => ({ candidate, index, terms: termsAround(candidate) })),
  );
  const wholes = createIndex(
    sources.map((source) => {
      const headings = new Set(splitIntoPassages(source).map(({ heading }) => heading));
      return [weigh(source.source.title, 5), weigh([...headings].join(" "), 2), weigh(source.text, 1)];
    }),
  );
  const passages = createIndex(
    candidates.map(({ candidate: { quote, heading, source } }) => [
      weigh(quote, 1),
      weigh(heading, 1.5),
      weigh(source.title, 1),
    ]),
  );
  const sourceTerms = sources.map(({ source, text }) => new Set(termsOf(`${source.title} ${text}`)));
  const rarityOf = rarityAmong([
    ...candidates.map(({ terms }) => terms),
    ...field.background.map((text) => new Set(termsOf(text))),
  ]);
  const importance = (term: string) => rarityOf(term) * wordWeight(term, field);
  const newest = Math.max(0, ...sources.map(({ source }) => source.updatedAt ?? 0));
  const known = (term: string) => sourceTerms.some((terms) => terms.has(term));

  return {
    best(query, limit) {
      const weights = termWeights(query, AROUND_WEIGHTS.passage, importance);
      const judged = mostTelling(query, weights, known);
      const sourceScores = wholes.scores(termWeights(query, AROUND_WEIGHTS.source, importance));
      const passageScores = passages.scores(weights);
      const ranked = candidates
        .map((found, id) => ({
          ...found,
          score:
            (passageScores[id] ?? 0) *
            (0.25 + (sourceScores[found.index] ?? 0)) *
            (1 + STANDING / (1 + found.index)) *
            sourceWeight(found.candidate.source, newest),
        }))
        .sort((a, b) => b.score - a.score);
      const [first] = ranked;
      // When even the best is about something else, the next best is so all the more.
      if (!first || !isAbout(judged, first.terms, sourceTerms[first.index])) return [];
      return ranked
        .filter(({ score, index }) => {
          const ofBestSource = (sourceScores[index] ?? 0) >= LEAST_OF_BEST_SOURCE;
          return ofBestSource && score >= first.score * LEAST_OF_BEST;
        })
        .slice(0, limit)
        .map(({ candidate, score }) => ({ candidate, fit: score / first.score }));
    },
  };
}

/** What each term of the query counts: how near to the ask it was said, times how much it tells. */
function termWeights(
  query: Query,
  { near, around, topic }: (typeof AROUND_WEIGHTS)["source"],
  importance: (term: string) => number,
): Map<string, number> {
  const nearness = new Map<string, number>();
  const layers: [string, number][] = [
    [query.around, around],
    [query.topic, topic],
    [query.near, near],
    [query.ask, 1],
  ];
  for (const [text, weight] of layers) {
    for (const term of termsOf(text)) nearness.set(term, Math.max(weight, nearness.get(term) ?? 0));
  }
  return new Map([...nearness].map(([term, weight]) => [term, weight * importance(term)]));
}

/** The terms an answer must hold: those of the ask that tell most, filled up from what stands near it. */
function mostTelling(
  { ask, near }: Query,
  weights: ReadonlyMap<string, number>,
  known: (term: string) => boolean,
): Map<string, number> {
  const own = new Set(termsOf(ask));
  const nearby = new Set(termsOf(near));
  const judged = [...weights]
    .filter(([term]) => (own.has(term) || nearby.has(term)) && !/^\d+$/.test(term))
    .map(([term, weight]) => {
      const insisted = own.has(term) && nearby.has(term) && !isCommon(term);
      const factor = insisted
        ? known(term)
          ? INSISTED.known
          : INSISTED.unknown
        : known(term)
          ? 1
          : UNKNOWN_WEIGHT;
      return { term, weight: weight * factor };
    })
    .sort((a, b) => b.weight - a.weight)
    .slice(0, MOST_JUDGED);
  return new Map(judged.map(({ term, weight }) => [term, weight]));
}

function isAbout(
  judged: ReadonlyMap<string, number>,
  passage: ReadonlySet<string>,
  source: ReadonlySet<string> = passage,
): boolean {
  return (
    coverageOf(judged, passage) >= LEAST_COVERAGE.passage &&
    coverageOf(judged, source) >= LEAST_COVERAGE.source
  );
}

function coverageOf(judged: ReadonlyMap<string, number>, held: ReadonlySet<string>): number {
  let all = 0;
  let found = 0;
  for (const [term, weight] of judged) {
    all += weight;
    if (held.has(term)) found += weight;
  }
  return all === 0 ? 0 : found / all;
}

function sourceWeight({ kind, updatedAt }: Source, newest: number): number {
  const outdated = updatedAt !== null && newest - updatedAt > TWO_YEARS_IN_SECONDS;
  return (kind === "macro" ? MACRO_WEIGHT : 1) * (outdated ? OUTDATED_WEIGHT : 1);
}

function wordWeight(term: string, { vocabulary, topicTerms }: Field): number {
  if (isCommon(term)) return WORD_WEIGHTS.common;
  if (topicTerms.has(term)) return WORD_WEIGHTS.topic;
  return vocabulary.has(term) ? WORD_WEIGHTS.desk : WORD_WEIGHTS.foreign;
}

function termsAround({ quote, heading, source }: Candidate): Set<string> {
  return new Set(termsOf(`${quote} ${heading} ${source.title}`));
}

function rarityAmong(texts: readonly ReadonlySet<string>[]): (term: string) => number {
  const counts = new Map<string, number>();
  for (const terms of texts) for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return (term) => Math.log(1 + texts.length / (1 + (counts.get(term) ?? 0)));
}
