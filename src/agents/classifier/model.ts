import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { Classification } from "../../domain/classification.ts";
import { unansweredMessages, unansweredText } from "../../domain/conversation.ts";
import { askForObject } from "../../models/structured.ts";
import type { Briefing } from "../briefing.ts";
import { conversationMaterial } from "../material.ts";
import { classifierInstructions } from "./prompt.ts";
import { boundRoute } from "./routes.ts";
import { ModelClassification } from "./schema.ts";

/**
 * Classifies with a model. Code keeps what no model decides: the taxonomy, the least urgency of a topic, and the
 * messages that always go to a person. Throws VendorError when the provider fails or its answers cannot be used.
 */
export async function classifyWithModel(model: BaseChatModel, briefing: Briefing): Promise<Classification> {
  const { desk, conversation } = briefing;
  const answer = await askForObject(model, {
    name: "classify",
    schema: ModelClassification,
    instructions: classifierInstructions(desk),
    material: conversationMaterial(briefing),
  });
  const topic = desk.topics.find(({ id }) => id === answer.topic) ?? null;
  const uncertain = topic === null || answer.confidence < desk.confidence;
  const language = languageCode(answer.language);
  const asks = answer.asks.map((ask) => ask.trim()).filter((ask) => ask !== "");
  const messages = unansweredMessages(conversation);
  const choice = boundRoute(answer, {
    desk,
    text: unansweredText(conversation),
    title: conversation.title,
    attachments: messages.reduce((count, part) => count + part.attachments.length, 0),
    language,
    topic,
    uncertain,
    realAsks: asks.length,
  });
  return {
    topic: topic?.id ?? "other",
    confidence: answer.confidence,
    urgency: moreUrgent(answer.urgency, topic?.urgency ?? "low"),
    sentiment: answer.sentiment,
    language,
    asks: choice.route === "no_reply" ? [] : asks,
    route: choice.route,
    reason: choice.reason,
    uncertain,
  };
}

type Urgency = Classification["urgency"];
const levels: readonly Urgency[] = ["low", "normal", "high", "urgent"];

function moreUrgent(one: Urgency, other: Urgency): Urgency {
  return levels.indexOf(one) >= levels.indexOf(other) ? one : other;
}

/** Models write `en-GB` and `EN` as well. */
function languageCode(language: string): string {
  return /^[a-z]{2}(?=$|[-_])/.exec(language.trim().toLowerCase())?.[0] ?? "und";
}
