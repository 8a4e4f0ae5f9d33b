import type { Topic } from "../../domain/desk.ts";
import { rarityIn, vectorOf, type Rarity, type Vector } from "./features.ts";

/** How likely each topic is, most likely first. The probabilities and that of `other` add up to one. */
interface TopicRanking {
  topics: { id: string; probability: number }[];
  /** That the text is about none of the desk's topics. */
  other: number;
}

export interface TopicModel {
  rank(text: string): TopicRanking;
}

/**
 * Trains a complement naive Bayes classifier (Rennie et al., 2003) on the topics' examples, titles and
 * descriptions: a feature speaks for a topic as far as the other topics do without it. Its confidence is calibrated
 * by leaving examples out in turn, so that it says how often the model is right about words it was not shown.
 * Deterministic; a few hundred examples take well under a second.
 */
export function trainTopicModel(topics: readonly Topic[]): TopicModel {
  const lessons = topics.flatMap(lessonsOf);
  const rarity = rarityIn(lessons.map(({ text }) => text));
  const mass = massOf(lessons, rarity);
  const ids = topics.map(({ id }) => id);
  const trials = topics.flatMap((topic) =>
    trialTexts(topic, Math.ceil(MOST_TRIALS / topics.length)).map((texts): Trial => {
      const leftOut = massOf(
        texts.map((text) => ({ topic: topic.id, text, weight: 1 })),
        rarity,
      );
      return {
        topic: topic.id,
        evidence: evidenceOf(vectorOf(texts.join("\n"), rarity), mass, ids, {
          topic: topic.id,
          mass: leftOut,
        }),
      };
    }),
  );
  return modelOf({ ids, rarity, mass, ...calibrate(trials) });
}

/** A description names the subject's words with more care than any single message. */
const TITLE_WEIGHT = 2;
const DESCRIPTION_WEIGHT = 4;

/** Added to every mass: how much a feature could still occur elsewhere. */
const SMOOTHING = 1;

/** How often a message is about none of the topics, as far as anybody knows before reading it. */
const FOREIGN_SHARE = 0.15;

/** Enough to calibrate two numbers by, however large the taxonomy. */
const MOST_TRIALS = 400;

const temperatures = [0.02, 0.03, 0.04, 0.06, 0.08, 0.1, 0.14, 0.2, 0.3];
const bars = [0.03, 0.06, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5];

/** How much of each feature the lessons hold: in all, and per topic. */
type Mass = ReadonlyMap<string, { total: number; topics: Map<string, number> }>;
type Evidence = ReadonlyMap<string, number>;

interface Lesson {
  topic: string;
  text: string;
  weight: number;
}
interface Trial {
  topic: string;
  evidence: Evidence;
}

function lessonsOf({ id, title, description, examples }: Topic): Lesson[] {
  return [
    { topic: id, text: title, weight: TITLE_WEIGHT },
    ...(description === "" ? [] : [{ topic: id, text: description, weight: DESCRIPTION_WEIGHT }]),
    ...examples.map((text) => ({ topic: id, text, weight: 1 })),
  ];
}

/** What is left out together: two examples, since a customer's message says more than one of them does. */
function trialTexts({ examples }: Topic, most: number): string[][] {
  return examples
    .slice(0, most)
    .map((text, index) => [text, examples[(index + 1) % examples.length] ?? text]);
}

function massOf(lessons: readonly Lesson[], rarity: Rarity): Mass {
  const mass = new Map<string, { total: number; topics: Map<string, number> }>();
  for (const { topic, text, weight } of lessons) {
    for (const [feature, value] of vectorOf(text, rarity)) {
      const held = mass.get(feature) ?? { total: 0, topics: new Map<string, number>() };
      held.total += value * weight;
      held.topics.set(topic, (held.topics.get(topic) ?? 0) + value * weight);
      mass.set(feature, held);
    }
  }
  return mass;
}

/** What speaks for each topic; with `without`, as if that part of one topic had never been taught. */
function evidenceOf(
  vector: Vector,
  mass: Mass,
  ids: readonly string[],
  without?: { topic: string; mass: Mass },
): Evidence {
  const evidence = new Map(ids.map((id) => [id, 0]));
  for (const [feature, value] of vector) {
    const held = mass.get(feature);
    if (!held) continue;
    const removed = without?.mass.get(feature)?.total ?? 0;
    const total = held.total - removed;
    for (const [topic, part] of held.topics) {
      const own = topic === without?.topic ? part - removed : part;
      if (own <= 1e-9) continue;
      const elsewhere = Math.max(total - own, 0);
      const weight = Math.log((total + SMOOTHING) / (elsewhere + SMOOTHING));
      evidence.set(topic, (evidence.get(topic) ?? 0) + value * weight);
    }
  }
  return evidence;
}

/**
 * The bar for `other` and the temperature under which the trials come out most likely. Each trial counts twice: as
 * what it is, and as a message about no topic, for which its own topic is taken away.
 */
function calibrate(trials: readonly Trial[]): { bar: number; temperature: number } {
  const settings = temperatures.flatMap((temperature) => {
    const odds = trials.map(({ topic, evidence }) => {
      let others = 0;
      for (const [id, value] of evidence) if (id !== topic) others += Math.exp(value / temperature);
      return { own: Math.exp((evidence.get(topic) ?? 0) / temperature), others };
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

function modelOf(parts: {
  ids: readonly string[];
  rarity: Rarity;
  mass: Mass;
  bar: number;
  temperature: number;
}): TopicModel {
  return {
    rank: (text) =>
      rankingOf(
        evidenceOf(vectorOf(text, parts.rarity), parts.mass, parts.ids),
        parts.bar,
        parts.temperature,
      ),
  };
}

/** Softmax over the evidence, with `other` as one more topic whose evidence is the bar. */
function rankingOf(evidence: Evidence, bar: number, temperature: number): TopicRanking {
  const highest = Math.max(bar, ...evidence.values());
  const odds = [...evidence].map(([id, value]) => ({ id, odds: Math.exp((value - highest) / temperature) }));
  const otherOdds = Math.exp((bar - highest) / temperature);
  const sum = odds.reduce((total, topic) => total + topic.odds, otherOdds);
  return {
    topics: odds
      .map((topic) => ({ id: topic.id, probability: topic.odds / sum }))
      .sort((a, b) => b.probability - a.probability),
    other: otherOdds / sum,
  };
}
