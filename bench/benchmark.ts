import type { Workbench } from "./workbench.ts";

/** What the numbers of a column are; text has none. */
export type Unit = "milliseconds" | "ratio" | "bytes" | "perSecond" | "count";

export interface Column {
  name: string;
  unit?: Unit;
}

/** Figures of one run, raw: they are rounded where they are printed. */
export interface Table {
  title: string;
  columns: readonly Column[];
  rows: readonly (readonly (string | number | null)[])[];
}

export interface Report {
  /** What is aimed at and whether this run met it; null where nothing is aimed at. */
  target: { text: string; met: boolean } | null;
  tables: readonly Table[];
  /** What one must know to read the figures. */
  notes: readonly string[];
}

/** One question about the product's speed or size, answered in one run. */
export interface Benchmark {
  name: string;
  question: string;
  run(workbench: Workbench): Promise<Report>;
}
