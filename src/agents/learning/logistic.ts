import type { Vector } from "./features.ts";
import type { Portions } from "./portions.ts";

/** A vector whose class is known, as a place among the classes. */
export interface LabelledVector {
  label: number;
  vector: Vector;
  weight: number;
}

/** The probability of each class for a vector. */
export type Logistic = (vector: Vector) => Float64Array;

const STEP = 0.3;
const PENALTY = 1e-4;
const ROUNDS = 6;
/** Lessons that are taken in one portion of the work. */
const PORTION = 200;
/** What is wrong by less than this is not worth a step. */
const NEGLIGIBLE = 0.02;
/** Added under the root: the first step is not without bounds. */
const LEAST_SQUARE = 1e-6;
/** No lesson may move the weights by more than twice what an example does. */
const MOST_WEIGHT = 2;

/**
 * Multinomial logistic regression with an L2 penalty, by stochastic gradient descent with a step of its own for each
 * weight (AdaGrad: Duchi, Hazan and Singer, 2011), so that a rare word that tells much is learnt as fast as a frequent
 * one. The order of the lessons is shuffled, always the same way. `size` is how many features there are.
 */
export function* trainLogistic(
  lessons: readonly LabelledVector[],
  classes: number,
  size: number,
): Portions<Logistic> {
  const weights = new Float32Array((size + 1) * classes);
  const squares = new Float32Array(weights.length).fill(LEAST_SQUARE);
  const probabilities = new Float64Array(classes);
  const wrong = new Int32Array(classes);
  const order = [...lessons.keys()];
  const next = randomNumbers();

  function move(start: number, value: number, count: number): void {
    for (let index = 0; index < count; index += 1) {
      const label = wrong[index] ?? 0;
      const place = start + label;
      const gradient = (probabilities[label] ?? 0) * value + PENALTY * (weights[place] ?? 0);
      squares[place] = (squares[place] ?? 0) + gradient * gradient;
      weights[place] = (weights[place] ?? 0) - (STEP * gradient) / Math.sqrt(squares[place] ?? 1);
    }
  }

  for (let round = 0; round < ROUNDS; round += 1) {
    shuffle(order, next);
    for (const [index, place] of order.entries()) {
      const lesson = lessons[place];
      if (!lesson) continue;
      if (index % PORTION === 0) yield;
      predict(probabilities, weights, lesson.vector, size);
      probabilities[lesson.label] = (probabilities[lesson.label] ?? 0) - 1;
      let count = 0;
      for (let label = 0; label < classes; label += 1) {
        if (Math.abs(probabilities[label] ?? 0) > NEGLIGIBLE) wrong[count++] = label;
      }
      if (count === 0) continue;
      const weight = Math.min(lesson.weight, MOST_WEIGHT);
      const { places, values } = lesson.vector;
      for (let index = 0; index < places.length; index += 1) {
        move((places[index] ?? 0) * classes, (values[index] ?? 0) * weight, count);
      }
      move(size * classes, weight, count);
    }
  }
  return (vector) => {
    const answer = new Float64Array(classes);
    predict(answer, weights, vector, size);
    return answer;
  };
}

/** Softmax of the weighted sums; behind the features' weights stands how frequent each class is. */
function predict(
  probabilities: Float64Array,
  weights: Float32Array,
  { places, values }: Vector,
  size: number,
): void {
  const classes = probabilities.length;
  for (let label = 0; label < classes; label += 1)
    probabilities[label] = weights[size * classes + label] ?? 0;
  for (let index = 0; index < places.length; index += 1) {
    const start = (places[index] ?? 0) * classes;
    const value = values[index] ?? 0;
    for (let label = 0; label < classes; label += 1) {
      probabilities[label] = (probabilities[label] ?? 0) + (weights[start + label] ?? 0) * value;
    }
  }
  const highest = Math.max(...probabilities);
  let total = 0;
  for (let label = 0; label < classes; label += 1) {
    const odds = Math.exp((probabilities[label] ?? 0) - highest);
    probabilities[label] = odds;
    total += odds;
  }
  for (let label = 0; label < classes; label += 1) probabilities[label] = (probabilities[label] ?? 0) / total;
}

/** Fisher and Yates's. */
function shuffle(order: number[], next: () => number): void {
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = Math.floor(next() * (last + 1));
    [order[last], order[other]] = [order[other] ?? 0, order[last] ?? 0];
  }
}

/** From 0 to 1, the same for every training (the generator of ISO C's rand). */
function randomNumbers(): () => number {
  let seed = 7;
  return () => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return seed / 0x7fffffff;
  };
}
