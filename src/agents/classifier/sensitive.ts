import type { Desk, Topic } from "../../domain/desk.ts";
import { sentencesOf } from "../sentences.ts";
import type { TopicModel } from "./topicModel.ts";

/** A topic that only a person handles, and how sure it is that the message speaks of it, 0 to 1. */
export interface Sensitive {
  topic: Topic;
  probability: number;
}

/** From this probability on, the title or the message as a whole speaks of a topic. */
const LEAST_IN_WHOLE = 0.5;
/** One sentence must be clearer, and the whole lean the same way, if only a little. */
const LEAST_IN_SENTENCE = 0.8;
const LEANING = 0.06;

/**
 * The topics handled by people that some part of the message is about, the most spoken of first: a threat hidden in a
 * question about invoices is a threat.
 */
export function sensitiveTopics(
  model: TopicModel,
  desk: Desk,
  { title, text }: { title: string; text: string },
): Sensitive[] {
  const whole = probabilitiesIn(model, `${title}\n${text}`);
  const named = title === "" ? new Map<string, number>() : probabilitiesIn(model, title);
  const sentences = sentencesOf(text).map((sentence) => probabilitiesIn(model, sentence));
  return desk.topics
    .filter(({ route }) => route === "escalate")
    .map((topic) => {
      const inWhole = Math.max(whole.get(topic.id) ?? 0, named.get(topic.id) ?? 0);
      const inSentence = Math.max(0, ...sentences.map((sentence) => sentence.get(topic.id) ?? 0));
      const heard = inWhole >= LEAST_IN_WHOLE || (inSentence >= LEAST_IN_SENTENCE && inWhole >= LEANING);
      return { topic, probability: heard ? Math.max(inWhole, inSentence) : 0 };
    })
    .filter(({ probability }) => probability > 0)
    .sort((a, b) => b.probability - a.probability);
}

function probabilitiesIn(model: TopicModel, view: string): Map<string, number> {
  return new Map(model.rank(view).topics.map(({ id, probability }) => [id, probability]));
}
