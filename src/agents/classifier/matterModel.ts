import { sentencesOf } from "../sentences.ts";
import type { Features } from "../learning/features.ts";
import type { Taught } from "../learning/lessons.ts";
import { trainLogistic } from "../learning/logistic.ts";
import type { Portions } from "../learning/portions.ts";
import { matters, type Matter } from "./matters/matters.ts";

/** What a text says that a person has to answer. */
export interface Sign {
  matter: Matter;
  /** From 0 to 1: how sure it is that there is any. */
  probability: number;
  /** The sentence that says it most clearly. */
  sentence: string;
}

export interface MatterModel {
  /** The likeliest of `heeded` in a text, however unlikely that is. */
  read(text: string, heeded: readonly Matter[]): Sign | null;
}

/** The classes of the model: one for each matter, and the last for none of them. */
export const matterLabels: readonly string[] = [...matters.map(({ id }) => id), "none"];

/** A few words by themselves may mean anything. */
const FEWEST_WORDS = 5;

/** Learns from messages that people answered, and from such that only sound like it. Deterministic. */
export function* trainMatterModel(lessons: readonly Taught[], features: Features): Portions<MatterModel> {
  const logistic = yield* trainLogistic(lessons, matterLabels.length, features.size);
  return {
    read(text, heeded) {
      const places = heeded.map(({ id }) => matterLabels.indexOf(id));
      const sumIn = (probabilities: Float64Array) =>
        places.reduce((sum, place) => sum + (probabilities[place] ?? 0), 0);
      const whole = logistic(features.vectorOf(text));
      const [clearest] = viewsOf(text)
        .map(({ text: view, sentence }) => {
          const probabilities = logistic(features.vectorOf(view));
          return { sentence, probabilities, sum: sumIn(probabilities) };
        })
        .sort((one, other) => other.sum - one.sum);
      if (!clearest || places.length === 0) return null;
      const probability = Math.sqrt(sumIn(whole) * clearest.sum);
      const best = places.reduce((first, place) =>
        score(whole, clearest.probabilities, place) > score(whole, clearest.probabilities, first)
          ? place
          : first,
      );
      const matter = matters[best];
      return matter ? { matter, probability, sentence: clearest.sentence } : null;
    },
  };
}

/** Each sentence by itself and with the one before it: what is hidden in a long message is clear in them. */
function viewsOf(text: string): { text: string; sentence: string }[] {
  const sentences = sentencesOf(text);
  const views = sentences.flatMap((sentence, index) => [
    { text: sentence, sentence },
    ...(index === 0 ? [] : [{ text: `${sentences[index - 1] ?? ""} ${sentence}`, sentence }]),
  ]);
  const telling = views.filter(({ text: view }) => view.split(/\s+/).length >= FEWEST_WORDS);
  return telling.length > 0 ? telling : [{ text, sentence: text }];
}

function score(whole: Float64Array, part: Float64Array, place: number): number {
  return (whole[place] ?? 0) * (part[place] ?? 0);
}
