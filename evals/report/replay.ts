import { fates } from "../replay/distance.ts";
import { forecastOf } from "../replay/forecast.ts";
import type { Replay, Series } from "../replay/replay-document.ts";
import { columns } from "./columns.ts";
import { fateWords, percentText, readingNotes } from "./replay-words.ts";

/** A replay as text for a terminal: what became of the drafts, or would become of them, over all and by topic. */
export function replayText({ series }: Pick<Replay, "series">): string {
  return series.map(seriesText).join("\n\n");
}

function seriesText(series: Series): string {
  const { title, answers, leftOut, engines } = series;
  const missing = leftOut.map(({ reason, count }) => `  ${count}: ${reason}`);
  const left = missing.length > 0 ? [["Left out:", ...missing].join("\n")] : [];
  if (answers.length === 0) return [`${title}: there is nothing to compare.`, ...left].join("\n\n");
  const forecasts = forecastOf(answers);
  const words = fateWords(series);
  const rows = forecasts.map(({ topic, of, shares, few }) => [
    topic ?? "all topics",
    String(of),
    ...fates.map((fate) => percentText(shares[fate])),
    few ? "few" : "",
  ]);
  const head = ["", "n", ...fates.map((fate) => words[fate]), ""];
  return [
    `${title}: ${answers.length} ${answers.length === 1 ? "answer" : "answers"}, drafted by ${engines.join("; ")}`,
    columns([head, ...rows], new Set([1])),
    readingNotes(series, forecasts).join("\n"),
    ...left,
  ].join("\n\n");
}
