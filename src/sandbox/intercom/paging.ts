import type { Json, JsonObject } from "../../domain/json.ts";
import { invalidParameter } from "./errors.ts";

/** Where an item stands in its list: newest first, the id decides between equals. */
export type Place = readonly [at: number, id: string];

export interface CursorPage<Item> {
  items: Item[];
  total: number;
  /** Intercom's `pages` object; `next` is absent on the last page. */
  pages: JsonObject;
}

/** One page of a list that Intercom pages by cursor. */
export function pageByCursor<Item>(
  all: readonly Item[],
  placeOf: (item: Item) => Place,
  request: { perPage: number; startingAfter: string | null },
): CursorPage<Item> {
  const sorted = [...all].sort((left, right) => comparePlaces(placeOf(left), placeOf(right)));
  const after = request.startingAfter === null ? null : readCursor(request.startingAfter);
  const start = after === null ? 0 : sorted.filter((item) => comparePlaces(placeOf(item), after) <= 0).length;
  const items = sorted.slice(start, start + request.perPage);
  const last = items.at(-1);
  const more = start + items.length < sorted.length && last !== undefined;
  return {
    items,
    total: sorted.length,
    pages: {
      type: "pages",
      ...(more && {
        next: { per_page: request.perPage, starting_after: writeCursor(placeOf(last)) },
      }),
      page: Math.floor(start / request.perPage) + 1,
      per_page: request.perPage,
      total_pages: Math.ceil(sorted.length / request.perPage),
    },
  };
}

/** One page of a list that Intercom pages by number. */
export function pageByNumber<Item>(
  all: readonly Item[],
  request: { page: number; perPage: number },
): CursorPage<Item> {
  if (request.page < 1) throw invalidParameter("page must be 1 or more");
  const start = (request.page - 1) * request.perPage;
  return {
    items: all.slice(start, start + request.perPage),
    total: all.length,
    pages: {
      type: "pages",
      next: null,
      page: request.page,
      per_page: request.perPage,
      total_pages: Math.ceil(all.length / request.perPage),
    },
  };
}

/** Reads the `pagination` object of a search. */
export function paginationOf(
  pagination: Record<string, Json> | undefined,
  limits: { standard: number; most: number },
): { perPage: number; startingAfter: string | null } {
  const startingAfter = pagination?.starting_after ?? null;
  if (startingAfter !== null && typeof startingAfter !== "string") {
    throw invalidParameter("starting_after must be a cursor from pages.next");
  }
  return { perPage: perPageOf(pagination?.per_page, limits), startingAfter };
}

export function perPageOf(value: Json | undefined, limits: { standard: number; most: number }): number {
  if (value === undefined || value === null) return limits.standard;
  if (typeof value !== "number" || !Number.isInteger(value) || value < 1 || value > limits.most) {
    throw invalidParameter(`per_page must be a number between 1 and ${limits.most}`);
  }
  return value;
}

function comparePlaces(left: Place, right: Place): number {
  if (left[0] !== right[0]) return right[0] - left[0];
  return left[1] === right[1] ? 0 : left[1] < right[1] ? 1 : -1;
}

function writeCursor(place: Place): string {
  return Buffer.from(JSON.stringify(place)).toString("base64");
}

function readCursor(cursor: string): Place {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, "base64").toString("utf8"));
    if (Array.isArray(value) && typeof value[0] === "number" && typeof value[1] === "string") {
      return [value[0], value[1]];
    }
  } catch {
    // Falls through to the refusal below: what it is not matters less than that it is no cursor.
  }
  throw invalidParameter("starting_after is not a valid cursor");
}
