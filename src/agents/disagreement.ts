import type { Passage } from "../domain/findings.ts";
import { sentencesOf } from "./sentences.ts";
import { termsOf } from "./terms.ts";

/** Two sources that give different figures for what seems to be the same thing. */
export interface Disagreement {
  passages: [Passage, Passage];
  figures: [string, string];
}

/** How alike two sentences must be, figures left aside, to speak of the same thing. */
const ALIKE = 0.4;
const FEWEST_SHARED = 3;

const figure =
  /(?<![\w.])([$€£])?(\d+(?:[.,]\d+)?)(?:\s*(?:to|-|–)\s*\d+(?:[.,]\d+)?)?[\s-]*(%|percent|(?:business |working |calendar )?(?:second|minute|hour|day|week|month|year)s?\b|(?:mb|gb|kb)\b)?/gi;

/** Every pair of passages of different sources that disagree on a number or a time span. */
export function findDisagreements(passages: readonly Passage[]): Disagreement[] {
  const statements = passages.flatMap((passage) =>
    sentencesOf(passage.quote).map((sentence) => ({ passage, ...readStatement(sentence, passage) })),
  );
  const found: Disagreement[] = [];
  statements.forEach((one, index) => {
    for (const other of statements.slice(index + 1)) {
      if (sameSource(one.passage, other.passage) || !speakOfTheSame(one.subject, other.subject)) continue;
      const differing = differingFigures(one.figures, other.figures);
      if (!differing || found.some((known) => samePair(known, one.passage, other.passage))) continue;
      found.push({ passages: [one.passage, other.passage], figures: differing });
    }
  });
  return found;
}

/** The disagreement in a sentence for the reviewer. */
export function describeDisagreement({ passages: [one, other], figures }: Disagreement): string {
  return `"${one.source.title}" says ${figures[0]}, but "${other.source.title}" says ${figures[1]}: check which is right.`;
}

interface Figure {
  unit: string;
  value: string;
  text: string;
}

function readStatement(sentence: string, passage: Passage): { subject: Set<string>; figures: Figure[] } {
  const figures = [...sentence.matchAll(figure)].flatMap((match): Figure[] => {
    const unit = unitOf(match[1], match[3]);
    return unit === null ? [] : [{ unit, value: match[2] ?? "", text: match[0].trim() }];
  });
  const words = sentence.replace(figure, " ");
  return { subject: new Set(termsOf(`${words} ${passage.source.title}`)), figures };
}

function unitOf(currency: string | undefined, unit: string | undefined): string | null {
  if (currency) return currency;
  if (!unit) return null;
  return unit
    .toLowerCase()
    .replace(/^(?:business|working|calendar)\s/, "")
    .replace("percent", "%")
    .replace(/s$/, "");
}

function speakOfTheSame(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  const shared = [...one].filter((term) => other.has(term)).length;
  return shared >= FEWEST_SHARED && shared / Math.min(one.size, other.size) >= ALIKE;
}

/** The first figures of a unit both use without having any value in common. */
function differingFigures(one: readonly Figure[], other: readonly Figure[]): [string, string] | null {
  for (const here of one) {
    const there = other.filter((candidate) => candidate.unit === here.unit);
    const mine = one.filter((candidate) => candidate.unit === here.unit).map(({ value }) => value);
    if (there[0] && !there.some(({ value }) => mine.includes(value))) return [here.text, there[0].text];
  }
  return null;
}

function sameSource(one: Passage, other: Passage): boolean {
  return one.source.kind === other.source.kind && one.source.id === other.source.id;
}

function samePair(known: Disagreement, one: Passage, other: Passage): boolean {
  return known.passages.some((p) => sameSource(p, one)) && known.passages.some((p) => sameSource(p, other));
}
