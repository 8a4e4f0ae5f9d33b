import type { PlainWords } from "./plainWords.ts";

const people = "me|us|her|him|them|women|girls|children|people|clients|staff|the (?:girls|women|staff|team)";
const self = "(?:my|him|her|them|your)sel(?:f|ves)";

/** Signs that somebody may come to harm, at their own hands or another's. */
export const harm: PlainWords = {
  patterns: [
    /\b(?:i(?:'m| am)|we(?:'re| are)|she(?:'s| is)|he(?:'s| is)|feel(?:s|ing)?) (?:so |very |really |too )?(?:scared|afraid|frightened|terrified|unsafe)\b(?! (?:of|that|to) (?:losing|needles|heights|missing|press\w*|delet\w*|click\w*|break\w*|log\w*|sign\w*|updat\w*|chang\w*))/i,
    /\b(?:don't|doesn't|do not|does not|not|never|no longer) feel(?:ing)? (?:\w+ )?(?:safe|secure)\b/i,
    /\b(?:stalk(?:s|ed|er|ing)|suicid\w*|self-harm\w*|restraining order|fear for (?:my|her|his|our)|domestic violence|blackmail\w*|rap(?:ed?|ist)|grop(?:e[sd]?|ing)|overdos\w+|in danger)\b/i,
    new RegExp(
      `\\b(?:hurts?|hurting|hit|attack(?:s|ed)?|assault(?:s|ed)?|threaten(?:s|ed|ing)?|harass(?:es|ed|ing)?|touch(?:es|ed|ing)?|beats?|beaten|chok(?:es|ed)|molest(?:s|ed)?|abus(?:es|ed)) (?:${people})\\b`,
      "i",
    ),
    new RegExp(`\\b(?:kill|hurt|harm|cut)(?:s|ing)? ${self}\\b`, "i"),
    /\b(?:end(?:ing)?|take|taking) (?:it all|(?:my|her|his|their)(?: own)? (?:own )?li(?:fe|ves))\b|\bwant(?:s|ed)? to die\b|\bbetter off (?:dead|without me)\b/i,
    /\b(?:no|see the|see any|what's the|is there any) (?:point|reason|sense) (?:of|in|to|for)? ?(?:carry(?:ing)? on|go(?:ing)? on|liv(?:e|ing)|be(?:ing)? (?:here|alive))\b|\b(?:don't|do not|doesn't) want to (?:live|be here|be alive|wake up|exist|go on|carry on)\b|\bcan(?:'t|not) (?:go on|carry on|cope)\b/i,
    /\b(?:follow(?:s|ed|ing)?|wait(?:s|ed|ing)? for|watch(?:es|ed|ing)?|grab(?:s|bed)?|corner(?:s|ed)?) (?:me|her|one of (?:us|my|our)[^.!?]{0,20})\b[^.!?]{0,30}\b(?:home|car|outside|house|street|door|bus|station|dark|work)\b/i,
    /\b(?:wait|stand|sit|hang|lurk|loiter|park)(?:s|ing|ed)? (?:around )?outside (?:my|our|the|her)\b|\bwon't leave (?:me|her|us) alone\b/i,
    /\b(?:with|has|had|carr(?:ies|ied)|brought|pulled) (?:a |his |the )?(?:knife|gun|weapon|bomb)\b/i,
  ],
  unless: /\b(?:massage|treatment) (?:hurts?|hit)\b/i,
};
