import type { Features } from "../learning/features.ts";
import type { Lesson } from "../learning/lessons.ts";
import { trainLogistic } from "../learning/logistic.ts";
import type { Portions } from "../learning/portions.ts";

/** What answered messages before. */
export interface AnswerModel {
  /** How likely each source is to answer such a text, by `article:<id>` or `macro:<id>`. Empty when nothing was learnt. */
  recall(text: string): ReadonlyMap<string, number>;
}

const NOTHING = "nothing";
/** What answered fewer messages has not been seen often enough to be known again. */
const FEWEST_LESSONS = 3;

/** Learns which source answers which messages, and which messages none of them does. Deterministic. */
export function* trainAnswerModel(lessons: readonly Lesson[], features: Features): Portions<AnswerModel> {
  const answered = lessons.flatMap(({ answer, weight }, index) => {
    const vector = features.vectors[index];
    return answer === null || !vector ? [] : [{ source: answer[0] ?? NOTHING, vector, weight }];
  });
  const counts = new Map<string, number>();
  for (const { source } of answered) counts.set(source, (counts.get(source) ?? 0) + 1);
  const sources = [...counts].filter(([, count]) => count >= FEWEST_LESSONS).map(([source]) => source);
  if (sources.length < 2) return { recall: () => new Map() };
  const places = new Map(sources.map((source, place) => [source, place]));
  const logistic = yield* trainLogistic(
    answered.flatMap(({ source, vector, weight }) => {
      const label = places.get(source);
      return label === undefined ? [] : [{ label, vector, weight }];
    }),
    sources.length,
    features.size,
  );
  return {
    recall(text) {
      const probabilities = logistic(features.vectorOf(text));
      return new Map(
        sources.flatMap((source, place): [string, number][] =>
          source === NOTHING ? [] : [[source, probabilities[place] ?? 0]],
        ),
      );
    },
  };
}
