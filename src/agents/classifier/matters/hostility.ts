import type { PlainWords } from "./plainWords.ts";

/** Threats against the people who work here, and insults. */
export const hostility: PlainWords = {
  patterns: [
    /\b(?:idiots?|morons?|imbeciles?|scum|scumbags?|arseholes?|assholes?|bastards?|fuck\w*|cretins?|dimwits?|halfwits?|crooks?|wankers?|bitch(?:es)?|cunts?|twats?|dickheads?|con artists?|con men|thieving|brain-?dead|retard(?:s|ed)?|bloodsuckers?|dumbass\w*)\b/i,
    /\b(?:you|you're|you've|u)\b[^.!?]{0,40}\b(?:clowns?|thie(?:f|ves)|liars?|cheats?|pigs?|rats?|leech(?:es)?|parasites?|robbers?|scammers?|fraudsters?|fools?|jokers?|disgrace|criminals?|vermin|muppets?|donkeys?|monkeys?)\b/i,
    /\b(?:you(?:'re| are| lot| people| guys| folks| all)?|your (?:team|people|staff|colleagues?|support|developers)(?: is| are)?) (?:\w+ ){0,3}(?:useless|pathetic|stupid|disgusting|garbage|incompetent|worthless|rubbish)\b/i,
    /\b(?:useless|pathetic|stupid|incompetent|lying|dirty|greedy|worthless|dumb|filthy|ignorant) (?:\w+ )?(?:people|lot|bot|company|cow|man|woman|fools?|cheats?|liars?|clowns?|thie(?:f|ves)|pigs?|bunch|rats?|support)\b/i,
    /\b(?:go to hell|screw (?:you|your)|piss off|drop dead|shove (?:it|your)|shut up|rot in hell|burn in hell|f\*+\w*|sh\*t\w*)\b/i,
    /\b(?:know|knows|found out|find out) (?:where|(?:which|what) \w+) (?:you|your|he|she|they)\b[^.!?]{0,30}\b(?:live|lives|work|works|office|offices|are|is|sleep|sleeps|park|parks|takes?|drives?)\b/i,
    /\b(?:be|make you|make him|make her|make them) (?:very |so |really )?sorry\b(?! (?:to|for|if|that|about))|\b(?:you(?:'ll| will)|he(?:'ll| will)|she(?:'ll| will)|they(?:'ll| will)|going to) (?:all )?(?:regret\b|pay for (?:this|it|that)\b)|\bwatch your back\b/i,
    /\b(?:come|coming|drive|driving|get|pop) (?:round|around|over|down|up) (?:there|to your)\b|\bi(?:'ll| will|'m going to| am going to|'m gonna) (?:come (?:round|over)|find you|hunt|smash|burn|beat|break your|wreck|destroy you|hurt you|kill)/i,
    /\b(?:hope|wish) (?:that )?(?:you|whoever|they|he|she|your)\b[^.!?]{0,50}\b(?:die|dies|dead|rots?|burns?|chokes?|suffers?|hit by|cancer|crash(?:es)?|bankrupt|bust|sacked|fired)\b/i,
    /\b(?:what are you wearing|sexy|horny|nudes?|do things to you|send (?:me )?(?:a )?(?:pics?|photos?) of you\w*|you(?:'re| are) (?:so )?hot)\b/i,
  ],
};
