import { describeDisagreement, findDisagreements } from "../disagreement.ts";
import type { Ranked } from "./ranking.ts";
import { findRetired, type Retirement } from "./retired.ts";

/** Of so many sources the most relevant passages are compared with each other; of old ones too, which rank lower. */
const SOURCES_COMPARED = 6;
const PASSAGES_COMPARED = 3;

/**
 * What is left when, of two sources that give different figures for the same thing, the older one is set aside whole: a
 * page that is wrong in one place is not quoted in another. Where neither is older, both stay. A source about something
 * that a newer one says has ended is set aside too, and what says so stands in its place. The cautions name them.
 */
export function withoutOutdone(ranked: readonly Ranked[]): { ranked: Ranked[]; cautions: string[] } {
  const compared = mostRelevant(ranked);
  const disagreements = findDisagreements(
    compared.map(({ passage: { source, quote } }, index) => ({ id: `p${index}`, ask: 0, source, quote })),
  );
  const retired = findRetired(ranked).filter(({ older }) =>
    compared.some(({ reading }) => reading === older),
  );
  const outdone = new Set([
    ...disagreements.flatMap(({ older }) => (older ? [keyOf(older)] : [])),
    ...retired.map(({ older }) => keyOf(older)),
  ]);
  const left = ranked.filter(({ passage }) => !outdone.has(keyOf(passage)));
  return {
    ranked: inItsPlace(left, ranked[0], retired),
    cautions: [...disagreements.map(describeDisagreement), ...retired.map(describeRetirement)],
  };
}

/** When the best passage is of a source about something that has ended, the news of that is the answer. */
function inItsPlace(left: Ranked[], best: Ranked | undefined, retired: readonly Retirement[]): Ranked[] {
  const news = retired.find(({ older }) => older === best?.reading)?.said;
  if (!best || !news || !left.includes(news)) return left;
  return [{ ...news, score: best.score }, ...left.filter((one) => one !== news)];
}

function describeRetirement({ older, said }: Retirement): string {
  return `"${older.source.title}" is about something that has ended, as "${said.reading.source.title}" says; it is not used.`;
}

function keyOf({ source: { kind, id } }: { source: Ranked["reading"]["source"] }): string {
  return `${kind} ${id}`;
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
