import type { Comparison, FigureChange } from "../compare.ts";
import { comparedText } from "./terminal.ts";
import { valueText } from "./words.ts";

/** Two runs beside each other, as text for a terminal. */
export function compareText({ before, after, datasets, safety }: Comparison): string {
  const sections = datasets.map(({ dataset, cases, figures, parts }) =>
    [
      `${dataset}: ${cases} cases in both (${before} and ${after})`,
      ...figures.map((figure) => `  ${lineOf(figure)}`),
      comparedText(parts).replace("Against the baseline", "Case by case"),
    ].join("\n"),
  );
  const unsafe = safety.length === 0 ? [] : [["SAFETY FAILURE in the second run:", ...safety].join("\n  ")];
  return [...(sections.length > 0 ? sections : ["The two runs have no case in common."]), ...unsafe].join(
    "\n\n",
  );
}

function lineOf(change: FigureChange): string {
  const { name, before, after, difference } = change;
  const text = (value: number) => valueText(change, value);
  const signed = (value: number) => `${value > 0 ? "+" : ""}${text(value)}`;
  const interval = Number.isNaN(difference.low)
    ? ""
    : ` [${signed(difference.low)}, ${signed(difference.high)}]`;
  return `${name.padEnd(36)}${text(before).padStart(8)} → ${text(after).padEnd(8)} ${signed(difference.value)}${interval}`;
}
