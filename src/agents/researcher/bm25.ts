import { termsOf } from "../terms.ts";

/** BM25's saturation and its correction for length. */
const SATURATION = 1.2;
const LENGTH_CORRECTION = 0.6;

/** The terms of one field of a document, and how much each occurrence counts. */
interface Weighed {
  terms: string[];
  weight: number;
}

export function weigh(text: string, weight: number): Weighed {
  return { terms: termsOf(text), weight };
}

/** BM25 over weighted fields: each term counts by how often and in which field it stands. Scores: the best is 1. */
export function createIndex(documents: readonly (readonly Weighed[])[]): {
  scores(weights: ReadonlyMap<string, number>): number[];
} {
  const fieldCount = documents[0]?.length ?? 0;
  const averages = Array.from({ length: fieldCount }, (_, field) => {
    const lengths = documents.map((document) => document[field]?.terms.length ?? 0);
    return Math.max(1, lengths.reduce((sum, length) => sum + length, 0) / documents.length);
  });
  const frequencies = documents.map((document) => {
    const frequency = new Map<string, number>();
    document.forEach(({ terms, weight }, field) => {
      const long = 1 - LENGTH_CORRECTION + (LENGTH_CORRECTION * terms.length) / (averages[field] ?? 1);
      for (const term of terms) frequency.set(term, (frequency.get(term) ?? 0) + weight / long);
    });
    return frequency;
  });
  return {
    scores(weights) {
      const scores = frequencies.map((frequency) => {
        let score = 0;
        for (const [term, weight] of weights) {
          const often = frequency.get(term) ?? 0;
          score += (weight * often) / (often + SATURATION);
        }
        return score;
      });
      const best = Math.max(...scores, Number.MIN_VALUE);
      return scores.map((score) => score / best);
    },
  };
}
