import type { Candidate } from "./passages.ts";
import type { Ranked } from "./ranking.ts";

/** How much a customer wants to read, in words, for one ask of so many. */
const WORDS_OF_ANSWER = 110;
const FEWEST_WORDS_EACH = 40;
/** How far below the best a passage of the same source may score and still belong to the answer... */
const NEAR = 3;
/** ...and one of another source, which often says the same again or speaks of something else. */
const AS_GOOD = 0.2;
const MOST_PASSAGES = 3;

/** How many words each of the asks is answered in. */
export function wordsIn(asks: number): number {
  return Math.max(FEWEST_WORDS_EACH, WORDS_OF_ANSWER / Math.max(1, asks));
}

/**
 * The passages that answer one ask together: the best one whole, however long it is, and as long as there are words left
 * those of the same source that fit nearly as well. They come in the order of their source, so that they read as they
 * were written.
 */
export function choosePassages(ranked: readonly Ranked[], words: number): Candidate[] {
  const [best] = ranked;
  if (!best) return [];
  const chosen = [best];
  let left = words - wordCount(best.passage);
  for (const one of ranked.slice(1)) {
    if (chosen.length >= MOST_PASSAGES) break;
    const far = best.score - one.score;
    const fits = one.reading === best.reading ? far <= NEAR : far <= AS_GOOD;
    if (!fits || wordCount(one.passage) > left) continue;
    chosen.push(one);
    left -= wordCount(one.passage);
  }
  return chosen
    .sort((one, other) => {
      const apart = Number(one.reading !== best.reading) - Number(other.reading !== best.reading);
      return apart || one.passage.position - other.passage.position;
    })
    .map(({ passage }) => passage);
}

function wordCount({ quote }: Candidate): number {
  return quote.split(/\s+/).length;
}
