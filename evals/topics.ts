import type { Mark } from "./judge/mark.ts";
import type { CaseResult } from "./run-document.ts";
import { mean } from "./statistics.ts";

/** What was expected and what came. */
export interface Label {
  expected: string;
  got: string;
}

export function labelsOf({ marks }: Pick<CaseResult, "marks">, part: Mark["part"]): Label[] {
  return marks.flatMap((mark) => (mark.part === part && mark.labels ? [mark.labels] : []));
}

/** The mean of the topics' F1, each topic counted alike. Only topics that are expected count. */
export function macroF1(drawn: readonly Label[][]): number {
  const topics = new Map<string, { right: number; expected: number; got: number }>();
  const of = (topic: string) => {
    const counts = topics.get(topic) ?? { right: 0, expected: 0, got: 0 };
    topics.set(topic, counts);
    return counts;
  };
  for (const labels of drawn) {
    for (const { expected, got } of labels) {
      of(expected).expected += 1;
      of(got).got += 1;
      if (expected === got) of(expected).right += 1;
    }
  }
  const expected = [...topics.values()].filter((counts) => counts.expected > 0);
  return mean(expected.map(({ right, expected: there, got }) => (2 * right) / (there + got)));
}
