import type { Topic } from "../../domain/desk.ts";
import { calibrate, rankingOf, type Trial } from "./calibration.ts";
import { lessonsOf, type Lesson } from "./lessons.ts";
import { createMatcher } from "./matching.ts";
import { trainNaiveBayes } from "./naiveBayes.ts";

/** How likely each topic is, most likely first. The probabilities and that of `other` add up to one. */
export interface TopicRanking {
  topics: { id: string; probability: number }[];
  /** That the text is about none of the desk's topics. */
  other: number;
}

export interface TopicModel {
  rank(text: string): TopicRanking;
}

/** What a full match of one lesson counts, beside the evidence of the words. */
const MATCH_WEIGHT = 4;

/** Enough to calibrate two numbers by, however large the taxonomy. */
const MOST_TRIALS = 400;

/**
 * Learns the topics from their examples, titles and descriptions: how much each word speaks for each topic, and how
 * closely a text matches one of the lessons in other words. The confidence is calibrated by leaving examples out in
 * turn, so that it says how often the model is right about words it was not shown. Deterministic; 3,000 examples take
 * a few seconds.
 */
export function trainTopicModel(topics: readonly Topic[]): TopicModel {
  const lessons = lessonsOf(topics);
  const ids = topics.map(({ id }) => id);
  const bayes = trainNaiveBayes(lessons, topics.length);
  const matcher = createMatcher(lessons, topics.length);
  const evidenceOf = (text: string, without: readonly Lesson[] = []) => {
    const matches = matcher.match(text, without);
    return bayes.evidence(text, without).map((value, topic) => value + MATCH_WEIGHT * (matches[topic] ?? 0));
  };
  const trials = topics.flatMap((_, topic) =>
    leftOut(lessons, topic, Math.ceil(MOST_TRIALS / topics.length)).map((texts): Trial => {
      const text = texts.map((lesson) => lesson.text).join("\n");
      return { topic, evidence: evidenceOf(text, texts) };
    }),
  );
  const calibration = calibrate(trials);
  return { rank: (text) => rankingOf(ids, evidenceOf(text), calibration) };
}

/** What is left out together: two examples, since a customer's message says more than one of them does. */
function leftOut(lessons: readonly Lesson[], topic: number, most: number): Lesson[][] {
  const examples = lessons.filter((lesson) => lesson.topic === topic && lesson.kind === "example");
  return examples
    .slice(0, most)
    .map((lesson, place) => [lesson, examples[(place + 1) % examples.length] ?? lesson]);
}
