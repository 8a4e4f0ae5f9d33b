import type { PlainWords } from "./plainWords.ts";

const others =
  /\b(?:clients?|customers?|patients?|pupils?|students?|members?|guests?|brides?) ?(?:'s|s')?\b|\b(?:set up|create|enter|give (?:her|him|them|out|away|a)|offer (?:a|my|our|them|her|him))\b/i;

/** Wishes for money that no rule grants: a person grants or refuses them. */
export const allowance: PlainWords = {
  patterns: [
    /\b(?:compensat\w+|goodwill|good will|make (?:it|this|that) up to (?:me|us)|make (?:up for|amends|it right|this right|good)|for (?:my|our|the) (?:trouble|troubles|inconvenience|lost))\b/i,
    /\b(?:free|extra) (?:months?|weeks?|year)\b|\b(?:months?|weeks?|year) (?:for )?(?:free|on (?:you|the house))\b/i,
    /\b(?:any|chance|can (?:i|we)|could (?:i|we|you)|do you|is there|are there|would you|will you|(?:give|offer|get|grant|do) (?:me|us)|charit\w+|loyal\w*|non-?profits?|want|deserve|ask(?:ing)? for|expect|entitled|hop(?:e|ing))\b[^.!?]{0,60}\b(?:discounts?|reductions?|reduced (?:price|rate|fee)|cheaper|money off|something off|knock\w*|lower (?:price|rate)|better (?:price|rate|deal)|special (?:price|rate|deal)|deals?|promo(?:tion)?(?: |-)?codes?|coupons?|half price|percent off|% off)\b/i,
    /\b(?:discounts?|reductions?|cheaper|half price|money off|better (?:price|rate|deal))\b[^.!?]{0,40}\b(?:for (?:me|us|charities|non-?profits|loyal|long)|possible|available|be fair|be nice|would help|please)\b/i,
    /\b(?:credit (?:me|us|my account|our account|for (?:the|my|our|those))|a credit (?:for|on|towards)|some credit|as a credit)\b/i,
    /\b(?:cost|lost|costing|losing) (?:me|us)\b[^.!?]{0,50}\b(?:bookings?|income|business|money|revenue|clients|sales|hundreds|thousands)\b|\b(?:pay|cover|reimburse)\b[^.!?]{0,20}\b(?:my|our|the) (?:\w+ )?loss(?:es)?\b/i,
  ],
  unless: others,
};

const relative =
  "(?:my|our|the|her|his) (?:\\w+ )?(?:boss|husband|wife|partner|manager|owner|employer|sister|brother|mother|father|mum|mom|dad|son|daughter|friend|colleague|ex)";
const secured =
  "(?:two-?(?:step|factor)|2fa|e-?mail|owner(?:ship)?|bank|iban|password|log-?in|verification|account|plan)";

/** Wishes about an account that only its owner has, or only after showing who they are. */
export const identity: PlainWords = {
  patterns: [
    /\baccount (?:is|was) (?:still )?(?:in|under|on) (?:his|her|their|another|somebody|someone|my (?:\w+ )?\w+'s) name\b|\bin (?:his|her|their|somebody else's) name\b/i,
    new RegExp(
      `\\b(?:cancel|change|close|delete|reset|update|upgrade|downgrade|transfer|move|turn|switch|give)\\b[^.!?]{0,40}\\b${relative}'s (?:\\w+ )?(?:${secured})\\b`,
      "i",
    ),
    new RegExp(
      `\\b(?:${relative}|she|he) (?:has )?(?:asked|told|wants|wanted|said) me to (?:tell|ask|write|cancel|change|close|get|have)\\b`,
      "i",
    ),
    /\b(?:skip|without|instead of|get (?:a)?round|avoid|bypass|don't want|no time|do not want|rather not|refuse|won't)\b[^.!?]{0,30}\b(?:id|identity|passport|identification|verif\w+|identity check|security questions?)\b/i,
    new RegExp(
      `\\b(?:turn|switch|change|reset|remove|disable|take|move|update)\\b[^.!?]{0,30}\\b${secured}\\b[^.!?]{0,30}\\b(?:for me|for us|from your (?:end|side)|on your (?:end|side))\\b`,
      "i",
    ),
    /\b(?:turn|hand|give|sign|switch|transfer)\b[^.!?]{0,30}\b(?:login|account|access|ownership|it)\b[^.!?]{0,10}\b(?:over )?to me\b/i,
  ],
  across: [
    /\bnot the (?:account )?(?:owner|holder)\b[\s\S]{0,150}\b(?:please|can you|could you|need you to|want you to) (?:\w+ )?(?:change|cancel|close|reset|update|transfer|move|turn|switch|give|let|delete|remove)\b/i,
    /\b(?:passed away|deceased|died)\b[\s\S]{0,150}\b(?:account|log-?in|plan|subscription|payment)\b/i,
  ],
};

/** Questions of third persons about somebody else's account. */
export const thirdPerson: PlainWords = {
  patterns: [
    /\b(?:if|whether|does|do|has|have|is|did|confirm)\b[^.!?]{0,60}\b(?:an account (?:with|at) you|a (?:\w+ )?(?:customer|client|user|member) of yours|(?:signed up|registered) with you|your (?:customer|client))\b/i,
    /\b(?:how many|which|what|when|who)\b[^.!?]{0,30}\b(?:bookings?|appointments?|clients|money|income|earnings|takings)\b[^.!?]{0,20}\b(?:she|he) (?:had|has|made|makes|took|takes|earns?|earned)\b/i,
    /\b(?:(?:she|he|they) owes? me|private investigator|background check|debt collect\w+|my tenant|custody)\b/i,
  ],
};

/** Questions that a lawyer, a tax adviser or a doctor answers. */
export const advice: PlainWords = {
  patterns: [
    /\b(?:by law|legal(?:ly)?|lawful(?:ly)?|illegal|liable|liability|unlawful|enforceable|(?:against|break\w*) the law)\b/i,
    /\b(?:do (?:i|we)(?: really)? (?:have|need) to|must (?:i|we)|should (?:i|we)|am i (?:allowed|obliged|required)|are we (?:allowed|obliged|required))\b[^.!?]{0,40}\b(?:vat|tax|taxes|gst|declare|hmrc|irs|insur\w+|register for)\b/i,
    /\b(?:tax (?:return|deductible|advice|bracket|liability)|deduct\w*[^.!?]{0,20} tax|write (?:it|this|that) off|self-assessment|hmrc|irs)\b/i,
    /\b(?:should|can|may) (?:i|we|she|he|they|you) (?:\w+ )?(?:take|give|treat|apply|massage|prescribe|stop taking)\b[^.!?]{0,50}\b(?:pain|rash|allerg\w*|swell\w*|pregnan\w*|tablets?|medic\w+|dose|cream|injur\w*)\b/i,
    /\b(?:fainted|allergic reaction|side effects?|contraindicat\w+|medical advice|dosage|what should i give (?:her|him|them))\b/i,
  ],
  unless: /\b(?:legal (?:name|entity)|terms|template)\b/i,
};
