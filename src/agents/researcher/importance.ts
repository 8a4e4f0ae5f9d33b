import { isCommon } from "../terms.ts";
import type { Reading } from "./library.ts";
import { tokensOf, type Token } from "./tokens.ts";

/** The field the sources are from, as the desk describes it. */
export interface Field {
  /** Texts of the field. */
  background: readonly string[];
  /** The terms its topics are described with. */
  vocabulary: ReadonlySet<string>;
}

/** What a word counts that is said about everything... */
const COMMON = 0.5;
/** ...one that no topic is described with... */
const FOREIGN = 0.6;
/** ...and one that stands in no source: as often small talk as the very thing that nothing is known about. */
const UNKNOWN = 0.35;

/**
 * How much each word tells. Among what a search found, the very words searched for are common, so how rare a word is is
 * counted in the field's own texts too.
 */
export function importanceIn(readings: readonly Reading[], field: Field): (token: Token) => number {
  const passages = readings.flatMap(({ passages: pieces, titleWords }) =>
    pieces.map(({ words, headingWords }) => [...words, ...headingWords, ...titleWords]),
  );
  const rarity = rarityAmong([...passages, ...field.background.map(tokensOf)]);
  const held = new Set(readings.flatMap(({ words, titleWords }) => [...words, ...titleWords]).map(termIn));
  return ({ term }) =>
    rarity(term) *
    (isCommon(term) ? COMMON : 1) *
    (field.vocabulary.has(term) ? 1 : FOREIGN) *
    (held.has(term) ? 1 : UNKNOWN);
}

function rarityAmong(texts: readonly (readonly Token[])[]): (term: string) => number {
  const counts = new Map<string, number>();
  for (const words of texts) {
    for (const term of new Set(words.map(termIn))) counts.set(term, (counts.get(term) ?? 0) + 1);
  }
  return (term) => Math.log(1 + texts.length / (1 + (counts.get(term) ?? 0)));
}

function termIn({ term }: Token): string {
  return term;
}
