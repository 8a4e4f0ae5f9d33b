const daysPer: Record<string, number> = { day: 1, week: 7, month: 30, year: 365 };

const smallNumbers: Record<string, number> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
};

const amount = `(\\d{1,3}|${Object.keys(smallNumbers).join("|")})`;
const ago = new RegExp(`\\b${amount}(?:\\s+\\w+)?\\s+(day|week|month|year)s?\\s+(?:ago|back)\\b`, "gi");
const last = /\blast\s+(year|month)\b/gi;
const within = new RegExp(
  `\\b(?:within|first|up to|no later than)\\s+(?:the\\s+)?(?:first\\s+)?${amount}[\\s-]+(day|week|month|year)s?\\b`,
  "gi",
);

/** The longest time the text says has passed, in days; null when it speaks of none. "Last month" counts as one month. */
export function longestElapsed(text: string): number | null {
  const spans = [...text.matchAll(ago)].map((match) => days(match[1], match[2]));
  const recent = [...text.matchAll(last)].map((match) => days("1", match[1]));
  return greatest([...spans, ...recent]);
}

/** The longest period a policy grants for what its sentences about `subject` say, in days; null when it states none. */
export function longestPeriod(policy: string, subject: RegExp): number | null {
  const sentences = policy.split(/(?<=[.!?;])\s+|\n/).filter((sentence) => subject.test(sentence));
  return greatest(
    sentences.flatMap((sentence) => [...sentence.matchAll(within)].map((match) => days(match[1], match[2]))),
  );
}

function days(count: string | undefined, unit: string | undefined): number {
  const word = (count ?? "").toLowerCase();
  return (smallNumbers[word] ?? Number(word)) * (daysPer[(unit ?? "").toLowerCase()] ?? 0);
}

function greatest(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.max(...values);
}
