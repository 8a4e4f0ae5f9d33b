import type { PlainWords } from "./plainWords.ts";

const lawyer =
  "(?:lawyers?|solicitors?|attorneys?|barristers?|legal (?:team|counsel|adviser|advisor|department))";

/** Lawyers, courts, regulators and the police: their letters, and what customers say of going to them. */
export const authority: PlainWords = {
  patterns: [
    /\b(?:officer|detective|constable|inspector|investigator|sergeant) (?:with|of|at|from|in)\b[^.!?\n]{0,30}\b(?:police|court|ministry|department|authority|constabulary)\b/i,
    /\b(?:firm|chambers|office) (?:represents?|acts? for)\b|\b(?:instructed|retained) by (?:our|my) client\b|\b(?:we|i) (?:act|are acting|represent) (?:for|on behalf of|the|our|mr|ms|mrs)\b|\bon behalf of (?:our|my) client\b/i,
    new RegExp(
      `\\b(?:my|our|a|the|his|her|their) (?:\\w+ )?${lawyer}\\b[^.!?]{0,60}\\b(?:you|your|letter|hear|instruct\\w*|contact\\w*|write|writing|says?|said|advis\\w*|touch|involved?|speak|call|onto|action|breach)\\b`,
      "i",
    ),
    new RegExp(
      `\\b(?:hear|letter|call|get|getting|speak\\w*|consult\\w*|go\\w*)\\b[^.!?]{0,20}\\b(?:from|to|with)? ?(?:my|our|a) ${lawyer}\\b`,
      "i",
    ),
    /\b(?:small claims?|court (?:order|claim|case|action|proceedings|papers|summons)|county court|lawsuit|litigation|subpoena|summons|cease and desist|injunction|without prejudice|letter before (?:claim|action)|breach of (?:contract|the contract|duty)|preservation of|preserve (?:all|any)|statutory (?:rights|demand)|legal (?:action|proceedings|steps|notice|claim|matter|route))\b/i,
    /\b(?:take|taking|took|drag|dragging|see) (?:you|this|it|them|your company|quite)?[^.!?]{0,15}\b(?:to|in) (?:court|a tribunal|the courts)\b|\b(?:sue|suing|sued) (?:you|your|the|them|for|over)\b|\byou(?:'re| are) in breach\b/i,
    /\b(?:bailiffs?|debtors?|creditors?|liquidators?|insolvency|bankruptcy (?:trustee|court)|prosecutors?|magistrate|notary|probate|court[- ](?:appointed|bailiff)|statutory body|official (?:request|notice)|hereby|garnish\w*|attachment of)\b/i,
    /\b(?:ombudsman|trading standards|consumer (?:protection|affairs|rights|council)|regulators?|regulatory|data protection (?:authority|commission\w*|agency|office)|supervisory authority|information commissioner\w*|attorney general|better business bureau|financial conduct authority)\b|\b(?:ICO|FTC|FCA|BBB|CNIL)\b/,
    /\b(?:the|to|from|by|with|of) (?:\w+ )?police\b(?! (?:club|sport|academy|choir|band))|\bpolice (?:officer|report|investigation|request|station|reference|case)\b|\bcrime (?:number|reference)\b/i,
  ],
};
