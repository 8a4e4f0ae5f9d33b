import { stem } from "../stem.ts";
import { termOf, termsOf, wordsOf } from "../terms.ts";

/** A sparse vector: the weight of each feature present. */
export type Vector = ReadonlyMap<string, number>;

/**
 * The kinds of feature and how much each counts. Terms carry the subject; all words together with their pairs carry
 * the phrase and what function words say ("thank you", "by hand"); pieces of words survive misspellings.
 */
const kinds: readonly { weight: number; extract: (text: string) => string[] }[] = [
  { weight: 1, extract: (text) => termsOf(text).map((term) => `term ${term}`) },
  { weight: 0.3, extract: (text) => wordsOf(text).map((word) => `word ${stem(word)}`) },
  { weight: 0.5, extract: (text) => pairsOf(wordsOf(text).map(stem)).map((pair) => `pair ${pair}`) },
  {
    weight: 0.7,
    extract: (text) =>
      wordsOf(text)
        .filter((word) => termOf(word) !== null)
        .flatMap(piecesOf),
  },
];

const LEAST_PIECE = 3;
const LONGEST_PIECE = 5;

/** Inverse document frequency of each feature of the examples, and that of a feature no example holds. */
export interface Rarity {
  known: ReadonlyMap<string, number>;
  unknown: number;
}

export function rarityIn(texts: readonly string[]): Rarity {
  const documents = new Map<string, number>();
  for (const text of texts) {
    const present = new Set(kinds.flatMap((kind) => kind.extract(text)));
    for (const feature of present) documents.set(feature, (documents.get(feature) ?? 0) + 1);
  }
  const rarity = (count: number) => Math.log((1 + texts.length) / (1 + count)) + 1;
  return {
    known: new Map([...documents].map(([feature, count]) => [feature, rarity(count)])),
    unknown: rarity(0),
  };
}

/**
 * The text's TF-IDF vector: each kind of length one before its weight, the whole of length one. Features that no
 * example holds stay in it: a text about something else must not look familiar by the few words it shares.
 */
export function vectorOf(text: string, rarity: Rarity): Vector {
  const whole = new Map<string, number>();
  for (const kind of kinds) {
    const counts = new Map<string, number>();
    for (const feature of kind.extract(text)) counts.set(feature, (counts.get(feature) ?? 0) + 1);
    const weighted = new Map(
      [...counts].map(([feature, count]) => [
        feature,
        (1 + Math.log(count)) * (rarity.known.get(feature) ?? rarity.unknown),
      ]),
    );
    for (const [feature, value] of scaled(weighted, kind.weight)) whole.set(feature, value);
  }
  return scaled(whole, 1);
}

function dot(left: Vector, right: Vector): number {
  const [small, large] = left.size <= right.size ? [left, right] : [right, left];
  let sum = 0;
  for (const [feature, value] of small) sum += value * (large.get(feature) ?? 0);
  return sum;
}

function scaled(vector: Vector, length: number): Vector {
  const norm = Math.sqrt(dot(vector, vector));
  return norm === 0
    ? vector
    : new Map([...vector].map(([feature, value]) => [feature, (value * length) / norm]));
}

function pairsOf(words: readonly string[]): string[] {
  return words.slice(1).map((word, index) => `${words[index] ?? ""} ${word}`);
}

function piecesOf(word: string): string[] {
  const padded = `_${word}_`;
  const pieces: string[] = [];
  for (let size = LEAST_PIECE; size <= LONGEST_PIECE; size += 1) {
    for (let start = 0; start + size <= padded.length; start += 1) {
      pieces.push(`piece ${padded.slice(start, start + size)}`);
    }
  }
  return pieces;
}
