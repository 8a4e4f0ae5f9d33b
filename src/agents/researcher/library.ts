import type { Source } from "../../domain/findings.ts";
import { splitIntoPassages, type Candidate, type ReadSource } from "./passages.ts";
import { tokensOf, type Token } from "./tokens.ts";

/** A passage with its words, and those of its heading. */
export interface ReadPassage extends Candidate {
  words: Token[];
  headingWords: Token[];
}

/** A source taken apart once: its passages in order, the words of its title, and all of its words. */
export interface Reading {
  source: Source;
  passages: ReadPassage[];
  titleWords: Token[];
  words: Token[];
}

const MOST_KEPT = 1_500;
const kept = new Map<string, Reading>();

/**
 * Takes a source apart. What was read before is not taken apart again in this process: kept by its id, title and the
 * digest of its text, at most 1,500 of them, the longest unused forgotten first. Only the taking apart is kept; whether
 * somebody may read the source is asked of Intercom each time.
 */
export function readingOf(read: ReadSource): Reading {
  const { kind, id, title, version, updatedAt, url } = read.source;
  const key = JSON.stringify([kind, id, title, version, read.text.length, updatedAt, url]);
  const known = kept.get(key);
  kept.delete(key);
  const reading = known ?? takeApart(read);
  kept.set(key, reading);
  if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value ?? "");
  return reading;
}

function takeApart(read: ReadSource): Reading {
  return {
    source: read.source,
    passages: splitIntoPassages(read).map((candidate) => ({
      ...candidate,
      words: tokensOf(candidate.quote),
      headingWords: tokensOf(candidate.heading),
    })),
    titleWords: tokensOf(read.source.title),
    words: tokensOf(read.text),
  };
}
