import { z } from "zod";
import { Usage } from "../trace.ts";
import { ModelPart } from "./mark.ts";

/** What a model was asked about the replies of a case. */
export const Judging = z.object({
  questions: z.number().int(),
  /** Questions it has no mark for, and why. */
  unanswered: z.array(z.object({ part: ModelPart, turn: z.number().int().nonnegative(), why: z.string() })),
  usage: Usage,
});
export type Judging = z.infer<typeof Judging>;

/** All that was asked. */
export function judgingOf(results: readonly { judging?: Judging | undefined }[]): Judging {
  const all = results.flatMap(({ judging }) => judging ?? []);
  const sum = (count: (one: Judging) => number) => all.reduce((total, one) => total + count(one), 0);
  return {
    questions: sum(({ questions }) => questions),
    unanswered: all.flatMap(({ unanswered }) => unanswered),
    usage: {
      calls: sum(({ usage }) => usage.calls),
      inputTokens: sum(({ usage }) => usage.inputTokens),
      outputTokens: sum(({ usage }) => usage.outputTokens),
    },
  };
}

/** `3 of 40`: how many of the questions the judge could not answer. */
export function unansweredText({ questions, unanswered }: Judging): string {
  return `${unanswered.length} of ${questions}`;
}

/** Why it could not, the most frequent reason first. */
export function whyUnanswered({ unanswered }: Judging): { why: string; times: number }[] {
  const times = new Map<string, number>();
  for (const { why } of unanswered) times.set(why, (times.get(why) ?? 0) + 1);
  return [...times]
    .map(([why, count]) => ({ why, times: count }))
    .sort((one, other) => other.times - one.times);
}
