import { termOf, wordsOf } from "../terms.ts";
import { wordVectors } from "../words/vectors.ts";

/** A word that says something about the subject: as an index term, and as its meaning where that is known. */
export interface Token {
  /** As it was written, in lower case. */
  word: string;
  term: string;
  meaning: Float32Array | null;
}

/** Below this likeness two words have no more in common than any two. */
const UNRELATED = 0.4;
/** The likeness of words that may stand for each other, such as `cancel` and `postpone`. */
const SAME = 0.9;
/** A related word is evidence, but never as good as the word itself. */
const MOST_FOR_RELATED = 0.75;
const MOST_KEPT = 20_000;

const kept = new Map<string, Token | null>();

/** The telling words of a text in order, repeated as often as they occur. */
export function tokensOf(text: string): Token[] {
  return wordsOf(text)
    .map(tokenOf)
    .filter((token) => token !== null);
}

/** Each word once, in the order of its first place. */
export function distinct(tokens: readonly Token[]): Token[] {
  return [...new Set(tokens)];
}

/** How far one word stands for the other: 1 for forms of the same, 0 for unrelated ones. */
export function affinity(one: Token, other: Token): number {
  if (one.term === other.term) return 1;
  if (one.meaning === null || other.meaning === null) return 0;
  const alike = (dot(one.meaning, other.meaning) - UNRELATED) / (SAME - UNRELATED);
  return Math.max(0, Math.min(1, alike)) * MOST_FOR_RELATED;
}

/** How alike two words are; their meanings have length 1, to within a hundredth. */
function dot(one: Float32Array, other: Float32Array): number {
  let product = 0;
  for (let index = 0; index < one.length; index += 1) product += (one[index] ?? 0) * (other[index] ?? 0);
  return product;
}

/** While it is kept, a word is always the same object, so that a set of tokens holds each word once. */
function tokenOf(word: string): Token | null {
  const known = kept.get(word);
  if (known !== undefined) return known;
  const term = termOf(word);
  const meaning = () => wordVectors().vectorOf(word.replace(/'s$/, ""));
  const token = term === null ? null : { word, term, meaning: meaning() };
  if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value ?? "");
  kept.set(word, token);
  return token;
}
