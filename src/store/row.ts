import type { z } from "zod";
import { DefectError } from "../domain/errors.ts";

/** Reads a stored row as the domain's type. One that does not fit was changed by hand, or by a faulty program. */
export function parseRow<Schema extends z.ZodType>(
  schema: Schema,
  row: unknown,
  table: string,
  id: string | number,
): z.infer<Schema> {
  const parsed = schema.safeParse(row);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues.map((issue) => issue.path.join(".") || "the row").join(", ");
  throw new DefectError(
    "stored_row_invalid",
    `The row ${id} of the table ${table} does not have the form it was stored in (${where}).`,
    "Compare the row with a backup; the ledger (`countersign audit verify`) tells whether history was changed.",
  );
}

/** The one row that a statement returned; none is a fault in the statement. */
export function only<Row>(rows: readonly Row[], table: string): Row {
  const [row] = rows;
  if (row !== undefined) return row;
  throw new DefectError(
    "stored_row_missing",
    `The table ${table} returned no row where there must be one.`,
    "Restore the database from a backup, and report it if it happens again.",
  );
}
