import type { Route } from "../../domain/classification.ts";
import type { Desk, Topic } from "../../domain/desk.ts";
import { findInstruction } from "../instructing.ts";
import { oneLine } from "../sentences.ts";
import { foreignLanguageIn } from "./language.ts";
import type { Sign } from "./matterModel.ts";
import { outsideRefundPolicy } from "./refunds.ts";

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

interface OfflineSignals extends Signals {
  /** What a person has to answer in it, if there is any such thing. */
  sign: Sign | null;
}

interface Choice {
  route: Route;
  reason: string;
}

type Rule<Known> = (signals: Known) => Choice | null;

const LONGEST_SIGN = 90;

/** Rules that hold whatever a model thinks: nobody but a person may answer these. The first that applies decides. */
const firmRules: readonly Rule<Signals>[] = [
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
  ({ desk, text }) => {
    const foreign = foreignLanguageIn(text, desk);
    return foreign === null
      ? null
      : escalate(`A part of the message is in a language the desk does not answer in (${foreign}).`);
  },
  ({ topic }) =>
    topic?.route === "escalate" ? escalate(`A person handles every message about ${topic.title}.`) : null,
];

const offlineRules: readonly Rule<OfflineSignals>[] = [
  ...firmRules,
  ({ sign, topic, realAsks }) => {
    if (sign === null) return null;
    // Advertising tries to steer whoever reads it, too.
    const advertises = sign.matter.id === "instruction" && asksNothing(topic, realAsks);
    return advertises
      ? null
      : escalate(`There is a sign that ${sign.matter.sign} ("${shortened(sign.sentence)}").`);
  },
  ({ topic, realAsks }) =>
    topic !== null && asksNothing(topic, realAsks)
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
export function chooseRoute(signals: OfflineSignals): Choice {
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

function firstOf<Known>(rules: readonly Rule<Known>[], signals: Known): Choice | null {
  for (const rule of rules) {
    const choice = rule(signals);
    if (choice) return choice;
  }
  return null;
}

function answer({ topic }: Signals): Choice {
  return { route: "reply", reason: `The message is about ${topic?.title ?? "something the desk answers"}.` };
}

function asksNothing(topic: Topic | null, realAsks: number): boolean {
  return topic?.route === "no_reply" && realAsks === 0;
}

function shortened(sentence: string): string {
  const text = oneLine(sentence).replaceAll('"', "'");
  return text.length <= LONGEST_SIGN ? text : `${text.slice(0, LONGEST_SIGN - 1).trimEnd()}…`;
}

function escalate(reason: string): Choice {
  return { route: "escalate", reason };
}
