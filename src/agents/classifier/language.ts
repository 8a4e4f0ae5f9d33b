import { detectAll } from "tinyld";
import type { Desk } from "../../domain/desk.ts";
import { paragraphsOf, sentencesOf } from "../sentences.ts";
import { wordsOf } from "../terms.ts";

/** Fewer letters than these say too little for a detector of letter groups. */
const FEWEST_LETTERS = 24;
/** The share of words known from the desk's own examples from which a text counts as written in its language. */
const FAMILIAR = 0.6;

/**
 * ISO 639-1 code of the language, or `und`. The desk's own vocabulary decides before the detector, which takes short
 * English messages for something else too often.
 */
export function detectLanguage(text: string, desk: Desk): string {
  const words = wordsOf(text).filter((word) => /\p{L}/u.test(word));
  const letters = words.join("").length;
  const candidates = detectAll(words.join(" "));
  const own = desk.languages[0] ?? "en";
  if (words.length === 0) return "und";
  if (familiarity(words, vocabularyOf(desk)) >= FAMILIAR) {
    return candidates.find((candidate) => desk.languages.includes(candidate.lang))?.lang ?? own;
  }
  if (letters < FEWEST_LETTERS && !/[^\p{Script=Latin}\p{N}\s]/u.test(words.join(" "))) return "und";
  return candidates[0]?.lang ?? "und";
}

/** So many words of one sentence in a language of the desk say what a message is about, whatever follows. */
const FEWEST_WORDS = 5;

/** Whether a text, or one whole sentence of it, is in a language the desk answers in, or too short to tell. */
export function isReadable(text: string, language: string, desk: Desk): boolean {
  const answered = (code: string) => desk.languages.includes(code);
  if (text === "" || language === "und" || answered(language)) return text !== "";
  const sentences = sentencesOf(text).filter((sentence) => wordsOf(sentence).length >= FEWEST_WORDS);
  return sentences.some((sentence) => answered(detectLanguage(sentence, desk)));
}

/** A paragraph of fewer words may be a name, an address or a greeting. */
const FEWEST_FOREIGN_WORDS = 8;
/** A paragraph with more of the desk's own words than this is not foreign, whatever the detector says. */
const MOST_FAMILIAR = 0.3;

/** The language of a paragraph in the text that the desk does not answer in, or null where it can read all of them. */
export function foreignLanguageIn(text: string, desk: Desk): string | null {
  for (const paragraph of paragraphsOf(text)) {
    const words = wordsOf(paragraph).filter((word) => /\p{L}/u.test(word));
    if (words.length < FEWEST_FOREIGN_WORDS) continue;
    const language = detectLanguage(paragraph, desk);
    const known = language === "und" || desk.languages.includes(language);
    if (!known && familiarity(words, vocabularyOf(desk)) <= MOST_FAMILIAR) return language;
  }
  return null;
}

function familiarity(words: readonly string[], vocabulary: ReadonlySet<string>): number {
  return words.filter((word) => vocabulary.has(word)).length / words.length;
}

const vocabularies = new WeakMap<Desk["topics"], ReadonlySet<string>>();

function vocabularyOf(desk: Desk): ReadonlySet<string> {
  const known = vocabularies.get(desk.topics);
  if (known) return known;
  const texts = desk.topics.flatMap((topic) => [topic.title, topic.description, ...topic.examples]);
  const vocabulary = new Set([desk.name, desk.tone, desk.policy, ...texts].flatMap(wordsOf));
  vocabularies.set(desk.topics, vocabulary);
  return vocabulary;
}
