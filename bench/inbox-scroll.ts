import type { BrowserContext } from "playwright-core";
import type { Table } from "./benchmark.ts";
import type { FilledDesk } from "./inbox-desk.ts";
import { pageSteps, scrollDown } from "./inbox-visit.ts";
import { cellsOf, interleave, spreadOf } from "./sampling.ts";

const rounds = 3;
type Depth = "100" | "1,000";
const steps = { next: "next page, the last of these rows", review: pageSteps.review } as const;

/** A list in which somebody has scrolled down a thousand rows, against one of a hundred. */
export async function measureScrolling(
  context: BrowserContext,
  desk: FilledDesk,
  title: string,
): Promise<Table> {
  const subjects: Record<Depth, () => ReturnType<typeof scrollDown>> = {
    "100": () => scrollDown(context, desk, 100),
    "1,000": () => scrollDown(context, desk, 1_000),
  };
  const measured = await interleave(subjects, rounds, () => undefined);
  return {
    title,
    columns: [
      { name: "what" },
      { name: "rows" },
      { name: "median", unit: "milliseconds" },
      { name: "least", unit: "milliseconds" },
      { name: "most", unit: "milliseconds" },
      { name: "to 100", unit: "ratio" },
    ],
    rows: (["next", "review"] as const).flatMap((step) =>
      (["100", "1,000"] as const).map((depth) => [
        steps[step],
        depth,
        ...cellsOf(measured.map((round) => round[depth][step])),
        spreadOf(measured.map((round) => round[depth][step] / round["100"][step])).median,
      ]),
    ),
  };
}
