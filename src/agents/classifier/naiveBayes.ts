import type { Vector } from "./features.ts";
import type { LabelledVector } from "./logistic.ts";

/**
 * What speaks for each topic, in the order of the topics. With `without`, as if those lessons had never been taught;
 * all of them must be of one topic.
 */
export type NaiveBayes = (vector: Vector, without?: readonly LabelledVector[]) => Float64Array;

/** Added to every mass: how much a feature could still occur elsewhere. */
const SMOOTHING = 1;

/** A share smaller than this is what rounding leaves of nothing. */
const NOTHING = 1e-6;

/**
 * A complement naive Bayes classifier (Rennie et al., "Tackling the poor assumptions of naive Bayes", 2003): a feature
 * speaks for a topic as far as the other topics do without it. `size` is how many features there are.
 */
export function trainNaiveBayes(
  lessons: readonly LabelledVector[],
  topics: number,
  size: number,
): NaiveBayes {
  const mass = new Float32Array(size * topics);
  const totals = new Float32Array(size);
  for (const { topic, vector, weight } of lessons) {
    vector.places.forEach((place, index) => {
      const held = (vector.values[index] ?? 0) * weight;
      mass[place * topics + topic] = (mass[place * topics + topic] ?? 0) + held;
      totals[place] = (totals[place] ?? 0) + held;
    });
  }
  return ({ places, values }, without = []) => {
    const left = massOf(without);
    const only = without[0]?.topic;
    const evidence = new Float64Array(topics);
    places.forEach((place, index) => {
      const removed = left.get(place) ?? 0;
      const total = (totals[place] ?? 0) - removed;
      if (total <= NOTHING) return;
      for (let topic = 0; topic < topics; topic += 1) {
        const held = mass[place * topics + topic] ?? 0;
        const own = topic === only ? held - removed : held;
        if (own <= NOTHING) continue;
        const elsewhere = Math.max(total - own, 0);
        evidence[topic] =
          (evidence[topic] ?? 0) +
          (values[index] ?? 0) * Math.log((total + SMOOTHING) / (elsewhere + SMOOTHING));
      }
    });
    return evidence;
  };
}

/** How much of each feature the lessons hold. */
function massOf(lessons: readonly LabelledVector[]): Map<number, number> {
  const mass = new Map<number, number>();
  for (const { vector, weight } of lessons) {
    vector.places.forEach((place, index) => {
      mass.set(place, (mass.get(place) ?? 0) + (vector.values[index] ?? 0) * weight);
    });
  }
  return mass;
}
