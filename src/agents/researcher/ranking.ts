import MiniSearch from "minisearch";
import { termOf, termsOf, wordsOf } from "../terms.ts";
import type { Candidate, ReadSource } from "./passages.ts";
import { splitIntoPassages } from "./passages.ts";

/** Of the best passage's score: what is below it adds more reading than help. */
const LEAST_OF_BEST = 0.6;
/** The same for whole sources: a passage counts only where its source is about the subject. */
const LEAST_OF_BEST_SOURCE = 0.5;
/** How much of an ask's meaning a passage must hold to count as an answer: by its own words, and with the context. */
const LEAST_COVERAGE = 0.4;
/** An ask is judged by its most telling words; beyond so many, more words do not mean that more is asked. */
const MOST_JUDGED = 6;
/**
 * Words of the message around the ask, and of its topic: they say what "it" is, but are not asked themselves. Which
 * source it is about they tell nearly as well as the ask; where in it the answer stands, hardly.
 */
const CONTEXT_WEIGHT = { source: 0.7, passage: 0.4 };
const TOPIC_WEIGHT = { source: 0.5, passage: 0.3 };
/** A word no source uses is as often small talk as the very thing that nothing is known about. */
const UNKNOWN_WEIGHT = 0.2;
/** A word outside of the vocabulary that the desk describes its topics with. */
const FOREIGN_WEIGHT = 0.5;
const MACRO_WEIGHT = 0.85;

/** What is looked for: the ask, and the words around it that may say what it is about. */
export interface Query {
  ask: string;
  context: string;
  topic: string;
}

interface PassageIndex {
  /** The passages that answer an ask, best first; none when nothing read is about it. */
  best(query: Query, limit: number): Candidate[];
}

/**
 * Indexes sources twice with BM25: as a whole, to see which are about the subject, and by passage, to see where in
 * them the answer stands. `background` is text of the same field: among what a search found, the very words searched
 * for are common, so how rare a word is must be counted elsewhere too. `vocabulary` holds the terms the field is
 * described with: what an ask is about is said in these, the rest is often its story.
 */
export function indexPassages(
  sources: readonly ReadSource[],
  field: { background: readonly string[]; vocabulary: ReadonlySet<string> },
): PassageIndex {
  const candidates = sources
    .flatMap((source, index) => splitIntoPassages(source).map((candidate) => ({ candidate, index })))
    .map((found, id) => ({ ...found, id, terms: termsAround(found.candidate) }));
  const passages = createIndex(
    candidates.map(({ candidate: { quote, heading, source } }) => ({
      text: quote,
      heading,
      title: source.title,
    })),
  );
  const wholes = createIndex(sources.map(({ source, text }) => ({ text, heading: "", title: source.title })));
  const rarityOf = rarityAmong([
    ...candidates.map(({ terms }) => terms),
    ...field.background.map((text) => new Set(termsOf(text))),
  ]);

  const importance = (term: string) => rarityOf(term) * (field.vocabulary.has(term) ? 1 : FOREIGN_WEIGHT);

  return {
    best(query, limit) {
      const weights = termWeights(query, "passage");
      const sourceScores = scoresOf(wholes, termWeights(query, "source"));
      const passageScores = scoresOf(passages, weights);
      const ranked = candidates
        .filter(({ index }) => (sourceScores.get(index) ?? 0) >= LEAST_OF_BEST_SOURCE)
        .map(({ candidate, index, terms, id }) => ({
          candidate,
          coverage: coverageOf(weights, terms, importance),
          score:
            (passageScores.get(id) ?? 0) *
            (0.25 + (sourceScores.get(index) ?? 0)) *
            (candidate.source.kind === "macro" ? MACRO_WEIGHT : 1),
        }))
        .filter(({ coverage, score }) => score > 0 && coverage >= LEAST_COVERAGE)
        .sort((a, b) => b.score - a.score);
      const least = (ranked[0]?.score ?? 0) * LEAST_OF_BEST;
      return ranked
        .filter(({ score }) => score >= least)
        .slice(0, limit)
        .map(({ candidate }) => candidate);
    },
  };
}

interface Indexed {
  text: string;
  heading: string;
  title: string;
}

function createIndex(documents: readonly Indexed[]): MiniSearch<Indexed & { id: number }> {
  const index = new MiniSearch<Indexed & { id: number }>({
    fields: ["text", "heading", "title"],
    tokenize: wordsOf,
    processTerm: termOf,
    searchOptions: { boost: { heading: 1.6, title: 2 } },
  });
  index.addAll(documents.map((document, id) => ({ ...document, id })));
  return index;
}

/** Scores by position, the best being 1. */
function scoresOf(
  index: MiniSearch<Indexed & { id: number }>,
  weights: ReadonlyMap<string, number>,
): Map<number, number> {
  const hits = index.search([...weights.keys()].join(" "), {
    // The terms are stems already.
    processTerm: (term) => term,
    boostTerm: (term) => weights.get(term) ?? 0,
  });
  const best = hits[0]?.score ?? 1;
  return new Map(hits.map((hit) => [Number(hit.id), hit.score / best]));
}

function termWeights({ ask, context, topic }: Query, level: "source" | "passage"): Map<string, number> {
  const weights = new Map<string, number>();
  for (const term of termsOf(context)) weights.set(term, CONTEXT_WEIGHT[level]);
  for (const term of termsOf(topic)) {
    weights.set(term, Math.max(TOPIC_WEIGHT[level], weights.get(term) ?? 0));
  }
  for (const term of termsOf(ask)) weights.set(term, 1);
  return weights;
}

function termsAround({ quote, heading, source }: Candidate): Set<string> {
  return new Set(termsOf(`${quote} ${heading} ${source.title}`));
}

function rarityAmong(texts: readonly ReadonlySet<string>[]): (term: string) => number {
  const counts = new Map<string, number>();
  for (const terms of texts) for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return (term) => {
    const count = counts.get(term) ?? 0;
    const rarity = Math.log(1 + texts.length / (1 + count));
    return count === 0 ? rarity * UNKNOWN_WEIGHT : rarity;
  };
}

/** The share of the ask's most telling words that the passage holds; a short ask is filled up with its context's. */
function coverageOf(
  weights: ReadonlyMap<string, number>,
  held: ReadonlySet<string>,
  importance: (term: string) => number,
): number {
  const judged = [...weights]
    .filter(([term]) => !/^\d+$/.test(term))
    .map(([term, weight]) => ({ term, own: weight === 1, weight: importance(term) * weight }))
    .sort((a, b) => Number(b.own) - Number(a.own) || b.weight - a.weight)
    .slice(0, MOST_JUDGED);
  const all = judged.reduce((sum, { weight }) => sum + weight, 0);
  const found = judged.reduce((sum, { term, weight }) => sum + (held.has(term) ? weight : 0), 0);
  return all === 0 ? 0 : found / all;
}
