import { groupBy } from "../figures.ts";
import { wilson, type Estimate } from "../statistics.ts";
import { fates, type Fate } from "./distance.ts";
import type { ReplayedAnswer } from "./replay-document.ts";

/** What would become of the drafts of a topic, or of all. */
export interface Forecast {
  /** Null for all topics together. */
  topic: string | null;
  of: number;
  shares: Record<Fate, Estimate>;
  /** So few answers that the intervals leave nearly everything open. */
  few: boolean;
}

/** Below this a share's interval is some 40 points wide. */
export const FEW = 20;

/** All topics together, then each, the most frequent first. Intervals are Wilson's, of 95 %. */
export function forecastOf(answers: readonly ReplayedAnswer[]): Forecast[] {
  const byTopic = [...groupBy(answers, ({ topic }) => topic)].sort(
    ([one, some], [other, others]) => others.length - some.length || (one < other ? -1 : 1),
  );
  return [forecast(null, answers), ...byTopic.map(([topic, list]) => forecast(topic, list))];
}

function forecast(topic: string | null, answers: readonly ReplayedAnswer[]): Forecast {
  const of = answers.length;
  const share = (wanted: Fate) => wilson(answers.filter(({ fate }) => fate === wanted).length, of);
  const shares = Object.fromEntries(fates.map((fate) => [fate, share(fate)])) as Forecast["shares"];
  return { topic, of, shares, few: of < FEW };
}
