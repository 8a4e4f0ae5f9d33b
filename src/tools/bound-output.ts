import type { Json, JsonObject } from "../domain/json.ts";
import { cleanText, trimText } from "./clean-text.ts";

interface Limits {
  /** Characters of one string. */
  characters: number;
  /** Items of one list: some of the first, most of the newest. */
  items: number;
}

/** No string is longer than this, however few there are. */
const maximumCharacters = 100_000;

/** Tried in turn until the answer fits: long lists lose their middle before short texts lose their end. */
const steps: readonly Limits[] = [
  { characters: maximumCharacters, items: 600 },
  { characters: 16_000, items: 600 },
  { characters: 16_000, items: 200 },
  { characters: 4_000, items: 200 },
  { characters: 4_000, items: 60 },
  { characters: 1_000, items: 60 },
  { characters: 1_000, items: 20 },
  { characters: 250, items: 10 },
];

/** Deeper than anything Intercom answers. */
const maximumDepth = 32;

/**
 * An answer without hidden text and no larger than `maximumBytes` of JSON, or null when it cannot be made to fit.
 * What is cut is said where it was cut: at the end of a string, as a string in the middle of a list.
 */
export function boundOutput(
  answer: JsonObject,
  maximumBytes: number,
  change: (text: string) => string = (text) => text,
): JsonObject | null {
  const whole: Limits = { characters: Infinity, items: Infinity };
  const cleaned = boundObject(
    answer,
    whole,
    (text) => change(cleanText(trimText(text, maximumCharacters))),
    0,
  );
  for (const limits of steps) {
    const bounded = boundObject(cleaned, limits, (text) => trimText(text, limits.characters), 0);
    if (Buffer.byteLength(JSON.stringify(bounded)) <= maximumBytes) return bounded;
  }
  return null;
}

type Change = (text: string) => string;

function bound(value: Json, limits: Limits, change: Change, depth: number): Json {
  if (typeof value === "string") return change(value);
  if (value === null || typeof value !== "object") return value;
  if (depth >= maximumDepth) return "… [nested too deeply to show]";
  return Array.isArray(value)
    ? shorten(value, limits.items).map((item) => bound(item, limits, change, depth + 1))
    : boundObject(value, limits, change, depth + 1);
}

function boundObject(value: JsonObject, limits: Limits, change: Change, depth: number): JsonObject {
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [cleanText(name), bound(member, limits, change, depth)]),
  );
}

/** Keeps a twentieth of the places for the first items and the rest for the last: lists of parts end with the newest. */
function shorten(items: Json[], limit: number): Json[] {
  if (items.length <= limit) return items;
  const first = Math.max(1, Math.floor(limit / 20));
  const last = limit - first - 1;
  const mark = `… [${items.length - first - last} items left out]`;
  return [...items.slice(0, first), mark, ...items.slice(items.length - last)];
}
