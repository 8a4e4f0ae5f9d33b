import { z } from "zod";
import type { Actor } from "../domain/capability.ts";
import type { JsonObject } from "../domain/json.ts";
import type { Caller, ReadOutcome, ToolGateway } from "./gateway.ts";
import { refuse } from "./refusals.ts";

/** Pieces of Intercom's objects, read leniently: its API has several versions, and none is named in the answer. */

/** An id, which Intercom gives as a string or as a number. */
export const providerId = z.union([z.string().min(1), z.number().int()]).transform(String);

/** An id that may be missing; Intercom says so with null, 0 or an empty string. */
export const optionalId = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((id) => (id == null || id === "" || id === 0 || id === "0" ? null : String(id)));

export const optionalText = z
  .string()
  .nullish()
  .transform((text) => text ?? "");

/** Unix seconds. */
export const seconds = z.number().transform(Math.trunc);

export const optionalSeconds = z
  .number()
  .nullish()
  .transform((value) => (value == null || value === 0 ? null : Math.trunc(value)));

/** A list. Strings in a list of objects are the marks of a bounded answer, and are passed over. */
export function providerList<T extends z.ZodType>(item: T) {
  return z
    .array(z.unknown())
    .transform((items) => items.filter((candidate) => typeof candidate !== "string"))
    .pipe(z.array(item));
}

/** A list that an answer may lack. */
export function optionalList<T extends z.ZodType>(item: T) {
  return z.preprocess((items) => items ?? [], providerList(item));
}

/** Where the next page starts, or null after the last one. */
export const nextCursor = z
  .object({ next: z.object({ starting_after: z.string().nullish() }).nullish() })
  .nullish()
  .transform((pages) => pages?.next?.starting_after ?? null)
  .catch(null);

/** Reads and parses; an answer that does not parse is refused, and no part of it is repeated. */
export async function readAs<T extends z.ZodType>(
  gateway: ToolGateway,
  actor: Actor,
  as: Caller,
  tool: string,
  args: JsonObject,
  schema: T,
): Promise<ReadOutcome<z.output<T>>> {
  const outcome = await gateway.read(actor, as, tool, args);
  if (outcome.kind !== "ok") return outcome;
  const parsed = schema.safeParse(outcome.value);
  if (parsed.success) return { ...outcome, value: parsed.data };
  const where = parsed.error.issues[0]?.path.join(".") ?? "";
  return refuse("unexpected_shape", `The answer of ${tool} cannot be read at "${where}".`);
}

/** Every page's items, in order. Pages that repeat, or are more than `maximumPages`, are refused. */
export async function readPages<T>(
  maximumPages: number,
  readPage: (cursor: string | null) => Promise<ReadOutcome<{ items: T[]; next: string | null }>>,
): Promise<ReadOutcome<T[]>> {
  const items: T[] = [];
  const seen = new Set<string>();
  let cursor: string | null = null;
  do {
    const page: ReadOutcome<{ items: T[]; next: string | null }> = await readPage(cursor);
    if (page.kind !== "ok") return page;
    items.push(...page.value.items);
    cursor = page.value.next;
    if (cursor !== null && (seen.has(cursor) || seen.size >= maximumPages)) {
      return refuse("unexpected_shape", "The pages of the answer do not end.");
    }
    seen.add(cursor ?? "");
  } while (cursor !== null);
  return { kind: "ok", value: items, executionId: null };
}

/** The same outcome with another value; a refusal stays what it is. */
export function mapOutcome<T, U>(outcome: ReadOutcome<T>, change: (value: T) => U): ReadOutcome<U> {
  return outcome.kind === "ok" ? { ...outcome, value: change(outcome.value) } : outcome;
}
