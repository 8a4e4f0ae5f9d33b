import type { Fate } from "../replay/distance.ts";
import { FEW, type Forecast } from "../replay/forecast.ts";
import type { Replay, Series } from "../replay/replay-document.ts";
import type { Estimate } from "../statistics.ts";

/** What the last band means depends on whether anybody saw the draft. */
export function fateWords({ kind }: Pick<Series, "kind">): Record<Fate, string> {
  return {
    unchanged: "sent unchanged",
    light: "light edit",
    heavy: "heavy edit",
    rejected: kind === "decided" ? "rejected" : "written otherwise",
    person: "left to a person",
  };
}

/** `62 % [45, 77]`. */
export function percentText({ value, low, high }: Estimate): string {
  if (Number.isNaN(value)) return "-";
  const percent = (share: number) => Math.round(share * 100);
  return `${percent(value)} % [${percent(low)}, ${percent(high)}]`;
}

/** How to read a series, a sentence each. */
export function readingNotes({ kind }: Pick<Series, "kind">, [all]: readonly Forecast[]): string[] {
  const bands =
    "The edit distance is the share of characters that differ: sent unchanged 0, light edit up to 0.1, heavy edit up to 0.4.";
  const meaning = `${bands} ${meanings[kind]}`;
  const few = all?.few
    ? `Only ${all.of} ${all.of === 1 ? "answer" : "answers"}: too few to rely on. The intervals say how much is open.`
    : `“few” marks topics with less than ${FEW} answers: rely on their intervals, not on their shares.`;
  return [meaning, few];
}

const meanings: Record<Series["kind"], string> = {
  decided: "Beyond 0.4 a draft counts as rejected, like those that people rejected or answered by hand.",
  again:
    "Nobody saw these drafts, and what was sent grew out of an earlier one: a draft that says the same in other words looks worse than it is.",
  unseen:
    "Nobody saw these drafts, and who writes without one chooses other words for the same answer: “written otherwise” is not “wrong”, and more would be sent than stands here.",
};

export function privacyNote({ redacted }: Pick<Replay, "redacted">): string {
  return redacted
    ? "Known names, e-mail addresses and long numbers are replaced; other personal data may remain."
    : "This holds what customers wrote and who they are: keep it as safe as your inbox.";
}
