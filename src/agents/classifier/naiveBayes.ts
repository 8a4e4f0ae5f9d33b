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
const NOTHING = 1e-9;

/**
 * A complement naive Bayes classifier (Rennie et al., "Tackling the poor assumptions of naive Bayes", 2003): a feature
 * speaks for a topic as far as the other topics do without it.
 */
export function trainNaiveBayes(lessons: readonly LabelledVector[], topics: number): NaiveBayes {
  const mass = massOf(lessons, topics);
  return (vector, without = []) =>
    evidenceOf(vector, { mass, left: massOf(without, topics), topics, only: without[0]?.topic });
}

/** How much of each feature the lessons hold, per topic, and in the last place in all. */
type Mass = ReadonlyMap<string, Float64Array>;

function massOf(lessons: readonly LabelledVector[], topics: number): Mass {
  const mass = new Map<string, Float64Array>();
  for (const { topic, vector, weight } of lessons) {
    for (const [feature, value] of vector) {
      const held = mass.get(feature) ?? new Float64Array(topics + 1);
      held[topic] = (held[topic] ?? 0) + value * weight;
      held[topics] = (held[topics] ?? 0) + value * weight;
      mass.set(feature, held);
    }
  }
  return mass;
}

function evidenceOf(
  vector: Vector,
  { mass, left, topics, only }: { mass: Mass; left: Mass; topics: number; only: number | undefined },
): Float64Array {
  const evidence = new Float64Array(topics);
  for (const [feature, value] of vector) {
    const held = mass.get(feature);
    if (!held) continue;
    const removed = left.get(feature)?.[topics] ?? 0;
    const total = (held[topics] ?? 0) - removed;
    for (let topic = 0; topic < topics; topic += 1) {
      const own = (held[topic] ?? 0) - (topic === only ? removed : 0);
      if (own <= NOTHING) continue;
      const elsewhere = Math.max(total - own, 0);
      evidence[topic] =
        (evidence[topic] ?? 0) + value * Math.log((total + SMOOTHING) / (elsewhere + SMOOTHING));
    }
  }
  return evidence;
}
