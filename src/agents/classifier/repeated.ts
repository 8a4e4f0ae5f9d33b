const nth = "(?:second|third|fourth|fifth|2nd|3rd|\\d{1,2}th|umpteenth)";
const contact =
  "(?:writ(?:e|es|ing|ten)|wrote|contact(?:ed|ing)?|ask(?:ed|ing)?|report(?:ed|ing)?|complain(?:ed|ing)?|messag(?:ed|ing)|tell(?:ing)?|told)";

/** Ways to say that a matter was brought up before, and not settled. */
const patterns: readonly RegExp[] = [
  new RegExp(
    `\\b${nth} (?:time|week running)\\b[^.!?\\n]{0,40}\\b(?:i|we|i'm|i've|we've|we're)\\b[^.!?\\n]{0,15}\\b${contact}\\b`,
    "i",
  ),
  new RegExp(
    `\\b(?:i|we|i'm|i've|we've|we're)\\b[^.!?\\n]{0,20}\\b${contact}\\b[^.!?\\n]{0,40}\\b(?:${nth} time|twice already|again and again|already twice|three times)\\b`,
    "i",
  ),
  new RegExp(
    `\\b(?:my|this is (?:my|the|our)|our) ${nth} (?:e-?mail|message|complaint|ticket|report|letter|request)\\b`,
    "i",
  ),
  /\b(?:same|another|repeated) complaint\b/i,
  /\b(?:complained|reported (?:this|it)|wrote to you|written to you|told you)\b[^.!?\n]{0,40}\b(?:before|already|last (?:week|month|time)|(?:days?|weeks?|months?) ago|twice)\b/i,
  /\b(?:already|previously) (?:complained|reported (?:this|it)|written to you|wrote to you)\b/i,
];

/** The words that say that a matter was complained of before, at most 80 characters, or null. */
export function complainsAgain(text: string): string | null {
  for (const pattern of patterns) {
    const phrase = pattern.exec(text.replace(/’/g, "'"))?.[0].trim().replace(/\s+/g, " ");
    if (phrase) return phrase.slice(0, 80);
  }
  return null;
}
