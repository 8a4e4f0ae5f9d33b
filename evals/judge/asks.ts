import { termsOf, wordsOf } from "../../src/agents/terms.ts";
import { stem } from "../../src/agents/stem.ts";
import type { Said, Seen } from "./mark.ts";

/** Whether each expected ask is one of the classifier's: all its key words in one of them, in any inflection. */
export function judgeAsks({ turn: { expect }, trace }: Seen): Said {
  if (expect.asks === undefined) return null;
  const found = (trace.classification?.asks ?? []).map(formsOf);
  const missing = expect.asks.filter(
    (words) => !found.some((forms) => words.every((word) => holds(forms, word))),
  );
  const of = expect.asks.length;
  return {
    passed: missing.length === 0,
    counts: { "asks covered": { hit: of - missing.length, of } },
    reasons: missing.map((words) => `No ask holds ${words.map((word) => `"${word}"`).join(" and ")}.`),
  };
}

/** A key may be more than one word; then each of them must be there. */
function holds(forms: ReadonlySet<string>, key: string): boolean {
  return wordsOf(key).every((word) => [...formsOf(word)].some((form) => forms.has(form)));
}

/** The roots of a text's words, and the index terms, which bring the desk's synonyms along. */
function formsOf(text: string): Set<string> {
  return new Set([...wordsOf(text).map(stem), ...termsOf(text)].map(undoubled));
}

/** "add" and "adding" have stems with two and with one d. */
function undoubled(word: string): string {
  return word.replace(/([^aeiou])\1$/, "$1");
}
