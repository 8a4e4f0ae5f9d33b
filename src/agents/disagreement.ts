import type { Passage } from "../domain/findings.ts";
import { sentencesOf } from "./sentences.ts";
import { termsOf } from "./terms.ts";

/** Two sources that give different figures for what seems to be the same thing. */
export interface Disagreement {
  passages: [Passage, Passage];
  figures: [string, string];
  /** The one whose source was updated earlier: the policy is to use the other. Null when neither was, or no date is known. */
  older: Passage | null;
}

/** How alike two sentences with their titles must be, figures left aside, to speak of the same thing... */
const ALIKE = 0.4;
/** ...and without the titles, when their sources are of about the same age: then they rarely contradict each other. */
const ALIKE_BY_THEMSELVES = 0.6;
const FEWEST_SHARED = 3;
const YEAR_IN_SECONDS = 365 * 24 * 60 * 60;

const figure =
  /(?<![\w.])([$€£])?(\d+(?:[.,]\d+)?)(?:\s*(?:to|-|–)\s*\d+(?:[.,]\d+)?)?[\s-]*(%|percent|(?:business |working |calendar )?(?:second|minute|hour|day|week|month|year)s?\b|(?:mb|gb|kb)\b)?/gi;

/** Every pair of passages of different sources that disagree on a number or a time span. */
export function findDisagreements(passages: readonly Passage[]): Disagreement[] {
  const statements = passages.flatMap((passage) =>
    sentencesOf(passage.quote).map((sentence) => readStatement(sentence, passage)),
  );
  const found: Disagreement[] = [];
  statements.forEach((one, index) => {
    for (const other of statements.slice(index + 1)) {
      if (sameSource(one.passage, other.passage) || !speakOfTheSame(one, other)) continue;
      const differing = differingFigures(one.figures, other.figures);
      if (!differing || found.some((known) => samePair(known, one.passage, other.passage))) continue;
      found.push({
        passages: [one.passage, other.passage],
        figures: differing,
        older: olderOf(one.passage, other.passage),
      });
    }
  });
  return found;
}

/** The disagreement in a sentence for the reviewer: which two they are, what they say, and which one is newer. */
export function describeDisagreement({ passages: [one, other], figures, older }: Disagreement): string {
  const said = `"${one.source.title}" says ${figures[0]}, but "${other.source.title}" says ${figures[1]}`;
  if (older === null) return `${said}: check which is right.`;
  const newer = older === one ? other : one;
  return `${said}: "${newer.source.title}" is newer and goes before.`;
}

function olderOf(one: Passage, other: Passage): Passage | null {
  const [here, there] = [one.source.updatedAt, other.source.updatedAt];
  if (here === null || there === null || here === there) return null;
  return here < there ? one : other;
}

interface Figure {
  unit: string;
  value: string;
  text: string;
}

interface Statement {
  passage: Passage;
  /** The terms of the sentence. */
  words: Set<string>;
  /** Those and the terms of its title. */
  subject: Set<string>;
  figures: Figure[];
}

function readStatement(sentence: string, passage: Passage): Statement {
  const figures = [...sentence.matchAll(figure)].flatMap((match): Figure[] => {
    const unit = unitOf(match[1], match[3]);
    return unit === null ? [] : [{ unit, value: match[2] ?? "", text: match[0].trim() }];
  });
  const words = termsOf(sentence.replace(figure, " "));
  const subject = new Set([...words, ...termsOf(passage.source.title)]);
  return { passage, words: new Set(words), subject, figures };
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

function speakOfTheSame(one: Statement, other: Statement): boolean {
  if (!areAlike(one.subject, other.subject, ALIKE)) return false;
  const [here, there] = [one.passage.source.updatedAt, other.passage.source.updatedAt];
  const farApart = here !== null && there !== null && Math.abs(here - there) > YEAR_IN_SECONDS;
  return farApart || areAlike(one.words, other.words, ALIKE_BY_THEMSELVES);
}

function areAlike(one: ReadonlySet<string>, other: ReadonlySet<string>, least: number): boolean {
  const shared = [...one].filter((term) => other.has(term)).length;
  return shared >= FEWEST_SHARED && shared / Math.min(one.size, other.size) >= least;
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
