/** What any desk leaves to a person, whatever its topics are called, in the words that give it away. */
const matters: readonly { sign: string; pattern: RegExp }[] = [
  {
    sign: "somebody may come to harm",
    pattern:
      /\b(?:i(?:'m| am)|we(?:'re| are)|she(?:'s| is)|he(?:'s| is)|feel(?:s|ing)?) (?:so |very |really |too )?(?:scared|afraid|frightened|terrified|unsafe)\b|\b(?:stalk(?:s|ed|er|ing)|suicid\w*|self-harm\w*|kill (?:my|him|her)self|restraining order|fear for (?:my|her|his|our)|(?:hurts?|hit|attack(?:s|ed)?|assault(?:s|ed)?|threaten(?:s|ed|ing)?|harass(?:es|ed|ing)?) (?:me|her|him|us|women|girls|children|people|clients|staff))\b/i,
  },
  {
    sign: "somebody else is in the customer's account",
    pattern:
      /\b(?:somebody|someone|anybody) (?:else )?(?:is|was|got|has been|broke|logged|signed) (?:in|into|to)\b[^.!?\n]{0,20}\b(?:my|our) account\b|\b(?:sign|log)(?:ged|ned)?[\s-]?in[^.!?\n]{0,60}\bfrom (?:an? )?(?:\p{Lu}\p{L}+|(?:\w+ )?(?:country|city|place|device|address))\b[\s\S]{0,60}\b(?:never|none of us|nobody|not me|not us|wasn't me)\b|\b(?:changed|added|created|deleted)\b[^.!?\n]{0,40}\b(?:wasn't|isn't|was not|is not) (?:me|us|mine|ours)\b/iu,
  },
  {
    sign: "somebody asks for the personal data that is kept about them",
    pattern:
      /\b(?:everything|all|anything|whatever|what|data|information|details) (?:that )?(?:you|you've|you have|you people) (?:(?:have|still|ever) ){0,2}(?:store|stored|hold|held|keep|kept|have|got|saved|collected) (?:about|on) (?:me|us|him|her)\b/i,
  },
  {
    sign: "an authority or a lawyer writes",
    pattern:
      /\b(?:officer|detective|constable|inspector|investigator) (?:with|of|at|from|in)\b[^.!?\n]{0,30}\b(?:police|court|ministry|department|authority|constabulary)\b|\b(?:firm|chambers|office) (?:represents?|acts? for)\b|\b(?:instructed|retained) by (?:our|my) client\b/i,
  },
];

/** The grave matter a text gives a sign of, in words for the reviewer, or null. */
export function graveMatter(text: string): string | null {
  const plain = text.replace(/’/g, "'");
  return matters.find(({ pattern }) => pattern.test(plain))?.sign ?? null;
}
