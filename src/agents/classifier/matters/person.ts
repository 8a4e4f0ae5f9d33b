import type { Desk } from "../../../domain/desk.ts";
import { sentencesOf } from "../../sentences.ts";

const wish =
  /\b(?:speak|talk|chat|connect me|put me through|pass (?:this|me)|forward (?:this|me)|transfer me|hand (?:this|me)(?: over)?|hear from|hear back from|reach|ask|call from|message for|this is for|only with|attention of|deal with)\b(?:\s+(?:directly|again|only|on|back|please))*\s*(?:to|with|from|for)?\s+/giu;
const role =
  /^(?:(?:a|an|the|your|some|actual|real|live|human)\s+)*(?:human|person|people|manager|supervisor|owner|boss|representative|someone real|agent|colleague of yours|whoever)\b/i;
const roleWanted =
  /\b(?:get|give|want|need|send|prefer)\s+(?:me\s+)?(?:(?:a|an|the|your|some|actual|real|live)\s+)+(?:human|person|manager|supervisor|representative)\b(?!')/i;

const humanWanted =
  /\b(?:an?|some|any|your?) (?:(?:real|actual|live|human) )*(?:human(?: being)?|person|manager|supervisor)\b[^.!?\n]{0,30}\b(?:call|contact|get in touch|get back|reply|answer|write|speak|talk|ring|phone)\b/i;
const robotRefused =
  /\b(?:no|not|don't want|do not want|instead of|rather than|stop sending)\b[^.!?\n]{0,12}\b(?:robots?|bots?|chatbots?|ai|machines?)\b/i;

/** A call or a talk, wished for from us; what the customer's own clients do is another matter. */
const talkWanted: readonly RegExp[] = [
  /\b(?:please|pls|can|could|will|somebody|someone|anybody|anyone|you|just|and|to) (?:\w+ ){0,2}(?:call|phone|ring) (?:me|us)\b(?! (?:names|directly from))/i,
  /^(?:call|phone|ring) (?:me|us)\b/im,
  /\bgive (?:me|us) a (?:ring|call|bell|buzz)\b|\b(?:call|ring|phone) ?backs? (?:please|today|tomorrow|from|asap|this|on)\b|\b(?:want|need|like|request|arrange|schedule|expect|get|have) a (?:phone )?call(?:[ -]?back)?\b(?! (?:button|link|when|from (?:a|my|our)))/i,
  /\b(?:speak|talk|chat|discuss (?:it|this)|explain (?:it|this))(?: (?:this|it|things))?(?: (?:through|over))? (?:to|with) (?:someone|somebody|anyone|anybody|one of you|one of your)\b/i,
  /\bput me (?:on to|onto|through)\b|\b(?:who|whoever)(?:'s| is) in charge\b|\byour (?:manager|supervisor|boss|superior)s?\b/i,
  /\bare you (?:even |really |actually )?(?:an? )?(?:real|human|robot|bot|machine|ai)\b|\bautomat(?:ic|ed) (?:answers?|replies|reply|responses?|messages? from you)\b|\ba (?:real|living|actual) (?:human|person)\b/i,
  /\b(?:is there|do you have|have you got|what(?:'s| is)|give me|where(?:'s| is)) (?:an?|your|the) (?:(?:phone|telephone|support|contact|customer service) )?(?:number|hotline|helpline|phone line)\b(?! (?:of|for my|for the (?:client|booking))\b)[^.!?]{0,20}(?:call|ring|phone|reach|\?)/i,
];
const ofClients =
  /\b(?:clients?|customers?|patients?|pupils?|students?|guests?|they|people|folks?)\b[^.!?]{0,25}\b(?:call|phone|ring|speak|talk)\b/i;

const present =
  /\b(?:is|where is|where's)\s+(\p{Lu}\p{Ll}{2,})\s+(?:there|around|available|in|back|working|still)\b/u;
/** What only a person can be asked to do. */
const invitedToTalk =
  /\b(?:[Cc]ould|[Cc]an|[Ww]ould|[Ww]ill|[Ll]et|[Hh]ave|[Aa]sk)\s+(\p{Lu}\p{Ll}{2,})\s+(?:please\s+|to\s+|kindly\s+)*(?:call|ring|phone|give (?:me|us|her|him) a|get (?:in touch|back))\b/u;
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
  const talker = invitedToTalk.exec(text)?.[1];
  if (talker) return talker;
  for (const pattern of [present, invited]) {
    const name = pattern.exec(text)?.[1];
    if (name && !isProductWord(name, desk)) return name;
  }
  const wantsTalk = sentencesOf(text.replace(/[’‘`]/g, "'")).some(
    (sentence) => !ofClients.test(sentence) && talkWanted.some((pattern) => pattern.test(sentence)),
  );
  return wantsTalk ? "a person" : null;
}

/** In fewer of the desk's texts than these, a word with a capital may as well be somebody's name. */
const FEWEST_TEXTS = 2;

/** Names of products and services begin with a capital as well; the desk's own words tell them apart. */
function isProductWord(name: string, desk: Desk): boolean {
  const titles = [desk.name, desk.policy, ...desk.topics.map(({ title }) => title)];
  const examples = desk.topics.flatMap((topic) => topic.examples).filter((text) => text.includes(name));
  const asName = /\b(?:speak|talk|ask for|chat)\b/i;
  return (
    titles.some((text) => text.includes(name)) ||
    examples.filter((text) => !asName.test(text)).length >= FEWEST_TEXTS
  );
}
