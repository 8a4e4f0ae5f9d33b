import { customType, pgSchema } from "drizzle-orm/pg-core";
import { canonicalJson, type Json } from "../domain/json.ts";

/** All tables live in a schema of their own, so that the database can be shared with other programs. */
export const countersign = pgSchema("countersign");

/** Text of any origin. What PostgreSQL cannot hold (NUL, half of a surrogate pair) becomes U+FFFD. */
export const text = customType<{ data: string }>({ dataType: () => "text", toDriver: storableText });

/**
 * A JSON document, kept as its canonical text. The type is `json` and not `jsonb`, which refuses NUL and half surrogate
 * pairs (customers send the first, cut emoji are the second) and rewrites numbers: here every byte comes back.
 */
export const document = customType<{ data: Json }>({ dataType: () => "json", toDriver: canonicalJson });

/** A moment as an ISO 8601 string in UTC with milliseconds, on both sides. */
export const moment = customType<{ data: string; driverData: string }>({
  dataType: () => "timestamp (3) with time zone",
  fromDriver: isoMoment,
});

export function storableText(value: string): string {
  return value.replace(/\0|\p{Surrogate}/gu, "\uFFFD");
}

/** A value that no ISO moment stands for (`infinity`, microseconds) stays as it is, for the reader to refuse. */
function isoMoment(value: string): string {
  const stored = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?)([+-]\d{2}(?::\d{2})?)$/.exec(value);
  if (!stored) return value;
  const [, day = "", time = "", offset = ""] = stored;
  return new Date(`${day}T${time}${offset.includes(":") ? offset : `${offset}:00`}`).toISOString();
}
