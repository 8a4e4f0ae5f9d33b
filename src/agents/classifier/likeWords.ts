import { wordVectors } from "../words/vectors.ts";
import { termOf } from "../terms.ts";

/** A term of the vocabulary that a word means, and how nearly: 1 for the term itself. */
export interface LikeTerm {
  term: number;
  likeness: number;
}

/** Below this, two words share a field rather than a meaning. */
const LEAST_LIKENESS = 0.45;

/** The terms of a vocabulary by their meaning. */
export interface LikeWords {
  /** The terms that mean what the word means, or nearly. Empty for a function word and for one nobody knows. */
  termsLike(word: string): readonly LikeTerm[];
}

/**
 * Finds the terms of a vocabulary that mean about what another word means, by how alike their word vectors are. The
 * vocabulary is given as terms and one word for each. What was asked once is kept.
 */
export function likeWordsIn(vocabulary: ReadonlyMap<string, string>): LikeWords {
  const vectors = wordVectors();
  const { dimensions } = vectors;
  const places = new Map([...vocabulary.keys()].map((term, place) => [term, place]));
  const matrix = new Float32Array(vocabulary.size * dimensions);
  [...vocabulary.values()].forEach((word, place) => {
    const vector = vectors.vectorOf(word);
    if (vector) matrix.set(vector, place * dimensions);
  });
  const find = (word: string): readonly LikeTerm[] => {
    const term = termOf(word);
    if (term === null) return [];
    const own = places.get(term);
    const vector = vectors.vectorOf(word);
    const like: LikeTerm[] = own === undefined ? [] : [{ term: own, likeness: 1 }];
    for (let place = 0; vector && place < vocabulary.size; place += 1) {
      const alike = place === own ? 0 : product(matrix, place * dimensions, vector);
      if (alike >= LEAST_LIKENESS) like.push({ term: place, likeness: Math.min(alike, 1) });
    }
    return like;
  };
  const found = new Map<string, readonly LikeTerm[]>();
  return {
    termsLike(word) {
      const like = found.get(word) ?? find(word);
      found.set(word, like);
      return like;
    },
  };
}

/** The vectors are of about length 1: their product is how alike they are. Four sums at a time run side by side. */
function product(matrix: Float32Array, start: number, vector: Float32Array): number {
  let [first, second, third, fourth] = [0, 0, 0, 0];
  for (let index = 0; index < vector.length; index += 4) {
    first += (matrix[start + index] ?? 0) * (vector[index] ?? 0);
    second += (matrix[start + index + 1] ?? 0) * (vector[index + 1] ?? 0);
    third += (matrix[start + index + 2] ?? 0) * (vector[index + 2] ?? 0);
    fourth += (matrix[start + index + 3] ?? 0) * (vector[index + 3] ?? 0);
  }
  return first + second + third + fourth;
}
