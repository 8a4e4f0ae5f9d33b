import type { Desk } from "../../domain/desk.ts";

const wish =
  /\b(?:speak|talk|chat|connect me|put me through|pass (?:this|me)|forward (?:this|me)|transfer me|hand (?:this|me)(?: over)?|hear from|hear back from|reach|ask|call from|message for|this is for|only with|attention of|deal with)\b(?:\s+(?:directly|again|only|on|back|please))*\s*(?:to|with|from|for)?\s+/giu;
const role =
  /^(?:(?:a|an|the|your|some|actual|real|live|human)\s+)*(?:human|person|people|manager|supervisor|owner|boss|representative|someone real|agent)\b/i;
const roleWanted =
  /\b(?:get|give|want|need|send|prefer)\s+(?:me\s+)?(?:(?:a|an|the|your|some|actual|real|live)\s+)+(?:human|person|manager|supervisor|representative)\b(?!')/i;

const humanWanted =
  /\b(?:an?|some|any|your?) (?:(?:real|actual|live|human) )*(?:human(?: being)?|person|manager|supervisor)\b[^.!?\n]{0,30}\b(?:call|contact|get in touch|get back|reply|answer|write|speak|talk|ring|phone)\b/i;
const robotRefused =
  /\b(?:no|not|don't want|do not want|instead of|rather than|stop sending)\b[^.!?\n]{0,12}\b(?:robots?|bots?|chatbots?|ai|machines?)\b/i;

const present =
  /\b(?:is|where is|where's)\s+(\p{Lu}\p{Ll}{2,})\s+(?:there|around|available|in|back|working|still)\b/u;
const invited =
  /\b(?:[Cc]ould|[Cc]an|[Ww]ould|[Ww]ill|[Ll]et|[Hh]ave|[Aa]sk)\s+(\p{Lu}\p{Ll}{2,})\s+(?:please\s+|to\s+|kindly\s+)*(?:call|give|contact|write|ring|phone|get|drop|answer|reply|handle|look|take|email|e-mail)\b/u;

/** Whom the customer wants to speak to, as words for the reviewer; null when it does not matter to them. */
export function personAskedFor(text: string, desk: Desk): string | null {
  for (const match of text.matchAll(wish)) {
    const rest = text.slice(match.index + match[0].length);
    const wanted = role.exec(rest)?.[0];
    if (wanted) return "a person";
    const name = /^(\p{Lu}\p{Ll}{2,})\b/u.exec(rest)?.[1];
    if (name && !isProductWord(name, desk)) return name;
  }
  if ([roleWanted, humanWanted, robotRefused].some((pattern) => pattern.test(text))) return "a person";
  for (const pattern of [present, invited]) {
    const name = pattern.exec(text)?.[1];
    if (name && !isProductWord(name, desk)) return name;
  }
  return null;
}

/** Names of products and services begin with a capital as well; the desk's own words tell them apart. */
function isProductWord(name: string, desk: Desk): boolean {
  const own = [desk.name, desk.policy, ...desk.topics.flatMap((topic) => [topic.title, ...topic.examples])];
  const asName = /\b(?:speak|talk|ask for|chat)\b/i;
  return own.some((text) => text.includes(name) && !asName.test(text));
}
