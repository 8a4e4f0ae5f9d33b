import { describeDisagreement, findDisagreements } from "../disagreement.ts";
import type { Ranked } from "./ranking.ts";

/** Of so many sources the most relevant passages are compared with each other; of old ones too, which rank lower. */
const SOURCES_COMPARED = 6;
const PASSAGES_COMPARED = 3;

/**
 * What is left when, of two sources that give different figures for the same thing, the older one is set aside whole: a
 * page that is wrong in one place is not quoted in another. Where neither is older, both stay. The cautions name them.
 */
export function withoutOutdone(ranked: readonly Ranked[]): { ranked: Ranked[]; cautions: string[] } {
  const compared = mostRelevant(ranked);
  const disagreements = findDisagreements(
    compared.map(({ passage: { source, quote } }, index) => ({ id: `p${index}`, ask: 0, source, quote })),
  );
  const outdone = disagreements.flatMap(({ older }) =>
    older ? [`${older.source.kind} ${older.source.id}`] : [],
  );
  return {
    ranked: ranked.filter(({ passage: { source } }) => !outdone.includes(`${source.kind} ${source.id}`)),
    cautions: disagreements.map(describeDisagreement),
  };
}

function mostRelevant(ranked: readonly Ranked[]): Ranked[] {
  const bySource = new Map<Ranked["reading"], Ranked[]>();
  for (const one of [...ranked].sort((first, second) => second.relevance - first.relevance)) {
    const passages = bySource.get(one.reading) ?? [];
    if (passages.length === 0 && bySource.size === SOURCES_COMPARED) continue;
    if (passages.length < PASSAGES_COMPARED) bySource.set(one.reading, [...passages, one]);
  }
  return [...bySource.values()].flat();
}
