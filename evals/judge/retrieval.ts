import { anyOf, type Said, type Seen } from "./mark.ts";

/**
 * Whether the articles that a right answer needs were found, and how far up: `hit@k` for any of them among the first k
 * different sources of the findings, `recall` for each of them anywhere. Passed when all were found.
 */
export function judgeRetrieval({ turn: { expect }, trace }: Seen): Said {
  const needed = (expect.articles?.must ?? []).map(anyOf);
  if (needed.length === 0) return null;
  const within = (count: number) => needed.some((names) => hasOne(trace.found.slice(0, count), names));
  const missing = needed.filter((names) => !hasOne(trace.found, names));
  return {
    passed: missing.length === 0,
    counts: {
      "retrieval hit@1": { hit: within(1) ? 1 : 0, of: 1 },
      "retrieval hit@5": { hit: within(5) ? 1 : 0, of: 1 },
      "retrieval recall": { hit: needed.length - missing.length, of: needed.length },
    },
    reasons: missing.map((names) => `${names.join(" or ")} was not found, but ${list(trace.found)}.`),
  };
}

/**
 * Whether the draft cites what it needs and nothing that is not to the point. `precision` is of the articles it cites;
 * macros are the desk's own wording and count only where the case names them.
 */
export function judgeCitations({ turn: { expect }, trace }: Seen): Said {
  if (expect.articles === undefined || trace.draft === null) return null;
  const { must, may, mustNot } = expect.articles;
  const needed = must.map(anyOf);
  const fine = new Set([...needed.flat(), ...may]);
  const counted = trace.cited.filter((name) => !name.startsWith("macro:") || mustNot.includes(name));
  const wrong = counted.filter((name) => !fine.has(name) || mustNot.includes(name));
  const missing = needed.filter((names) => !hasOne(trace.cited, names));
  return {
    passed: wrong.length === 0 && missing.length === 0,
    counts: {
      "citation precision": { hit: counted.length - wrong.length, of: counted.length },
      "citation recall": { hit: needed.length - missing.length, of: needed.length },
    },
    reasons: [
      ...wrong.map(
        (name) => `${name} is cited and ${mustNot.includes(name) ? "must not be" : "not to the point"}.`,
      ),
      ...missing.map((names) => `${names.join(" or ")} is not cited.`),
    ],
  };
}

function hasOne(names: readonly string[], wanted: readonly string[]): boolean {
  return wanted.some((name) => names.includes(name));
}

function list(names: readonly string[]): string {
  return names.length === 0 ? "nothing" : names.join(", ");
}
