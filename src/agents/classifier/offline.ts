import type { Classification } from "../../domain/classification.ts";
import {
  isFromCustomer,
  isMessage,
  unansweredMessages,
  unansweredText,
  type Conversation,
} from "../../domain/conversation.ts";
import type { Desk } from "../../domain/desk.ts";
import type { Briefing } from "../briefing.ts";
import { findAsks } from "./asks.ts";
import { detectLanguage, isReadable } from "./language.ts";
import { ownWords } from "./message.ts";
import { readSentiment, readUrgency } from "./mood.ts";
import { chooseRoute } from "./routes.ts";
import { findSubject } from "./subject.ts";
import { trainTopicModel, type TopicModel } from "./topicModel.ts";

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
  const title = text === "" ? "" : conversation.title;
  const language = detectLanguage(text, desk);
  const subject = isReadable(text, language, desk)
    ? findSubject(model, desk, { text, asks, title, earlier: earlierText(conversation) })
    : { topic: null, probability: 0, realAsks: asks };
  const { topic } = subject;
  const uncertain = topic === null || subject.probability < desk.confidence;
  const choice = chooseRoute({
    desk,
    text: sent,
    title,
    attachments: messages.reduce((count, part) => count + part.attachments.length, 0),
    language,
    topic,
    uncertain,
    realAsks: subject.realAsks.length,
  });
  return {
    topic: topic?.id ?? OTHER,
    confidence: round(subject.probability),
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

function earlierText(conversation: Conversation): string {
  const unanswered = new Set(unansweredMessages(conversation));
  return conversation.parts
    .filter((part) => isMessage(part) && isFromCustomer(part) && !unanswered.has(part))
    .map((part) => ownWords(part.text))
    .join("\n\n");
}

function round(probability: number): number {
  return Math.round(probability * 100) / 100;
}
