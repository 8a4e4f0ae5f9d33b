import type { Vector } from "./features.ts";

/** A vector whose topic is known. */
export interface LabelledVector {
  topic: number;
  vector: Vector;
  weight: number;
}

/** The log-odds of each topic for a vector, up to a constant. */
export type Logistic = (vector: Vector) => Float64Array;

/** The size of the first step. It shrinks as 1/t does (Bottou, "Stochastic gradient descent tricks", 2012). */
const STEP = 2;
const PENALTY = 1e-4;
/** Rounds over all lessons: fewer when there are many, as each round then takes more steps. */
const ROUNDS = { most: 20, fewest: 3, steps: 4000 };
/** A step smaller than this is not worth taking. */
const NEGLIGIBLE = 0.004;
/** No lesson may move the weights by more than twice what an example does. */
const MOST_WEIGHT = 2;

/**
 * Multinomial logistic regression with an L2 penalty, by stochastic gradient descent in a fixed order. It learns what
 * tells the topics apart, where naive Bayes learns what each is like. `size` is how many features there are.
 */
export function trainLogistic(lessons: readonly LabelledVector[], topics: number, size: number): Logistic {
  const rows = inTurns(lessons);
  const weights = new Float32Array(size * topics);
  const sums = new Float64Array(topics);
  const wrong = new Int32Array(topics);
  const rounds = Math.min(ROUNDS.most, Math.max(ROUNDS.fewest, Math.round(ROUNDS.steps / rows.length)));
  // The penalty shrinks all weights at every step: kept as one factor, it costs nothing.
  let scale = 1;
  for (let step = 0; step < rounds * rows.length; step += 1) {
    const row = rows[step % rows.length];
    if (!row) break;
    addWeighted(sums.fill(0), weights, row.vector, scale);
    toProbabilities(sums);
    const rate = STEP / (1 + STEP * PENALTY * step);
    scale *= 1 - rate * PENALTY;
    const factor = (rate * Math.min(row.weight, MOST_WEIGHT)) / scale;
    let count = 0;
    for (let topic = 0; topic < topics; topic += 1) {
      sums[topic] = ((sums[topic] ?? 0) - (topic === row.topic ? 1 : 0)) * factor;
      if (Math.abs(sums[topic] ?? 0) >= NEGLIGIBLE) wrong[count++] = topic;
    }
    const { places, values } = row.vector;
    for (let index = 0; index < places.length; index += 1) {
      const start = (places[index] ?? 0) * topics;
      const value = values[index] ?? 0;
      for (let place = 0; place < count; place += 1) {
        const topic = wrong[place] ?? 0;
        weights[start + topic] = (weights[start + topic] ?? 0) - (sums[topic] ?? 0) * value;
      }
    }
  }
  return (vector) => {
    const logOdds = new Float64Array(topics);
    addWeighted(logOdds, weights, vector, scale);
    return logOdds;
  };
}

/** One lesson of each topic, then the next of each: no topic is learnt for long at the cost of the others. */
function inTurns(lessons: readonly LabelledVector[]): LabelledVector[] {
  const counts = new Map<number, number>();
  const turns = lessons.map((lesson) => {
    const turn = counts.get(lesson.topic) ?? 0;
    counts.set(lesson.topic, turn + 1);
    return { lesson, turn };
  });
  return turns.sort((a, b) => a.turn - b.turn || a.lesson.topic - b.lesson.topic).map(({ lesson }) => lesson);
}

function addWeighted(
  sums: Float64Array,
  weights: Float32Array,
  { places, values }: Vector,
  scale: number,
): void {
  for (let index = 0; index < places.length; index += 1) {
    const start = (places[index] ?? 0) * sums.length;
    const value = (values[index] ?? 0) * scale;
    for (let topic = 0; topic < sums.length; topic += 1) {
      sums[topic] = (sums[topic] ?? 0) + (weights[start + topic] ?? 0) * value;
    }
  }
}

function toProbabilities(logOdds: Float64Array): void {
  const highest = Math.max(...logOdds);
  let total = 0;
  for (let topic = 0; topic < logOdds.length; topic += 1) {
    const odds = Math.exp((logOdds[topic] ?? 0) - highest);
    logOdds[topic] = odds;
    total += odds;
  }
  for (let topic = 0; topic < logOdds.length; topic += 1) logOdds[topic] = (logOdds[topic] ?? 0) / total;
}
