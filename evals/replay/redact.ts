/** Replaces what tells people apart in a text. */
export type Redact = (text: string) => string;

/** Whose names are known. */
export interface People {
  customers: readonly string[];
  teammates: readonly string[];
}

const emails = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/giu;
/** Seven digits or more, however they are grouped: telephone, card and account numbers, and others that look so. */
const numbers =
  /(?<![\p{L}\p{N}]|\/articles\/)(?<!\/articles\/\d+)\+?\(?\d(?:[ \t().\-/\u00a0\u2011]{0,3}\d){6,}/gu;
const date = /^(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{4})$/;
const attachments = /^\[[^\]\n]+\.[a-z0-9]{2,5}\]$/gim;
const SHORTEST_NAME = 2;

/**
 * Makes a redaction: e-mail addresses, long numbers and names of files by their form; names of customers and
 * teammates where they are known, whole and each word of them. Nobody is found whom nobody names: people a customer
 * writes about, addresses and what happened to them stay.
 */
export function redaction({ customers, teammates }: People): Redact {
  const names = [
    ...wordsOf(customers).map((name) => ({ name, as: "[customer]" })),
    ...wordsOf(teammates).map((name) => ({ name, as: "[teammate]" })),
  ];
  const wanted = names
    .filter(({ name }) => name.trim().length >= SHORTEST_NAME && /\p{L}/u.test(name))
    .sort((one, other) => other.name.length - one.name.length)
    .map(({ name, as }) => ({ pattern: pattern(name.trim()), as }));
  return (text) => {
    const formed = text
      .replace(attachments, "[attachment]")
      .replace(emails, "[email]")
      .replace(numbers, (number) => (date.test(number) ? number : "[number]"));
    return wanted.reduce((left, { pattern: known, as }) => left.replace(known, as), formed);
  };
}

/** Names whole, and word by word. Some are e-mail addresses, whose domain is nobody's name. */
function wordsOf(names: readonly string[]): string[] {
  const words = names.flatMap((name) =>
    name.includes("@") ? (name.split("@")[0] ?? "").split(/[._+-]+/) : [name, ...name.split(/\s+/)],
  );
  return [...new Set(words)];
}

function pattern(name: string): RegExp {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\s+/g, "\\s+");
  return new RegExp(`(?<![\\p{L}\\p{N}\\[])${escaped}(?![\\p{L}\\p{N}\\]])`, "giu");
}
