import type { Route } from "../../domain/classification.ts";
import type { Desk, Topic } from "../../domain/desk.ts";
import { findInstruction } from "../instructing.ts";
import { matterForPeople } from "./matters/matters.ts";
import { personAskedFor } from "./person.ts";
import { outsideRefundPolicy } from "./refunds.ts";
import { complainsAgain } from "./repeated.ts";

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
  ({ desk, text, title }) => {
    const sign = matterForPeople(`${title}\n${text}`, desk.policy);
    return sign === null ? null : escalate(`There is a sign that ${sign}.`);
  },
  ({ text }) => {
    const phrase = complainsAgain(text);
    return phrase === null
      ? null
      : escalate(`The customer writes about the same matter again ("${phrase}").`);
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
  ({ desk, text, topic }) => {
    const reason = outsideRefundPolicy(text, topic, desk.policy);
    return reason === null ? null : escalate(reason);
  },
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
