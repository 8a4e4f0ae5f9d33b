import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * What words mean, as far as their company tells: 50,000 frequent English words in 100 dimensions, the most frequent
 * first. Made by scripts/make-word-vectors.ts, which says from what.
 */
export interface WordVectors {
  dimensions: number;
  /** Rank by frequency, from 0; undefined for a word that is not known. */
  rankOf(word: string): number | undefined;
  /** The word's vector, of about length 1; null for a word that is not known. */
  vectorOf(word: string): Float32Array | null;
}

let read: WordVectors | undefined;

/** Read at the first use and kept. */
export function wordVectors(): WordVectors {
  return (read ??= readVectors());
}

/** How alike two vectors are: 1 for the same direction, 0 for nothing in common or a vector of nothing. */
export function likeness(left: Float32Array, right: Float32Array): number {
  let product = 0;
  let leftSquares = 0;
  let rightSquares = 0;
  for (const [index, value] of left.entries()) {
    const other = right[index] ?? 0;
    product += value * other;
    leftSquares += value * value;
    rightSquares += other * other;
  }
  return leftSquares === 0 || rightSquares === 0 ? 0 : product / Math.sqrt(leftSquares * rightSquares);
}

function readVectors(): WordVectors {
  const file = readFileSync(join(import.meta.dirname, "vectors.bin"));
  const firstEnd = file.indexOf("\n");
  const secondEnd = file.indexOf("\n", firstEnd + 1);
  const dimensions = Number(file.toString("latin1", 0, firstEnd).split(" ")[0]);
  const words = file.toString("latin1", firstEnd + 1, secondEnd).split(" ");
  const ranks = new Map(words.map((word, rank) => [word, rank]));
  const matrix = new Int8Array(file.buffer, file.byteOffset + secondEnd + 1, words.length * dimensions);
  return {
    dimensions,
    rankOf: (word) => ranks.get(word),
    vectorOf(word) {
      const rank = ranks.get(word);
      if (rank === undefined) return null;
      const start = rank * dimensions;
      return Float32Array.from(matrix.subarray(start, start + dimensions), (value) => value / 127);
    },
  };
}
