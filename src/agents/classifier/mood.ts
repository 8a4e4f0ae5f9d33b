import type { Classification } from "../../domain/classification.ts";
import { wordsOf } from "../terms.ts";

type Urgency = Classification["urgency"];
type Sentiment = Classification["sentiment"];

const levels: readonly Urgency[] = ["low", "normal", "high", "urgent"];

const urgent =
  /\b(?:urgent(?:ly)?|asap|a\.s\.a\.p|emergency|immediately|right now|right away|as soon as possible|critical|everything is down|completely down|cannot wait|can't wait|within the hour)\b/i;
const high =
  /\b(?:(?:by|before|need\b[^.!?\n]{0,40}|must\b[^.!?\n]{0,40}) (?:today|tonight|tomorrow)|locked out|(?:can't|cant|cannot|can not|unable to) (?:get in|(?:log|sign) ?in|access)|(?:clients?|lessons?|class(?:es)?|appointments?)\b[^.!?\n]{0,30} (?:today|tonight|tomorrow)|in (?:an|one|two|a few|\d+) (?:hours?|minutes?)|deadline|by tomorrow|tomorrow morning|losing (?:money|clients|customers|business)|clients? (?:are|is) waiting|customers? (?:are|is) waiting|all (?:my|our) (?:clients|customers|bookings|appointments)|nothing works|completely stuck|third time|second time|still waiting|no (?:answer|reply|response))\b/i;
const low =
  /\b(?:no rush|not urgent|no hurry|whenever you (?:can|have)|when you have (?:time|a moment|a minute)|just curious|just wondering|low priority|take your time)\b/i;

/**
 * How soon it wants an answer: what the words say, and never less than `least` unless they say there is no rush. What is
 * `grave` cannot wait whatever they say.
 */
export function readUrgency(text: string, least: Urgency, grave: boolean): Urgency {
  const hurried = grave || !low.test(text);
  const pressing = grave || high.test(text);
  const said: Urgency = hurried && urgent.test(text) ? "urgent" : hurried && pressing ? "high" : "low";
  if (!hurried && least === "normal") return "low";
  return levels[Math.max(levels.indexOf(said), levels.indexOf(least))] ?? least;
}

const negativeWords = new Set(
  `angry annoyed annoying awful bad broken complain complaint disappointed disappointing disaster disgrace disgusting dreadful
  embarrassing fail failed fails fed frustrated frustrating furious garbage hate horrible incompetent joke lost mess nightmare
  outrageous pathetic poor rude scam sick stressed terrible tired ugly unacceptable unhappy unprofessional upset upsetting useless
  worried worse worst wrong ridiculous rubbish ruined sucks shocking stole stolen lawyer fraud misleading`.split(
    /\s+/,
  ),
);
const positiveWords = new Set(
  `amazing appreciate appreciated awesome brilliant delighted excellent fantastic glad good grateful great happy helpful impressed
  kind love loved lovely nice perfect pleased superb thank thanks thrilled wonderful works`.split(/\s+/),
);
const negations = new Set(
  "not no never hardly isn't aren't wasn't weren't don't doesn't didn't can't cannot won't".split(" "),
);

/** Whether the customer sounds pleased or displeased. Courtesies weigh little against what is complained about. */
export function readSentiment(text: string): Sentiment {
  const words = wordsOf(text);
  let score = /!{2,}|\?{3,}/.test(text) ? -1 : 0;
  words.forEach((word, index) => {
    const denied = words.slice(Math.max(0, index - 2), index).some((before) => negations.has(before));
    if (negativeWords.has(word)) score += denied ? 1 : -2;
    if (positiveWords.has(word)) score += denied ? -2 : 1;
  });
  const shouting = (text.match(/\b\p{Lu}{4,}\b/gu) ?? []).length >= 3;
  if (shouting) score -= 2;
  if (score <= -2) return "negative";
  return score >= 2 || (score === 1 && words.length <= 12) ? "positive" : "neutral";
}
