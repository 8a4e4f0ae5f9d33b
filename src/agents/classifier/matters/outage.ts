import type { PlainWords } from "./plainWords.ts";

const places =
  "(?:branch(?:es)?|locations?|studios?|sites|shops?|salons?|offices?|cent(?:re|er)s|devices|computers|colleagues|staff|girls|receptions?)";
const failing =
  "(?:can't|cannot|can not|unable|nothing (?:loads|works|opens)|blank|errors?|(?:is|are|was|went|goes|been) down|not loading|won't (?:load|open)|doesn't (?:load|open)|time(?:s|d)? out|50[0234]|white page|frozen|refused|declined|not working|isn't working|won't come up)";

/** Failures that several people or places see at once. */
export const outage: PlainWords = {
  patterns: [
    /\bdown ?detector\b|\b(?:outage|server problems?|downtime)\b[^.!?]{0,30}\b(?:now|today|again|at the moment|going on|happening|currently)\b/i,
    /\b(?:is|are) (?:it|you|you guys|you lot|the (?:site|system|service|server|platform)|everything|your (?:site|system|service|servers?)) (?:all |completely |currently )?down\b|\b(?:site|system|service|servers?|platform|everything) (?:is|are|seems?|looks?|has been|went) (?:completely |totally |all )?(?:down|offline|dead)\b/i,
    new RegExp(
      `\\b(?:all|both|two|three|four|five|six|several|every|each|\\d+)(?: of)?(?: our| my| the| us)?(?: \\w+)? ${places}\\b[^.!?]{0,80}\\b${failing}\\b`,
      "i",
    ),
    new RegExp(
      `\\b${failing}\\b[^.!?]{0,30}\\b(?:(?:at|in|on|across) (?:all|both|every|each)|for (?:anybody|anyone|everybody|everyone|all of us|any of us|any of them))\\b`,
      "i",
    ),
    /\bunder maintenance\b|\bis (?:\w+ ){1,3}down (?:as well|too|again|for (?:everyone|everybody))\b/i,
    /\bnothing (?:loads|works|opens)\b[^.!?]{0,40}\b(?:anywhere|for (?:any|all|every)|in any|on any)|\b(?:50[0234]|errors?)\b[^.!?]{0,20}\beverywhere\b/i,
    new RegExp(
      `\\b(?:me and (?:my|our|the)|(?:my|our|the) \\w+ and i|none of us|nobody here|no one here|all of us|everyone here|my colleagues?)\\b[^.!?]{0,60}\\b${failing}\\b`,
      "i",
    ),
  ],
};
