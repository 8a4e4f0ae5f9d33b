import { sentencesOf } from "../../src/agents/sentences.ts";
import { isCommon, termsOf } from "../../src/agents/terms.ts";
import type { Passage } from "../../src/domain/findings.ts";
import type { Said, Seen } from "./mark.ts";

/**
 * Whether the cited passages say what the draft's factual sentences say. Deterministic, and so strict: each content word
 * of a sentence must be in the union of the passages it cites (and their titles and addresses), after stemming and with
 * the desk's synonyms; each number and each name literally; and it must deny what the passage nearest to it denies, and
 * nothing else. It does not understand: a sentence that rearranges the words of its passages into another statement
 * passes, and an honest paraphrase in other words does not.
 */
export function judgeSupport({ trace: { draft, findings } }: Seen): Said {
  const facts = (draft?.sentences ?? []).filter(({ kind }) => kind === "fact");
  if (facts.length === 0) return null;
  const reasons = facts.flatMap(({ text, citations }) => {
    const passages = (findings?.passages ?? []).filter(({ id }) => citations.includes(id));
    const why = whyUnsupported(text, passages);
    return why === null ? [] : [`"${text}": ${why}`];
  });
  return {
    passed: reasons.length === 0,
    counts: { "sentence support": { hit: facts.length - reasons.length, of: facts.length } },
    reasons,
  };
}

/** What of a sentence its passages do not say; null when they say all of it. */
export function whyUnsupported(
  text: string,
  passages: readonly Pick<Passage, "quote" | "source">[],
): string | null {
  if (passages.length === 0) return "it cites nothing.";
  const sentence = text.replace(/\S*…/g, "");
  const support = passages
    .map(({ quote, source }) => `${quote}\n${source.title}\n${source.url ?? ""}`)
    .join("\n");
  const missing = [
    ...beyond(termsOf(sentence), new Set(termsOf(support))),
    ...beyond(numbersOf(sentence), new Set(numbersOf(support))),
    ...beyond(namesOf(sentence), new Set(plainWords(support))),
  ];
  if (missing.length > 0) return `no cited passage says ${[...new Set(missing)].join(", ")}.`;
  const said = passages.flatMap(({ quote, source }) => sentencesOf(`${quote}\n${source.title}`));
  const turned = sentencesOf(sentence).find((piece) => !deniesTheSame(piece, said));
  return turned === undefined ? null : "the cited passage denies what it says, or the other way round.";
}

function beyond(wanted: readonly string[], held: ReadonlySet<string>): string[] {
  return wanted.filter((word) => !held.has(word));
}

function numbersOf(text: string): string[] {
  return (text.match(/[$€£]?\d+(?:[.,:]\d+)*%?/g) ?? []).map((number) => number.replaceAll(",", ""));
}

/** Words with a capital that do not begin a sentence: of things and people, and of what stands on the screen. */
function namesOf(text: string): string[] {
  return sentencesOf(text).flatMap((sentence) => {
    const words = sentence.match(/[\p{L}\p{N}][\p{L}\p{N}'’-]*/gu) ?? [];
    return words
      .slice(1)
      .filter((word) => /^\p{Lu}/u.test(word) && word !== "I")
      .flatMap(plainWords);
  });
}

function plainWords(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

const negation = /\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot|unable)\b|n['’]t\b/i;
/** How much of the sentence another must hold to speak of the same. */
const ALIKE = 0.5;
const ABOUT = 0.9;

function deniesTheSame(piece: string, said: readonly string[]): boolean {
  const terms = termsOf(piece).filter((term) => !isCommon(term));
  const shared = (sentence: string) => {
    const held = new Set(termsOf(sentence));
    return terms.filter((term) => held.has(term)).length;
  };
  const ranked = said
    .map((sentence) => ({ sentence, share: terms.length === 0 ? 0 : shared(sentence) / terms.length }))
    .sort((one, other) => other.share - one.share);
  const [nearest] = ranked;
  if (!nearest || nearest.share < ALIKE) return true;
  // Of those that are about as near as the nearest one has to agree.
  const near = ranked.filter(({ share }) => share >= nearest.share * ABOUT);
  return near.some(({ sentence }) => negation.test(sentence) === negation.test(piece));
}
