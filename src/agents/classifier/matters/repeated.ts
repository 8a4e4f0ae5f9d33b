import { oneLine } from "../../sentences.ts";

const nth = "(?:second|third|fourth|fifth|2nd|3rd|\\d{1,2}th|umpteenth)";
const we = "(?:i|we|i'm|i've|i'd|we've|we're|we'd|i am|we are|i have|we have|i had|we had)";
/** Telling the desk something, and not telling somebody else. */
const contact =
  "(?:writ(?:e|es|ing|ten)|wrote|contact(?:ed|ing)?|ask(?:ed|ing)?|report(?:ed|ing)?|complain(?:ed|ing)?|messag(?:ed|ing)|e-?mailed|tell(?:ing)?|told|rais(?:ed|ing)|flagged|mentioned|chas(?:ed|ing)|explained|opened (?:a|this) (?:ticket|case))(?! (?:my|our|her|him|them|clients?|customers?|people|patients?|everybody|everyone|google|stripe|microsoft|apple)\\b)";

/** Ways to say that a matter was brought up before, and not settled. */
const patterns: readonly RegExp[] = [
  new RegExp(
    `\\b${nth} (?:time|week running)\\b[^.!?\\n]{0,40}\\b${we}\\b[^.!?\\n]{0,15}\\b${contact}\\b`,
    "i",
  ),
  new RegExp(
    `\\b${we}\\b[^.!?\\n]{0,20}\\b${contact}\\b[^.!?\\n]{0,40}\\b(?:${nth} time|twice already|again and again|already twice|three times)\\b`,
    "i",
  ),
  new RegExp(
    `\\b(?:my|this is (?:my|the|our)|our) ${nth} (?:e-?mail|message|complaint|ticket|report|letter|request)\\b`,
    "i",
  ),
  /\b(?:same|another|repeated) complaint\b/i,
  /\b(?:complained|reported (?:this|it)|wrote to you|written to you|told you)\b[^.!?\n]{0,40}\b(?:before|already|last (?:week|month|time)|(?:days?|weeks?|months?) ago|twice)\b/i,
  /\b(?:already|previously) (?:complained|reported (?:this|it)|written to you|wrote to you)\b/i,
  /\b(?:as i|like i) (?:already )?(?:said|wrote|mentioned|explained|told you)\b[^.!?\n]{0,30}\b(?:before|last|already|previous|earlier|weeks?|months?)\b/i,
  /\bhow (?:many times|often) (?:do|must|should|have) (?:i|we)\b|\bthird time lucky\b|\byet again\b[^.!?\n]{0,40}\b(?:writ|ask|contact|messag)/i,
];

/** That the desk was told before: by its own word, or by the customer's. */
const toldBefore = new RegExp(
  `\\b${we} (?:\\w+ ){0,2}${contact}\\b|\\b(?:i|we) (?:was|were) (?:told|promised|assured)\\b|\\b(?:you|your colleagues?|someone|somebody|support|your team) (?:\\w+ )?(?:said|promised|told (?:me|us)|assured|replied|swore)\\b|\\b(?:my|our) (?:last|previous|earlier|first|other) (?:e-?mails?|message|letter|request|complaint|report|ticket)\\b|\\byour (?:last|previous|earlier|first) (?:reply|answer|e-?mail|message)\\b`,
  "i",
);
/** That it is as it was. */
const unsettled =
  /\b(?:still (?:no|not|nothing|without|waiting|broken|wrong|the same|happening|there|missing|getting|doing|\w+n't)|nothing (?:has )?(?:happened|changed|came|was done|been done)|nobody (?:did|has|answered|replied|came|got|bothered)|no one (?:did|has|answered|replied|got)|no (?:answer|reply|response|fix|solution|reaction)|(?:isn't|not|wasn't|never) (?:fixed|solved|resolved|sorted|answered)|(?:didn't|did not) (?:help|work|last|change)|same (?:problem|issue|thing|fault|error)|once more|and again|(?:is|it's|are) back|happened again|again (?:today|this (?:morning|week|month)|now))\b|\bagain[.!?]*$/im;

/** The words that say that a matter was complained of before, at most 80 characters, or null. */
export function complainsAgain(text: string): string | null {
  const plain = text.replace(/[’‘`]/g, "'");
  const before = toldBefore.exec(plain);
  const found = [...patterns.map((pattern) => pattern.exec(plain)), unsettled.test(plain) ? before : null];
  const phrase = found.find((match) => match !== null)?.[0];
  return phrase === undefined ? null : oneLine(phrase).slice(0, 80);
}
