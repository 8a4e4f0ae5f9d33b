import type { Route } from "../../domain/classification.ts";
import type { Desk, Topic } from "../../domain/desk.ts";
import { findInstruction } from "../instructing.ts";
import { longestElapsed, longestPeriod } from "./elapsed.ts";

/** What the route is chosen by. */
interface Signals {
  desk: Desk;
  /** All the customer is waiting to have answered, as they sent it. */
  text: string;
  title: string;
  attachments: number;
  language: string;
  /** The topic, or null for `other`. */
  topic: Topic | null;
  uncertain: boolean;
  /** How many asks there are that are not the talk of a topic nobody answers, such as spam. */
  realAsks: number;
}

interface Choice {
  route: Route;
  reason: string;
}

type Rule = (signals: Signals) => Choice | null;

/** Rules that hold whatever a model thinks: nobody but a person may answer these. The first that applies decides. */
const firmRules: readonly Rule[] = [
  ({ text, attachments }) => {
    if (text !== "") return null;
    if (attachments > 0) return escalate("The customer sent only attachments, which the desk does not read.");
    return escalate("There is no unanswered text from the customer.");
  },
  ({ text, title }) => {
    const phrase = findInstruction(`${title}\n${text}`);
    return phrase === null ? null : escalate(`The text tries to instruct an assistant ("${phrase}").`);
  },
  ({ desk, language }) =>
    language === "und" || desk.languages.includes(language)
      ? null
      : escalate(`The customer writes in a language the desk does not answer in (${language}).`),
  ({ topic }) =>
    topic?.route === "escalate" ? escalate(`A person handles every message about ${topic.title}.`) : null,
];

const offlineRules: readonly Rule[] = [
  ...firmRules,
  ({ desk, text, title }) => {
    const person = personAskedFor(`${title}\n${text}`, desk);
    return person === null ? null : escalate(`The customer asks for ${person}.`);
  },
  ({ topic, realAsks }) =>
    topic?.route === "no_reply" && realAsks === 0
      ? { route: "no_reply", reason: `The message is about ${topic.title} and asks nothing.` }
      : null,
  ({ topic, uncertain }) => {
    if (topic === null) return escalate("The message fits none of the desk's topics.");
    return uncertain
      ? escalate(`The message may be about ${topic.title}, but that is not sure enough.`)
      : null;
  },
  outsideRefundPolicy,
];

/** The route of an offline classification. */
export function chooseRoute(signals: Signals): Choice {
  return firstOf(offlineRules, signals) ?? answer(signals);
}

/** The route a model proposed, unless a rule that no model may bend says otherwise. */
export function boundRoute(proposed: Choice, signals: Signals): Choice {
  const firm = firstOf(firmRules, signals);
  if (firm) return firm;
  return proposed.route === "no_reply" && signals.realAsks > 0
    ? { route: "reply", reason: "The customer asks something, so they get an answer." }
    : proposed;
}

function firstOf(rules: readonly Rule[], signals: Signals): Choice | null {
  for (const rule of rules) {
    const choice = rule(signals);
    if (choice) return choice;
  }
  return null;
}

function answer({ topic }: Signals): Choice {
  return { route: "reply", reason: `The message is about ${topic?.title ?? "something the desk answers"}.` };
}

function escalate(reason: string): Choice {
  return { route: "escalate", reason };
}

const refund = /refund|money back|reimburs/i;
const exception =
  /\b(?:make an exception|as an exception|(?:outside|against|despite|bend|beyond) (?:of )?(?:the |your )?(?:refund )?(?:policy|rules|window|period)|good\s?will|past the (?:deadline|window|period)|after the (?:deadline|window|period|trial))\b/i;

/** A wish for money back that the stated policy does not grant is for a person to refuse or to grant. */
function outsideRefundPolicy({ desk, text, topic }: Signals): Choice | null {
  if (topic === null || !refund.test(`${topic.id} ${topic.title}`)) return null;
  if (exception.test(text)) return escalate("The customer asks for a refund outside of the policy.");
  const elapsed = longestElapsed(text);
  const period = longestPeriod(desk.policy, refund);
  if (elapsed === null || period === null || elapsed <= period) return null;
  return escalate(`The customer asks for a refund after the ${period} days the policy gives.`);
}

const wish =
  /\b(?:speak|talk|chat|connect me|put me through|pass (?:this|me)|forward (?:this|me)|transfer me|hand (?:this|me)(?: over)?|hear from|hear back from|reach|ask|call from|message for|this is for|only with|attention of|deal with)\b(?:\s+(?:directly|again|only|on|back|please))*\s*(?:to|with|from|for)?\s+/giu;
const role =
  /^(?:(?:a|an|the|your|some|actual|real|live|human)\s+)*(?:human|person|people|manager|supervisor|owner|boss|representative|someone real|agent)\b/i;
const roleWanted =
  /\b(?:get|give|want|need|send|prefer)\s+(?:me\s+)?(?:(?:a|an|the|your|some|actual|real|live)\s+)+(?:human|person|manager|supervisor|representative)\b(?!')/i;

const present =
  /\b(?:is|where is|where's)\s+(\p{Lu}\p{Ll}{2,})\s+(?:there|around|available|in|back|working|still)\b/u;
const invited =
  /\b(?:[Cc]ould|[Cc]an|[Ww]ould|[Ww]ill|[Ll]et|[Hh]ave|[Aa]sk)\s+(\p{Lu}\p{Ll}{2,})\s+(?:please\s+|to\s+|kindly\s+)*(?:call|give|contact|write|ring|phone|get|drop|answer|reply|handle|look|take|email|e-mail)\b/u;

/** Whom the customer wants to speak to, as words for the reviewer; null when it does not matter to them. */
function personAskedFor(text: string, desk: Desk): string | null {
  for (const match of text.matchAll(wish)) {
    const rest = text.slice(match.index + match[0].length);
    const wanted = role.exec(rest)?.[0];
    if (wanted) return "a person";
    const name = /^(\p{Lu}\p{Ll}{2,})\b/u.exec(rest)?.[1];
    if (name && !isProductWord(name, desk)) return name;
  }
  if (roleWanted.test(text)) return "a person";
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
