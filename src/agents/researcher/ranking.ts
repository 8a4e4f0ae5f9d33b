import { compareWith, type Compared, type Features, type Query } from "./features.ts";
import type { Field } from "./importance.ts";
import type { Reading } from "./library.ts";

/** A passage beside an ask. */
export interface Ranked extends Compared {
  /** Higher is better; only differences mean something, and only between passages for the same ask. */
  score: number;
  /** The score it would have if all sources were of today. */
  relevance: number;
}

export interface Ranking {
  /** Best first. */
  ranked: Ranked[];
  /**
   * From 0 to 2: how much speaks for it that the best one is from a source that answers, by its words and by what answered
   * such messages before.
   */
  evidence: number;
}

/**
 * What each feature counts in the order of passages: a linear model, fitted to put passages of the right article first
 * (softmax over all passages read, with a penalty on large weights) on the dev half of the evaluations.
 */
const ORDER: Record<keyof Features, number> = {
  askInText: 1.2,
  askInContext: 1.4,
  askInSection: 0.6,
  messageInSource: 2.1,
  messageInTitle: 0.8,
  topicInSource: 0.25,
  textInMessage: 0.6,
  sourceRank: 3.9,
  passageRank: 3.3,
  meaning: 2,
  kind: 1.4,
  age: -3.2,
  macro: -1,
  recalled: 15,
};

/**
 * What each feature says of whether the best passage answers at all: logistic regression over the same cases, with the
 * articles that answer and without them. Ranks say nothing here: something always comes first.
 */
const EVIDENCE: Partial<Record<keyof Features, number>> = {
  askInText: 0.6,
  askInSection: 0.2,
  messageInSource: 4,
  messageInTitle: 3.5,
  topicInSource: 1.1,
  meaning: 0.3,
};
const EVIDENCE_AT_NONE = -3.9;

/** Ranks all passages of what was read for one ask at a time. */
export function rankPassages(readings: readonly Reading[], field: Field): (query: Query) => Ranking {
  const compare = compareWith(readings, field);
  return (query) => {
    const ranked = compare(query)
      .map((compared) => ({
        ...compared,
        score: weighted(compared.features, ORDER),
        relevance: weighted({ ...compared.features, age: 0 }, ORDER),
      }))
      .sort((one, other) => other.score - one.score);
    const [best] = ranked;
    return { ranked, evidence: best ? evidenceOf(best.features, query) : 0 };
  };
}

function evidenceOf(features: Features, { recalled }: Query): number {
  return (likelihood(features) + features.recalled) * familiarity(recalled);
}

/** How likely it is that any source answers, as far as anything is known of what did before. */
function familiarity(recalled: Query["recalled"]): number {
  return recalled.size === 0 ? 1 : [...recalled.values()].reduce((sum, probability) => sum + probability, 0);
}

function likelihood(features: Features): number {
  return 1 / (1 + Math.exp(-(EVIDENCE_AT_NONE + weighted(features, EVIDENCE))));
}

function weighted(features: Features, weights: Partial<Record<keyof Features, number>>): number {
  let sum = 0;
  for (const [name, weight] of Object.entries(weights)) sum += weight * features[name as keyof Features];
  return sum;
}
