/**
 * The stem of a lower-case English word, by Porter's algorithm (M. F. Porter, 1980). Words with other than the
 * letters a to z come back unchanged.
 */
export function stem(word: string): string {
  if (word.length < 3 || !/^[a-z]+$/.test(word)) return word;
  let stemmed = removePlural(word);
  stemmed = removePastAndGerund(stemmed);
  if (/[aeiouy].*y$/.test(stemmed)) stemmed = `${stemmed.slice(0, -1)}i`;
  stemmed = replaceSuffix(stemmed, derivations, 0);
  stemmed = replaceSuffix(stemmed, reductions, 0);
  stemmed = removeEnding(stemmed);
  return tidyEnd(stemmed);
}

/** Longest suffix first: the first that matches decides, whether or not its stem is long enough. */
const derivations: readonly (readonly [string, string])[] = [
  ["ational", "ate"],
  ["ization", "ize"],
  ["iveness", "ive"],
  ["fulness", "ful"],
  ["ousness", "ous"],
  ["tional", "tion"],
  ["biliti", "ble"],
  ["ation", "ate"],
  ["alism", "al"],
  ["aliti", "al"],
  ["iviti", "ive"],
  ["entli", "ent"],
  ["ousli", "ous"],
  ["enci", "ence"],
  ["anci", "ance"],
  ["izer", "ize"],
  ["abli", "able"],
  ["alli", "al"],
  ["ator", "ate"],
  ["eli", "e"],
];

const reductions: readonly (readonly [string, string])[] = [
  ["icate", "ic"],
  ["ative", ""],
  ["alize", "al"],
  ["iciti", "ic"],
  ["ical", "ic"],
  ["ness", ""],
  ["ful", ""],
];

const ending = /(?:ement|ance|ence|able|ible|ment|ant|ent|ism|ate|iti|ous|ive|ize|al|er|ic|ou|(?<=[st])ion)$/;

function removePlural(word: string): string {
  if (word.endsWith("sses") || word.endsWith("ies")) return word.slice(0, -2);
  return word.endsWith("s") && !word.endsWith("ss") ? word.slice(0, -1) : word;
}

function removePastAndGerund(word: string): string {
  if (word.endsWith("eed")) return measure(word.slice(0, -3)) > 0 ? word.slice(0, -1) : word;
  const bare = /^(.*[aeiouy].*?)(?:ed|ing)$/.exec(word)?.[1];
  if (bare === undefined) return word;
  if (/(?:at|bl|iz)$/.test(bare)) return `${bare}e`;
  if (/([^aeiouylsz])\1$/.test(bare)) return bare.slice(0, -1);
  return measure(bare) === 1 && endsShort(bare) ? `${bare}e` : bare;
}

function replaceSuffix(
  word: string,
  suffixes: readonly (readonly [string, string])[],
  leastMeasure: number,
): string {
  for (const [suffix, replacement] of suffixes) {
    if (!word.endsWith(suffix)) continue;
    const bare = word.slice(0, -suffix.length);
    return measure(bare) > leastMeasure ? bare + replacement : word;
  }
  return word;
}

function removeEnding(word: string): string {
  const bare = word.replace(ending, "");
  return bare !== word && measure(bare) > 1 ? bare : word;
}

function tidyEnd(word: string): string {
  let tidy = word;
  if (tidy.endsWith("e")) {
    const bare = tidy.slice(0, -1);
    if (measure(bare) > 1 || (measure(bare) === 1 && !endsShort(bare))) tidy = bare;
  }
  return tidy.endsWith("ll") && measure(tidy) > 1 ? tidy.slice(0, -1) : tidy;
}

/** How many times a vowel sequence is followed by a consonant sequence. */
function measure(word: string): number {
  const shape = word.replace(/y/g, (_, index: number) =>
    /[^aeiou]/.test(word[index - 1] ?? "a") ? "i" : "y",
  );
  return (shape.match(/[aeiou]+[^aeiou]+/g) ?? []).length;
}

/** Consonant, vowel, consonant, the last of them not w, x or y: such a stem keeps its e. */
function endsShort(word: string): boolean {
  return /(?:^|[^aeiou])[aeiouy][^aeiouwxy]$/.test(word);
}
