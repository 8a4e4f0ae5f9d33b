import { likeness } from "../words/vectors.ts";
import { distinct, type Token } from "./tokens.ts";

/** What each word counts. */
export type Weights = ReadonlyMap<Token, number>;

/** The words of each layer with its weight; a word that stands in several counts by the heaviest. */
export function weigh(
  layers: readonly { words: readonly Token[]; weight: number }[],
  importance: (token: Token) => number,
): Weights {
  const weights = new Map<Token, number>();
  for (const { words, weight } of layers) {
    for (const token of distinct(words)) {
      weights.set(token, Math.max(weight * importance(token), weights.get(token) ?? 0));
    }
  }
  return weights;
}

/** The share of the words, by weight, that is found; `match` says of each how far it is. */
export function coverage(weights: Weights, match: (token: Token) => number): number {
  let all = 0;
  let found = 0;
  for (const [token, weight] of weights) {
    all += weight;
    found += weight * match(token);
  }
  return all === 0 ? 0 : found / all;
}

/** BM25's saturation and its correction for length. */
const SATURATION = 1.2;
const LENGTH_CORRECTION = 0.6;

/** One field of a document, and how much each of its words counts. */
export interface WeighedField {
  words: readonly Token[];
  weight: number;
}

/**
 * BM25F (Robertson and Zaragoza, 2009): each word counts by how often and in which field it stands, less so the more
 * often, and less in a long document. `average` is the length of all documents on average.
 */
export function bm25(weights: Weights, fields: readonly WeighedField[], average: number): number {
  const often = new Map<string, number>();
  let length = 0;
  for (const { words, weight } of fields) {
    length += words.length * weight;
    for (const { term } of words) often.set(term, (often.get(term) ?? 0) + weight);
  }
  const long = 1 - LENGTH_CORRECTION + (LENGTH_CORRECTION * length) / Math.max(1, average);
  let score = 0;
  for (const [{ term }, weight] of weights) {
    const frequency = (often.get(term) ?? 0) / long;
    score += (weight * frequency) / (frequency + SATURATION);
  }
  return score;
}

/**
 * How alike the weighed averages of the meanings are: the sentence embedding of Arora, Liang and Ma ("A Simple but
 * Tough-to-Beat Baseline for Sentence Embeddings", 2017). The vectors have no common direction left to take away.
 */
export function likenessOf(one: Weights, other: Weights): number {
  return likeness(averageMeaning(one), averageMeaning(other));
}

const averages = new WeakMap<Weights, Float32Array>();

function averageMeaning(weights: Weights): Float32Array {
  const known = averages.get(weights);
  if (known) return known;
  const dimensions = [...weights.keys()].find(({ meaning }) => meaning)?.meaning?.length ?? 0;
  const sum = new Float32Array(dimensions);
  for (const [{ meaning }, weight] of weights) {
    if (meaning === null) continue;
    for (let index = 0; index < dimensions; index += 1) {
      sum[index] = (sum[index] ?? 0) + weight * (meaning[index] ?? 0);
    }
  }
  averages.set(weights, sum);
  return sum;
}
