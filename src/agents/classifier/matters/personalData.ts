import type { PlainWords } from "./plainWords.ts";

const own =
  "(?:me|(?:my|our)(?! (?:clients?|customers?|staff|students?|pupils?|patients?|team|logo|website|site|calendar|booking|page)))";

/** Wishes of people to see, correct or erase what is kept about them. */
export const personalData: PlainWords = {
  patterns: [
    /\b(?:everything|all|anything|whatever|what|data|information|details|records?) (?:that )?(?:you|you've|you have|you people|your company) (?:(?:have|still|ever|might|may|do) ){0,2}(?:store|stored|hold|held|holds|keep|kept|keeps|have|has|got|saved|collected|know) (?:about|on) (?:me|us|him|her|my)\b/i,
    /\b(?:subject access|right to (?:be forgotten|erasure|access|rectification|know|object)|article 1[5-9]|art\.? ?1[5-9])\b/i,
    /\bD?SAR\b/,
    /\b(?:do|does) (?:you|your company) (?:know|hold|have|keep|store) (?:about|on) me\b|\b(?:file|record|profile) (?:you (?:have|hold|keep) )?(?:on|about) me\b|\b(?:my|own) personal (?:data|information|details)\b/i,
    new RegExp(
      `\\b(?:delet\\w+|eras\\w+|wip(?:e|ed|ing)|remov\\w+|forget|purg\\w+|destroy\\w*|scrub\\w*|get rid of)\\b[^.!?]{0,40}\\b${own}\\b[^.!?]{0,40}\\b(?:data|details|information|records?|file|history|from (?:your|all|the) \\w*\\s?(?:systems?|database|records?|servers?|books|lists?))\\b`,
      "i",
    ),
    /\b(?:wiped?|erased?|removed?|deleted?|taken off|gone) (?:completely |entirely |fully )?from (?:all )?your (?:\w+ )?(?:systems?|database|records?|servers?|books|files|company)\b/i,
    /\bwho (?:else )?(?:have|has|did|do|does) you (?:pass|passed|share|shared|sell|sold|give|given|gave|hand|handed)\b[^.!?]{0,30}\b(?:my|our|me|it)\b|\b(?:pass(?:ed)?|shar(?:ed?|ing)|s(?:ell|old|elling)|gave|given) (?:on )?my (?:data|details|number|e-?mail|information|address)\b/i,
    /\b(?:correct|rectify|put right|amend|fix)\b[^.!?]{0,40}\b(?:you (?:have|hold|keep|store)|your (?:records?|files?|systems?))\b/i,
    /\bcopy of (?:all |any |the |every )*(?:my |personal |our )?(?:information|data|records?)\b[^.!?]{0,40}\b(?:me|my|you (?:hold|have|keep|store))\b/i,
  ],
};
