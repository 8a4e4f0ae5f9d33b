import { commonWordFor, isCommon, termOf, wordsOf } from "../terms.ts";
import type { Subject } from "./select.ts";
import { affinity, distinct, tokensOf } from "./tokens.ts";

/** A help centre's search counts words, and long lists of them find everything. */
const MOST_KEYWORDS = 16;
/** Asks that are searched for by themselves; all of them are in the search for the whole message. */
const MOST_ASKS = 4;
const MOST_RELATED = 8;
const LEAST_RELATED = 0.15;

/**
 * What to search for, at most six queries: each ask, the whole message with its title, and what was said before; each by its
 * keywords, those the desk's topics are described with first.
 */
export function queriesFor(asks: readonly string[], subject: Subject): string[] {
  const { title, text, earlier, vocabulary } = subject;
  const wanted = [...asks.slice(0, MOST_ASKS), `${title}\n${text}`, earlier];
  return [...new Set(wanted.map((words) => keywordsOf(words, vocabulary)))].filter((query) => query !== "");
}

/**
 * What to search for when an ask was not found by its own words, at most three queries: the topic, the words of the desk's
 * field that are nearest in meaning to it, and its longest word, for a help centre that wants all words of a phrase at once.
 */
export function otherQueriesFor(ask: string, { background, topic, vocabulary }: Subject): string[] {
  const field = distinct([topic, ...background].flatMap(tokensOf));
  const asked = distinct(tokensOf(ask));
  const related = field
    .map((token) => ({ token, near: Math.max(0, ...asked.map((one) => affinity(one, token))) }))
    .filter(({ near }) => near >= LEAST_RELATED && near < 1)
    .sort((one, other) => other.near - one.near)
    .slice(0, MOST_RELATED)
    .map(({ token }) => token.word);
  const longest = contentWords(ask).sort((one, other) => other.length - one.length)[0] ?? "";
  return [keywordsOf(topic, vocabulary), related.join(" "), longest].filter((query) => query !== "");
}

function keywordsOf(text: string, vocabulary: ReadonlySet<string>): string {
  const words = contentWords(text).map((word, position) => ({
    word,
    position,
    known: vocabulary.has(termOf(word) ?? "") && !isCommon(termOf(word) ?? ""),
  }));
  return words
    .sort((a, b) => Number(b.known) - Number(a.known) || a.position - b.position)
    .slice(0, MOST_KEYWORDS)
    .sort((a, b) => a.position - b.position)
    .map(({ word }) => word)
    .join(" ");
}

/** A text's own words and those an article may use for the same, in their order and each once. */
function contentWords(text: string): string[] {
  const words = wordsOf(text).filter((word) => termOf(word) !== null);
  return [...new Set(words.flatMap((word) => [word, commonWordFor(word)]))];
}
