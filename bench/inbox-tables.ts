import type { Table } from "./benchmark.ts";
import type { Size } from "./inbox-desk.ts";
import { sizes } from "./inbox-desk.ts";
import { cellsOf, spreadOf } from "./sampling.ts";

/** For each round and size, how long each step took, in milliseconds. */
export type Samples = Record<Size, Record<string, number>>[];

/** Each step among each number of waiting reviews, beside the same among the fewest in the same round. */
export function tableOf(title: string, steps: Record<string, string>, samples: Samples): Table {
  return {
    title,
    columns: [
      { name: "what" },
      { name: "waiting" },
      { name: "median", unit: "milliseconds" },
      { name: "least", unit: "milliseconds" },
      { name: "most", unit: "milliseconds" },
      { name: "to 100", unit: "ratio" },
      { name: "lowest", unit: "ratio" },
      { name: "highest", unit: "ratio" },
    ],
    rows: Object.entries(steps).flatMap(([step, name]) =>
      sizes.map((size) => [
        name,
        size,
        ...cellsOf(samples.map((round) => round[size][step] ?? NaN)),
        ...cellsOf(ratiosOf(step, size, samples)),
      ]),
    ),
  };
}

/** The steps that take more than `most` times as long among more reviews as among the fewest. */
export function stepsAbove(most: number, steps: Record<string, string>, samples: Samples): string[] {
  return Object.entries(steps).flatMap(([step, name]) =>
    sizes
      .filter((size) => spreadOf(ratiosOf(step, size, samples)).median > most)
      .map((size) => `${name}, among ${size}`),
  );
}

function ratiosOf(step: string, size: Size, samples: Samples): number[] {
  return samples.map((round) => (round[size][step] ?? NaN) / (round["100"][step] ?? NaN));
}
