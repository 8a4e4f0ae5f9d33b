import { CountersignError, reportOf, type CountersignError as Failure } from "../domain/errors.ts";

/** How a command speaks: sentences for a person on a terminal, or one JSON value for a program. */
export interface Output {
  json: boolean;
  /** Text for a person; left out with --json. */
  say(text?: string): void;
  /** The command's result; printed only with --json. */
  result(value: unknown): void;
  /** Progress that replaces itself on a terminal, and is left out elsewhere. */
  progress(text: string): void;
}

/** What each exit code means; the help prints this. */
export const exitCodes = {
  done: 0,
  unexpected: 1,
  usage: 2,
  refused: 3,
  teammate: 4,
  vendor: 5,
  operator: 6,
} as const;

export function createOutput(json: boolean): Output {
  const terminal = process.stdout.isTTY && !json;
  const clear = () => {
    if (terminal) process.stdout.write("\r\u001b[2K");
  };
  return {
    json,
    say: (text = "") => {
      if (json) return;
      clear();
      process.stdout.write(`${text}\n`);
    },
    result: (value) => {
      if (json) process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    },
    progress: (text) => {
      clear();
      if (terminal) process.stdout.write(text.slice(0, Math.max(20, process.stdout.columns - 1)));
    },
  };
}

/** Says what went wrong and what to do next, on standard error, and returns the exit code for it. */
export function sayFailure(error: unknown, json: boolean): number {
  const report = reportOf(error);
  const text = json ? JSON.stringify({ error: report }, null, 2) : `${report.message}\n${report.next}`;
  process.stderr.write(`${text}\n`);
  if (!(error instanceof CountersignError)) {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  }
  return error instanceof CountersignError ? exitCodeOf(error) : exitCodes.unexpected;
}

function exitCodeOf({ actor }: Failure): number {
  switch (actor) {
    case "caller":
      return exitCodes.refused;
    case "teammate":
      return exitCodes.teammate;
    case "vendor":
      return exitCodes.vendor;
    case "operator":
      return exitCodes.operator;
    case "developer":
      return exitCodes.unexpected;
  }
}

/** Rows in aligned columns; the last one is not padded. */
export function table(rows: readonly (readonly string[])[], indent = "  "): string {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, column) => Math.max(widest[column] ?? 0, cell.length)),
    [],
  );
  return rows
    .map(
      (row) =>
        indent +
        row
          .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
          .join("  "),
    )
    .join("\n");
}

export function shorten(text: string, length: number): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}
