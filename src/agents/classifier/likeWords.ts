import { likeness, wordVectors } from "../words/vectors.ts";
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
  const places = new Map([...vocabulary.keys()].map((term, place) => [term, place]));
  const known = [...vocabulary.values()].map((word) => vectors.vectorOf(word));
  const found = new Map<string, readonly LikeTerm[]>();
  return {
    termsLike(word) {
      const before = found.get(word);
      if (before) return before;
      const own = places.get(termOf(word) ?? "");
      const vector = termOf(word) === null ? null : vectors.vectorOf(word);
      const like = known.flatMap((other, term): LikeTerm[] => {
        if (term === own) return [{ term, likeness: 1 }];
        const alike = vector && other ? likeness(vector, other) : 0;
        return alike >= LEAST_LIKENESS ? [{ term, likeness: alike }] : [];
      });
      found.set(word, like);
      return like;
    },
  };
}
