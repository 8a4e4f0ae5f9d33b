import { sentencesOf } from "../sentences.ts";
import { isCommon, termsOf } from "../terms.ts";
import type { Ranked } from "./ranking.ts";

/** How a page says that something it names is no more. */
const ended =
  /\b(?:retired|discontinued|withdrawn|shut down|(?:was|were|is|are|been) (?:removed|replaced)|no longer (?:available|exists?|offered|supported|works?))\b/i;
/** How much of an older page's title the sentence must name. */
const LEAST_NAMED = 0.6;

/** An older source, and the passage of a newer one that says that what it is about is no more. */
export interface Retirement {
  older: Ranked["reading"];
  said: Ranked;
}

/** Which of the sources in a ranking a newer one declares to be about something that has ended. */
export function findRetired(ranked: readonly Ranked[]): Retirement[] {
  const statements = ranked.flatMap((said) =>
    sentencesOf(said.passage.quote)
      .filter((sentence) => ended.test(sentence))
      .map((sentence) => ({ said, terms: new Set(termsOf(sentence)) })),
  );
  return [...new Set(ranked.map(({ reading }) => reading))].flatMap((older) => {
    const title = [...new Set(termsOf(older.source.title))].filter((term) => !isCommon(term));
    const found = statements.find(({ said, terms }) => {
      const named = title.filter((term) => terms.has(term)).length;
      return isNewer(said.reading, older) && title.length > 1 && named / title.length >= LEAST_NAMED;
    });
    return found ? [{ older, said: found.said }] : [];
  });
}

const YEAR_IN_SECONDS = 365 * 24 * 60 * 60;

function isNewer(one: Ranked["reading"], other: Ranked["reading"]): boolean {
  const [here, there] = [one.source.updatedAt, other.source.updatedAt];
  return here !== null && there !== null && here - there > YEAR_IN_SECONDS;
}
