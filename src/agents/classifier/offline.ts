import type { Classification } from "../../domain/classification.ts";
import {
  isFromCustomer,
  isMessage,
  unansweredMessages,
  unansweredText,
  type Conversation,
} from "../../domain/conversation.ts";
import type { Briefing } from "../briefing.ts";
import { findAsks } from "./asks.ts";
import { detectLanguage, isReadable } from "./language.ts";
import { ownWords } from "./message.ts";
import { readSentiment, readUrgency } from "./mood.ts";
import { chooseRoute } from "./routes.ts";
import { findSign } from "./signs.ts";
import { findSubject } from "./subject.ts";
import type { Learned } from "../learning/learned.ts";

/**
 * Classifies by the words of the desk's own examples: no model, no network, the same answer every time. What it is
 * not sure of it escalates.
 */
export function classifyOffline(briefing: Briefing, learned: Learned): Classification {
  const { desk, conversation } = briefing;
  const messages = unansweredMessages(conversation);
  const sent = unansweredText(conversation);
  const text = messages
    .map((part) => ownWords(part.text))
    .filter((own) => own !== "")
    .join("\n\n");
  const asks = findAsks(text);
  const title = text === "" ? "" : conversation.title;
  const language = detectLanguage(text, desk);
  const subject = isReadable(text, language, desk)
    ? findSubject(learned.topics, desk, { text, asks, title, earlier: earlierText(conversation) })
    : { topic: null, probability: 0, realAsks: asks };
  const { topic } = subject;
  const titled = (words: string) => (title === "" ? words : `${title}\n${words}`);
  const sign = findSign({ text: titled(text), sent: titled(sent) }, desk, learned.matters);
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
    sign,
  });
  return {
    topic: topic?.id ?? OTHER,
    confidence: round(subject.probability),
    urgency: readUrgency(text, topic?.urgency ?? "normal", sign?.matter.grave ?? false),
    sentiment: readSentiment(text),
    language,
    asks: choice.route === "no_reply" ? [] : asks,
    route: choice.route,
    reason: choice.reason,
    uncertain,
  };
}

const OTHER = "other";

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
