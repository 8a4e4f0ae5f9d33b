import { calibrate, rankingOf, type Trial } from "./calibration.ts";
import type { Features } from "../learning/features.ts";
import type { Taught } from "../learning/lessons.ts";
import { trainLogistic, type Logistic } from "../learning/logistic.ts";
import type { Portions } from "../learning/portions.ts";
import { createMatcher } from "./matching.ts";

/** How likely each topic is, most likely first. The probabilities and that of `other` add up to one. */
export interface TopicRanking {
  topics: { id: string; probability: number }[];
  /** That the text is about none of the desk's topics. */
  other: number;
}

export interface TopicModel {
  rank(text: string): TopicRanking;
}

/** What a full match of one lesson counts beside the logarithm of the regression's probability. */
const MATCH_WEIGHT = 6;
/** Nothing is impossible. */
const LEAST_PROBABILITY = 1e-4;

/** Enough to calibrate two numbers by, however large the taxonomy. */
const MOST_TRIALS = 200;
/** The regression cannot forget one lesson: it is trained anew without a part of them, for as many parts as are needed. */
const PARTS = 3;

/**
 * Learns the topics in two ways, whose evidence is added up: what tells the topics apart, and how closely a text
 * matches a lesson in other words. `lessons` have a place among `ids` as their label, or the one behind the last for
 * messages about none of them. The confidence is calibrated by leaving messages out in turn, so that it says how often
 * the model is right about words it was not shown. Deterministic.
 */
export function* trainTopicModel(
  ids: readonly string[],
  lessons: readonly Taught[],
  features: Features,
): Portions<TopicModel> {
  const classes = ids.length + 1;
  const ofTopics = lessons.filter(({ label }) => label < ids.length);
  const matcher = createMatcher(ofTopics, ids.length);
  const evidenceOf = (text: string, logistic: Logistic, without: readonly Taught[] = []) => {
    const probabilities = logistic(features.vectorOf(text));
    return matcher
      .match(text, without)
      .map(
        (match, topic) => Math.log((probabilities[topic] ?? 0) + LEAST_PROBABILITY) + MATCH_WEIGHT * match,
      );
  };
  const messages = ofTopics.filter(({ kind }) => kind === "message");
  const needed = Math.min(PARTS, Math.ceil((MOST_TRIALS * PARTS) / messages.length));
  const trials: Trial[] = [];
  for (let part = 0; part < needed; part += 1) {
    const apart = messages.filter((_, place) => place % PARTS === part);
    const without = new Set(apart);
    const rest = lessons.filter((lesson) => !without.has(lesson));
    const logistic = yield* trainLogistic(rest, classes, features.size);
    for (const [one, other] of pairsIn(apart, ids.length, MOST_TRIALS / needed)) {
      const left = one === other ? [one] : [one, other];
      trials.push({
        topic: one.label,
        evidence: evidenceOf(`${one.text}\n${other.text}`, logistic, left),
      });
      yield;
    }
  }
  const calibration = calibrate(trials);
  const logistic = yield* trainLogistic(lessons, classes, features.size);
  return { rank: (text) => rankingOf(ids, evidenceOf(text, logistic), calibration) };
}

/** Two messages about a topic at a time, since a customer's message says more than one of them does. */
function pairsIn(apart: readonly Taught[], topics: number, wanted: number): [Taught, Taught][] {
  const most = Math.ceil(wanted / topics);
  return Array.from({ length: topics }, (_, topic) => {
    const own = apart.filter(({ label }) => label === topic);
    return own
      .slice(0, most)
      .map((lesson, place): [Taught, Taught] => [lesson, own[(place + 1) % own.length] ?? lesson]);
  }).flat();
}
