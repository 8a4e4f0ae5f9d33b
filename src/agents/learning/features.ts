import { stem } from "../stem.ts";
import { termOf, wordsOf } from "../terms.ts";
import type { Portions } from "./portions.ts";

/** A sparse vector: the places of the features present among those the lessons hold, and the weight of each. */
export interface Vector {
  places: Int32Array;
  values: Float64Array;
}

/** The features that the lessons hold, numbered from 0. */
export interface Features {
  size: number;
  /** The lessons' own vectors, in their order. */
  vectors: readonly Vector[];
  /**
   * The text's TF-IDF vector: each kind of length one before its weight, the whole of length one. Features that no
   * lesson holds count towards the length though they have no place: a text about something else must not look
   * familiar by the few words it shares.
   */
  vectorOf(text: string): Vector;
}

/**
 * The kinds of feature and how much each counts. Terms carry the subject; all words together with their pairs, side by
 * side or over one between, carry the phrase and what function words say ("thank you", "by hand"); pieces of words
 * survive misspellings.
 */
const KINDS = { term: 0.7, word: 0.7, pair: 1, skip: 0.7, piece: 0.5 };
const weights = Object.values(KINDS);
/** How many of the kinds are whole words: the first ones. */
const WHOLE_WORDS = 2;
const NOWHERE = -1;
/** Texts that are read in one portion of the work. */
const PORTION = 100;

const LEAST_PIECE = 3;
const LONGEST_PIECE = 5;

/** What one word gives of each kind, as places. */
interface Word {
  stem: string;
  term: number | null;
  word: number;
  pieces: readonly number[];
}

/** Gives a feature its place. */
type Place = (feature: string) => number;

/** Reads each text once, and each word once for all of them. */
export function* learnFeatures(texts: readonly string[]): Portions<Features> {
  const places = new Map<string, number>();
  const known = new Map<string, Word>();
  const learn: Place = (feature) => placeIn(places, feature, 0);
  const read = (word: string) => {
    const features = known.get(word) ?? featuresOf(word, learn);
    known.set(word, features);
    return features;
  };
  const counted: Counts[] = [];
  for (const text of texts) {
    counted.push(countIn(text, read, learn));
    if (counted.length % PORTION === 0) yield;
  }
  const holders = new Int32Array(places.size);
  counted.forEach((kinds) => {
    for (const counts of kinds) {
      for (const place of counts.keys()) holders[place] = (holders[place] ?? 0) + 1;
    }
  });
  const rarity = Float64Array.from(holders, (count) => Math.log((1 + texts.length) / (1 + count)) + 1);
  const unknown = Math.log(1 + texts.length) + 1;
  const taught = numbered(counted, holders);
  const vectors: Vector[] = [];
  for (const kinds of counted) {
    vectors.push(weigh(kinds, taught.places, rarity, unknown));
    if (vectors.length % PORTION === 0) yield;
  }
  return {
    size: taught.size,
    vectors,
    vectorOf(text) {
      const strange = new Map<string, number>();
      const find: Place = (feature) => places.get(feature) ?? placeIn(strange, feature, places.size);
      const counts = countIn(text, (word) => known.get(word) ?? featuresOf(word, find), find);
      return weigh(counts, taught.places, rarity, unknown);
    },
  };
}

/** Words teach even when one lesson alone holds them; two words together, or a piece of one, only when others do too. */
function numbered(counted: readonly Counts[], holders: Int32Array): { places: Int32Array; size: number } {
  const places = new Int32Array(holders.length).fill(NOWHERE);
  let size = 0;
  for (const kinds of counted) {
    kinds.forEach((counts, kind) => {
      for (const place of counts.keys()) {
        const teaches = kind < WHOLE_WORDS || (holders[place] ?? 0) > 1;
        if (teaches && places[place] === NOWHERE) places[place] = size++;
      }
    });
  }
  return { places, size };
}

function placeIn(places: Map<string, number>, feature: string, first: number): number {
  const known = places.get(feature);
  if (known !== undefined) return known;
  const place = first + places.size;
  places.set(feature, place);
  return place;
}

/** How often each feature occurs, by kind. */
type Counts = readonly Map<number, number>[];

function countIn(text: string, read: (word: string) => Word, place: Place): Counts {
  const counts = weights.map(() => new Map<number, number>());
  const [terms, words, pairs, skips, pieces] = counts;
  let before: string | null = null;
  let twoBefore: string | null = null;
  for (const written of wordsOf(text)) {
    const word = read(written);
    count(words, word.word);
    if (before !== null) count(pairs, place(`pair ${before} ${word.stem}`));
    if (twoBefore !== null) count(skips, place(`skip ${twoBefore} ${word.stem}`));
    twoBefore = before;
    before = word.stem;
    if (word.term === null) continue;
    count(terms, word.term);
    for (const piece of word.pieces) count(pieces, piece);
  }
  return counts;
}

function count(counts: Map<number, number> | undefined, place: number): void {
  counts?.set(place, (counts.get(place) ?? 0) + 1);
}

function featuresOf(word: string, place: Place): Word {
  const term = termOf(word);
  const stemmed = stem(word);
  return {
    stem: stemmed,
    term: term === null ? null : place(`term ${term}`),
    word: place(`word ${stemmed}`),
    pieces: term === null ? [] : piecesOf(word).map((piece) => place(`piece ${piece}`)),
  };
}

function weigh(kinds: Counts, taught: Int32Array, rarity: Float64Array, unknown: number): Vector {
  const places: number[] = [];
  const values: number[] = [];
  let square = 0;
  kinds.forEach((counts, kind) => {
    const weighted = [...counts].map(
      ([place, times]) => [place, (1 + Math.log(times)) * (rarity[place] ?? unknown)] as const,
    );
    const length = Math.sqrt(weighted.reduce((sum, [, value]) => sum + value * value, 0));
    if (length === 0) return;
    const weight = weights[kind] ?? 0;
    square += weight * weight;
    for (const [place, value] of weighted) {
      const kept = taught[place] ?? NOWHERE;
      if (kept === NOWHERE) continue;
      places.push(kept);
      values.push((value * weight) / length);
    }
  });
  const whole = Math.sqrt(square);
  return { places: Int32Array.from(places), values: Float64Array.from(values, (value) => value / whole) };
}

function piecesOf(word: string): string[] {
  const padded = `_${word}_`;
  const pieces: string[] = [];
  for (let size = LEAST_PIECE; size <= LONGEST_PIECE; size += 1) {
    for (let start = 0; start + size <= padded.length; start += 1) {
      pieces.push(padded.slice(start, start + size));
    }
  }
  return pieces;
}
