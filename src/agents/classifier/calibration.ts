import type { TopicRanking } from "./topicModel.ts";

/** A message whose topic is known, and what speaks for each topic in the eyes of a model that never saw it. */
export interface Trial {
  topic: number;
  evidence: Float64Array;
}

/** The evidence a message about no topic shows, and how much a difference of evidence means. */
export interface Calibration {
  bar: number;
  temperature: number;
}

/** How often a message is about none of the topics, as far as anybody knows before reading it. */
const FOREIGN_SHARE = 0.1;

const temperatures = [0.04, 0.06, 0.08, 0.1, 0.14, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1, 1.5, 2];
const bars = Array.from({ length: 81 }, (_, index) => (index - 40) * 0.2);

/**
 * The bar for `other` and the temperature (Guo et al., "On calibration of modern neural networks", 2017) under which
 * the trials come out most likely. Each trial counts twice: as what it is, and as a message about no topic, for which
 * its own topic is taken away.
 */
export function calibrate(trials: readonly Trial[]): Calibration {
  const settings = temperatures.flatMap((temperature) => {
    const odds = trials.map(({ topic, evidence }) => {
      const all = evidence.map((value) => Math.exp(value / temperature));
      const own = all[topic] ?? 0;
      return { own, others: all.reduce((sum, value) => sum + value, 0) - own };
    });
    return bars.map((bar) => ({ bar, temperature, score: likelihood(odds, Math.exp(bar / temperature)) }));
  });
  return settings.reduce((best, next) => (next.score > best.score ? next : best));
}

function likelihood(odds: readonly { own: number; others: number }[], barOdds: number): number {
  return odds.reduce((sum, { own, others }) => {
    const inside = Math.log(own / (own + others + barOdds));
    const outside = Math.log(barOdds / (others + barOdds));
    return sum + inside * (1 - FOREIGN_SHARE) + outside * FOREIGN_SHARE;
  }, 0);
}

/** Softmax over the evidence, with `other` as one more topic whose evidence is the bar. */
export function rankingOf(
  ids: readonly string[],
  evidence: Float64Array,
  { bar, temperature }: Calibration,
): TopicRanking {
  const highest = Math.max(bar, ...evidence);
  const odds = ids.map((id, topic) => ({
    id,
    odds: Math.exp(((evidence[topic] ?? 0) - highest) / temperature),
  }));
  const otherOdds = Math.exp((bar - highest) / temperature);
  const sum = odds.reduce((total, topic) => total + topic.odds, otherOdds);
  return {
    topics: odds
      .map((topic) => ({ id: topic.id, probability: topic.odds / sum }))
      .sort((a, b) => b.probability - a.probability),
    other: otherOdds / sum,
  };
}
