import type { Desk, Topic } from "../../domain/desk.ts";
import { sentencesOf } from "../sentences.ts";
import { findAsks, isMereThanks } from "./asks.ts";
import { sensitiveTopics } from "./sensitive.ts";
import type { TopicModel, TopicRanking } from "./topicModel.ts";

/** What is read of a conversation to find its topic. */
export interface Reading {
  /** What the customer is waiting to have answered, in their own words. */
  text: string;
  asks: readonly string[];
  title: string;
  /** What the customer wrote before that. */
  earlier: string;
}

/** What a message is about. */
export interface Subject {
  /** Null for none of the desk's topics. */
  topic: Topic | null;
  /** How sure that is; for no topic, how much speaks for the likeliest. */
  probability: number;
  /** The asks that are not the talk of a topic nobody answers, such as spam. */
  realAsks: readonly string[];
}

interface Ranked {
  topic: Topic | null;
  probability: number;
}

/** From this probability on, a text is clearly about a topic. */
const CLEAR = 0.5;

/**
 * Finds what a message is about: a topic nobody answers if nothing is really asked, or else what most of it is about.
 */
export function findSubject(given: TopicModel, desk: Desk, reading: Reading): Subject {
  const model = remembering(given);
  const whole = rankMessage(model, desk, reading);
  const realAsks = reading.asks.filter((ask) => isReal(ask, bestOf(desk, model.rank(ask)), whole));
  const closing = realAsks.length === 0 ? closingTopic(model, desk, reading.text) : null;
  const [sensitive] = sensitiveTopics(model, desk, reading);
  if (closing) return { ...closing, realAsks };
  if (!sensitive || whole.topic?.route === "no_reply") return { ...whole, realAsks };
  const same = whole.topic === sensitive.topic ? whole.probability : 0;
  return { topic: sensitive.topic, probability: Math.max(sensitive.probability, same), realAsks };
}

/** Asks the model about each text once: the same sentences are looked at for several reasons. */
function remembering(model: TopicModel): TopicModel {
  const known = new Map<string, TopicRanking>();
  return {
    rank(text) {
      const ranking = known.get(text) ?? model.rank(text);
      known.set(text, ranking);
      return ranking;
    },
  };
}

/**
 * A sales letter asks for an appointment without asking the desk anything: where the examples of a topic nobody
 * answers ask as well, an ask in such a message must be a question clearly about something else.
 */
function isReal(ask: string, { topic, probability }: Ranked, whole: Ranked): boolean {
  if (topic?.route === "no_reply") return ask.includes("?") && !asksByNature(topic);
  if (whole.topic?.route !== "no_reply" || !asksByNature(whole.topic)) return true;
  return ask.includes("?") && probability >= Math.max(CLEAR, whole.probability);
}

function asksByNature({ examples }: Topic): boolean {
  return examples.filter((example) => findAsks(example).length > 0).length > examples.length / 2;
}

function bestOf(desk: Desk, { topics: [first], other }: TopicRanking): Ranked {
  if (!first || other > first.probability) return { topic: null, probability: first?.probability ?? 0 };
  return { topic: topicNamed(desk, first.id), probability: first.probability };
}

/**
 * A word of thanks ends a conversation about something else: then one sentence of it is enough, and the title and
 * the past say nothing of it.
 */
function closingTopic(model: TopicModel, desk: Desk, text: string): Ranked | null {
  const views = [text, ...sentencesOf(text)].map((view) => model.rank(view));
  const isClosing = ({ topic }: Ranked) => topic?.route === "no_reply";
  const clear = views.map((view) => bestOf(desk, view)).find(isClosing);
  if (clear || !isMereThanks(text)) return clear ?? null;
  const likely = views
    .flatMap(({ topics }) => topics)
    .map(({ id, probability }) => ({ topic: topicNamed(desk, id), probability }));
  return likely.filter(isClosing).sort((a, b) => b.probability - a.probability)[0] ?? null;
}

/** What each part of a conversation counts beside the message as a whole. */
const SHARES = { whole: 2, ask: 1, title: 1, earlier: 1 };
/** "None of them" must be so many times likelier: to name a topic and say that it is unsure helps a reviewer more. */
const OTHER_MARGIN = 2;
/** What a view weighs that says nothing about any topic. */
const LEAST_WEIGHT = 0.02;

/**
 * Ranks the message as a whole, its asks, the title and what was said before, each by itself; those that say more
 * about any topic count more, so that small talk does not drown the one telling sentence.
 */
function rankMessage(model: TopicModel, desk: Desk, { text, asks, title, earlier }: Reading): Ranked {
  const views = [
    { view: title === "" ? text : `${title}\n${text}`, share: SHARES.whole },
    ...asks.map((view) => ({ view, share: SHARES.ask / asks.length })),
    { view: title, share: SHARES.title },
    { view: earlier, share: SHARES.earlier },
  ].filter(({ view }) => view !== "");
  const sums = new Map(desk.topics.map((topic) => [topic, 0]));
  let otherSum = 0;
  let total = 0;
  for (const { view, share } of views) {
    const { topics, other } = model.rank(view);
    const weight = share * (1 - other + LEAST_WEIGHT);
    total += weight;
    otherSum += weight * other;
    for (const { id, probability } of topics) {
      const topic = topicNamed(desk, id);
      if (topic) sums.set(topic, (sums.get(topic) ?? 0) + weight * probability);
    }
  }
  const [best] = [...sums].sort((a, b) => b[1] - a[1]);
  if (!best) return { topic: null, probability: 0 };
  // How sure it is of "none of them" is nobody's question: what matters is how little speaks for the best.
  return { topic: otherSum > OTHER_MARGIN * best[1] ? null : best[0], probability: best[1] / total };
}

function topicNamed(desk: Desk, id: string): Topic | null {
  return desk.topics.find((topic) => topic.id === id) ?? null;
}
