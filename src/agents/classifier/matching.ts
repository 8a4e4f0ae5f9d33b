import { sentencesOf } from "../sentences.ts";
import { isCommon, termOf, wordsOf } from "../terms.ts";
import type { Taught } from "../learning/lessons.ts";
import { likeWordsIn, type LikeWords } from "./likeWords.ts";

/** How well a text matches what is taught of each topic, in the order of the topics. */
export interface Matcher {
  /** With `without`, as if those lessons had never been taught. */
  match(text: string, without?: readonly Taught[]): Float64Array;
}

/** What the best, the second and the third lesson of a topic count: two that match say more than one. */
const RANKS = [1, 0.6, 0.3];
/** Added to the weight of both texts, so that two texts of one shared word are no match yet. */
const RESERVE = 4;
/** A word for anything counts for half. */
const COMMON_SHARE = 0.5;

/**
 * Compares a text with every lesson word by word: for each word, the one on the other side that means most nearly the
 * same (after the soft matching of Rygl et al., 2017, and of Kusner et al., "From word embeddings to document
 * distances", 2015). A match covers both the lesson and the sentence, weighed by rarity; the best sentence counts, so that a
 * long message loses nothing by its length.
 */
export function createMatcher(lessons: readonly Taught[], topics: number): Matcher {
  const index = indexOf(lessons);
  return {
    match(text, without = []) {
      const best = new Float64Array(lessons.length);
      for (const view of new Set([...sentencesOf(text), text])) compare(view, index, best);
      const left = new Set(without);
      const perTopic = Array.from({ length: topics }, (): number[] => []);
      lessons.forEach((lesson, place) => {
        if (!left.has(lesson)) perTopic[lesson.label]?.push(best[place] ?? 0);
      });
      return Float64Array.from(perTopic, (scores) => {
        const sorted = scores.sort((a, b) => b - a);
        return RANKS.reduce((sum, share, rank) => sum + share * (sorted[rank] ?? 0), 0);
      });
    },
  };
}

interface Index {
  like: LikeWords;
  /** The rarity of each term of the vocabulary, and of one that is not in it. */
  rarity: readonly number[];
  unknown: number;
  /** The lessons that hold each term. */
  holders: readonly (readonly number[])[];
  /** The weight of all words of each lesson. */
  weights: readonly number[];
}

function indexOf(lessons: readonly Taught[]): Index {
  const vocabulary = new Map<string, string>();
  const holders: number[][] = [];
  const places = new Map<string, number>();
  lessons.forEach(({ text }, lesson) => {
    const seen = new Set<string>();
    for (const word of wordsOf(text)) {
      const term = termOf(word);
      if (term === null || seen.has(term)) continue;
      seen.add(term);
      if (!vocabulary.has(term)) {
        vocabulary.set(term, word);
        places.set(term, holders.length);
        holders.push([]);
      }
      holders[places.get(term) ?? -1]?.push(lesson);
    }
  });
  const rarityOf = (term: string, count: number) =>
    Math.log((lessons.length + 1) / (count + 1)) * (isCommon(term) ? COMMON_SHARE : 1);
  const rarity = [...vocabulary.keys()].map((term, place) => rarityOf(term, holders[place]?.length ?? 0));
  const weights = lessons.map(() => RESERVE);
  holders.forEach((holding, term) => {
    for (const lesson of holding) weights[lesson] = (weights[lesson] ?? 0) + (rarity[term] ?? 0);
  });
  return { like: likeWordsIn(vocabulary), rarity, unknown: rarityOf("", 0), holders, weights };
}

/** Raises each lesson's best score to how well this view matches it, half by what it covers of each of the two. */
function compare(view: string, { like, rarity, unknown, holders, weights }: Index, best: Float64Array): void {
  const nearest = new Map<number, number>();
  const covered = new Float64Array(best.length);
  const terms = new Map(wordsOf(view).map((word) => [termOf(word), word]));
  terms.delete(null);
  let viewWeight = RESERVE;
  for (const word of terms.values()) {
    const alike = like.termsLike(word);
    const [nearestTerm] = alike;
    const weight = nearestTerm?.likeness === 1 ? (rarity[nearestTerm.term] ?? unknown) : unknown;
    viewWeight += weight;
    const nearestInLesson = new Map<number, number>();
    for (const { term, likeness } of alike) {
      const squared = likeness * likeness;
      if (squared > (nearest.get(term) ?? 0)) nearest.set(term, squared);
      for (const lesson of holders[term] ?? []) {
        if (squared > (nearestInLesson.get(lesson) ?? 0)) nearestInLesson.set(lesson, squared);
      }
    }
    for (const [lesson, squared] of nearestInLesson)
      covered[lesson] = (covered[lesson] ?? 0) + weight * squared;
  }
  const covering = new Float64Array(best.length);
  for (const [term, squared] of nearest) {
    for (const lesson of holders[term] ?? []) {
      covering[lesson] = (covering[lesson] ?? 0) + (rarity[term] ?? 0) * squared;
    }
  }
  for (let lesson = 0; lesson < best.length; lesson += 1) {
    const score = (covered[lesson] ?? 0) / viewWeight + (covering[lesson] ?? 0) / (weights[lesson] ?? 1);
    if (score / 2 > (best[lesson] ?? 0)) best[lesson] = score / 2;
  }
}
