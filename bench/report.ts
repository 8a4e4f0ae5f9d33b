import type { Benchmark, Report, Table, Unit } from "./benchmark.ts";

/** A benchmark's figures for a person. */
export function reportText({ name, question }: Benchmark, { target, tables, notes }: Report): string {
  const verdict = target && `Target: ${target.text}: ${target.met ? "met" : "MISSED"} in this run.`;
  return [`${name}: ${question}`, ...tables.map(tableText), ...[verdict, ...notes].filter(Boolean)].join(
    "\n\n",
  );
}

/** The same for a program: raw numbers, each row an object by its columns' names. */
export function reportJson({ name, question }: Benchmark, { target, tables, notes }: Report) {
  return {
    benchmark: name,
    question,
    target,
    tables: tables.map(({ title, columns, rows }) => ({
      title,
      rows: rows.map((row) => Object.fromEntries(columns.map((column, index) => [column.name, row[index]]))),
    })),
    notes,
  };
}

function tableText({ title, columns, rows }: Table): string {
  const lines = [
    columns.map(({ name }) => name),
    ...rows.map((row) => columns.map(({ unit }, index) => cellText(row[index] ?? null, unit))),
  ];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0)));
  const aligned = lines.map((line) =>
    line
      .map((cell, index) =>
        columns[index]?.unit ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0),
      )
      .join("  ")
      .trimEnd(),
  );
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  return [title, ...[aligned[0] ?? "", rule, ...aligned.slice(1)].map((line) => `  ${line}`)].join("\n");
}

function cellText(cell: string | number | null, unit: Unit | undefined): string {
  if (cell === null) return "-";
  if (typeof cell === "string" || unit === undefined) return String(cell);
  switch (unit) {
    case "milliseconds":
      return `${cell.toFixed(Math.abs(cell) < 100 ? 1 : 0)} ms`;
    case "ratio":
      return cell.toFixed(3);
    case "bytes":
      return `${Math.round(cell).toLocaleString("en")} B`;
    case "perSecond":
      return `${cell.toFixed(cell < 100 ? 1 : 0)} /s`;
    case "count":
      return cell.toLocaleString("en");
  }
}
