import type { Source } from "../../domain/findings.ts";
import { sentencesOf } from "../sentences.ts";

/** Text that was read by a tool in this run, and where it stands. */
export interface ReadSource {
  source: Source;
  text: string;
}

/** A piece of a source that can be quoted by itself: `quote` stands in the source's text character for character. */
export interface Candidate {
  source: Source;
  /** The heading it stands under; empty when there is none. */
  heading: string;
  quote: string;
  /** Its place in the source. */
  position: number;
}

const LONGEST = 600;
const LONGEST_HEADING = 90;
const FEWEST_WORDS = 4;

/**
 * Splits a source into quotable pieces: a paragraph, a list together with the line that introduces it, or a few
 * sentences of a long paragraph.
 */
export function splitIntoPassages({ source, text }: ReadSource): Candidate[] {
  const candidates: Candidate[] = [];
  let heading = "";
  for (const block of joinListsToTheirLead(text, blocksOf(text))) {
    const quote = text.slice(block.start, block.end);
    if (isHeading(quote)) {
      heading = quote;
      continue;
    }
    for (const piece of piecesOf(quote).map(withoutGreeting)) {
      if (isQuotable(piece) && !(source.kind === "macro" && saysWhatWasDone(piece)))
        candidates.push({ source, heading, quote: piece, position: candidates.length });
    }
  }
  return candidates;
}

interface Block {
  start: number;
  end: number;
}

function blocksOf(text: string): Block[] {
  return [...text.matchAll(/\S(?:[^\n]|\n(?!\s*\n))*/g)].map((match) => ({
    start: match.index,
    end: match.index + match[0].trimEnd().length,
  }));
}

/** A list means little without "To do this:" above it. */
function joinListsToTheirLead(text: string, blocks: readonly Block[]): Block[] {
  const joined: Block[] = [];
  for (const block of blocks) {
    const before = joined.at(-1);
    const lead = before && text.slice(before.start, before.end);
    const isList = isListItem(text.slice(block.start, block.end));
    if (before && lead && isList && !isHeading(lead) && lead.endsWith(":")) before.end = block.end;
    else joined.push({ ...block });
  }
  return joined;
}

function isHeading(block: string): boolean {
  return (
    block.length <= LONGEST_HEADING && !block.includes("\n") && !/[.!:;,]$/.test(block) && !isListItem(block)
  );
}

function isListItem(line: string): boolean {
  return /^(?:[-*•]|\d+[.)])\s/.test(line);
}

/** Groups of whole lines or sentences, each not much longer than a customer wants to read. */
function piecesOf(block: string): string[] {
  if (block.length <= LONGEST) return [block];
  const units = block.includes("\n") ? block.split("\n") : sentencesOf(block);
  const pieces: string[] = [];
  let from = 0;
  let start: number | null = null;
  let end = 0;
  for (const unit of units) {
    const at = block.indexOf(unit, from);
    if (at < 0) continue;
    from = at + unit.length;
    if (start !== null && from - start > LONGEST) {
      pieces.push(block.slice(start, end));
      start = at;
    }
    start ??= at;
    end = from;
  }
  if (start !== null) pieces.push(block.slice(start, end));
  return pieces.map((piece) => piece.trim());
}

/** A macro greets, and so does every draft. */
function withoutGreeting(piece: string): string {
  return piece.replace(/^(?:hi|hello|dear)\b[^,.!?\n]{0,40}[,!]\s+/i, "");
}

const done =
  /\b(?:I|we)(?:['’](?:ve|ll)| have| will)\b|\b(?:has|have) been\b|\bis (?:now )?(?:approved|cancelled|changed|closed|done|refunded|removed|sent)\b/i;

/** "I have opened an investigation" is true when somebody has done it: a macro says so, a draft must not. */
function saysWhatWasDone(piece: string): boolean {
  return done.test(piece);
}

/** A macro's unfilled placeholder is no sentence for a customer, three words say nothing, nor does a word of welcome. */
function isQuotable(piece: string): boolean {
  const welcome = /^this (?:article|page|guide) (?:is|explains|describes|shows)\b/i;
  return piece.split(/\s+/).length >= FEWEST_WORDS && !/\[[a-z_.]+\]/.test(piece) && !welcome.test(piece);
}
