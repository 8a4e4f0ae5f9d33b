import type { Classification } from "../../domain/classification.ts";
import {
  isFromCustomer,
  isMessage,
  unansweredMessages,
  unansweredText,
  type Conversation,
} from "../../domain/conversation.ts";
import type { Desk, Topic } from "../../domain/desk.ts";
import type { Briefing } from "../briefing.ts";
import { sentencesOf } from "../sentences.ts";
import { findAsks, isMereThanks } from "./asks.ts";
import { detectLanguage } from "./language.ts";
import { ownWords } from "./message.ts";
import { readSentiment, readUrgency } from "./mood.ts";
import { chooseRoute } from "./routes.ts";
import { sensitiveTopics } from "./sensitive.ts";
import { trainTopicModel, type TopicModel } from "./topicModel.ts";

/** What a view weighs that says nothing about any topic. */
const LEAST_WEIGHT = 0.02;

/**
 * Classifies by the words of the desk's own examples: no model, no network, the same answer every time. What it is
 * not sure of it escalates.
 */
export function classifyOffline(briefing: Briefing): Classification {
  const { desk, conversation } = briefing;
  const messages = unansweredMessages(conversation);
  const sent = unansweredText(conversation);
  const text = messages
    .map((part) => ownWords(part.text))
    .filter((own) => own !== "")
    .join("\n\n");
  const model = topicModelOf(desk);
  const asks = findAsks(text);
  const realAsks = asks.filter((ask) => topicNamed(desk, bestTopic(model, ask).id)?.route !== "no_reply");
  const title = text === "" ? "" : conversation.title;
  const ranked =
    (realAsks.length === 0 ? closingTopic(model, desk, text) : null) ??
    rankMessage(model, {
      text,
      asks: realAsks,
      title,
      earlier: text === "" ? "" : earlierText(conversation),
    });
  const language = detectLanguage(text, desk);
  const readable = text !== "" && (language === "und" || desk.languages.includes(language));
  const named = topicNamed(desk, ranked.id);
  const [sensitive] = readable ? sensitiveTopics(model, desk, { title, text }) : [];
  const best = sensitive && named?.route !== "no_reply" ? pickSensitive(sensitive, ranked) : ranked;
  const topic = readable ? topicNamed(desk, best.id) : null;
  const uncertain = topic === null || best.probability < desk.confidence;
  const choice = chooseRoute({
    desk,
    text: sent,
    title,
    attachments: messages.reduce((count, part) => count + part.attachments.length, 0),
    language,
    topic,
    uncertain,
    realAsks: realAsks.length,
  });
  return {
    topic: topic?.id ?? OTHER,
    confidence: readable ? round(best.probability) : 0,
    urgency: readUrgency(text, topic?.urgency ?? "normal"),
    sentiment: readSentiment(text),
    language,
    asks: choice.route === "no_reply" ? [] : asks,
    route: choice.route,
    reason: choice.reason,
    uncertain,
  };
}

const OTHER = "other";

const models = new WeakMap<Desk["topics"], TopicModel>();

/** Trained once per taxonomy: overrides of tone or policy make a new desk around the same topics. */
function topicModelOf(desk: Desk): TopicModel {
  const known = models.get(desk.topics);
  if (known) return known;
  const model = trainTopicModel(desk.topics);
  models.set(desk.topics, model);
  return model;
}

interface Ranked {
  id: string;
  probability: number;
}

function bestTopic(model: TopicModel, text: string): Ranked {
  return bestOf(model.rank(text));
}

function bestOf({ topics: [first], other }: ReturnType<TopicModel["rank"]>): Ranked {
  return first && first.probability > other ? first : { id: OTHER, probability: other };
}

/**
 * A word of thanks ends a conversation about something else: then one sentence of it is enough, and the title and
 * the past say nothing of it.
 */
function closingTopic(model: TopicModel, desk: Desk, text: string): Ranked | null {
  const views = [text, ...sentencesOf(text)].map((view) => model.rank(view));
  const isClosing = ({ id }: Ranked) => topicNamed(desk, id)?.route === "no_reply";
  const clear = views.map(bestOf).find(isClosing);
  if (clear || !isMereThanks(text)) return clear ?? null;
  const likely = views.flatMap(({ topics }) => topics.filter(isClosing));
  return likely.sort((a, b) => b.probability - a.probability)[0] ?? null;
}

/** What is read of a conversation to find its topic. */
interface Reading {
  /** What the customer is waiting to have answered, in their own words. */
  text: string;
  asks: readonly string[];
  title: string;
  /** What the customer wrote before that. */
  earlier: string;
}

/**
 * Ranks the message as a whole, its asks, the title and what was said before, each by itself; those that say more
 * about any topic count more, so that small talk does not drown the one telling sentence.
 */
function rankMessage(model: TopicModel, { text, asks, title, earlier }: Reading): Ranked {
  const views = [text, ...asks, title, earlier].filter((view) => view !== "").map((view) => model.rank(view));
  const sums = new Map<string, number>();
  let total = 0;
  for (const { topics, other } of views) {
    const weight = 1 - other + LEAST_WEIGHT;
    total += weight;
    for (const { id, probability } of [...topics, { id: OTHER, probability: other }]) {
      sums.set(id, (sums.get(id) ?? 0) + weight * probability);
    }
  }
  const [best, second] = [...sums].sort((a, b) => b[1] - a[1]);
  // How sure it is of "none of them" is nobody's question: what matters is how little speaks for the best.
  if (best?.[0] === OTHER) return { id: OTHER, probability: (second?.[1] ?? 0) / total };
  return best ? { id: best[0], probability: best[1] / total } : { id: OTHER, probability: 0 };
}

function earlierText(conversation: Conversation): string {
  const unanswered = new Set(unansweredMessages(conversation));
  return conversation.parts
    .filter((part) => isMessage(part) && isFromCustomer(part) && !unanswered.has(part))
    .map((part) => ownWords(part.text))
    .join("\n\n");
}

/** A matter for people wins over what else the message is about, unless that is for people too and surer. */
function pickSensitive(
  { topic, probability }: ReturnType<typeof sensitiveTopics>[number],
  ranked: Ranked,
): Ranked {
  return {
    id: topic.id,
    probability: Math.max(probability, topic.id === ranked.id ? ranked.probability : 0),
  };
}

function topicNamed(desk: Desk, id: string): Topic | null {
  return desk.topics.find((topic) => topic.id === id) ?? null;
}

function round(probability: number): number {
  return Math.round(probability * 100) / 100;
}
