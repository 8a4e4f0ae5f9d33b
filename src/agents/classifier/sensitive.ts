import type { Desk, Topic } from "../../domain/desk.ts";
import { sentencesOf } from "../sentences.ts";
import type { TopicModel } from "./topicModel.ts";

/** A topic that only a person handles, and how sure it is that the message speaks of it, 0 to 1. */
export interface Sensitive {
  topic: Topic;
  probability: number;
}

/** From this probability on, the title or the message as a whole speaks of a topic: a close second is enough. */
const LEAST_IN_WHOLE = 0.35;
/** One sentence must be clear by itself... */
const CLEAR_IN_SENTENCE = 0.7;
/** ...unless the whole leans the same way, if only a little: what is wrong to answer weighs more than what could be. */
const LEAST_IN_SENTENCE = 0.35;
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
      const least = inWhole >= LEANING ? LEAST_IN_SENTENCE : CLEAR_IN_SENTENCE;
      const heard = inWhole >= LEAST_IN_WHOLE || inSentence >= least;
      return { topic, probability: heard ? Math.max(inWhole, inSentence) : 0 };
    })
    .filter(({ probability }) => probability > 0)
    .sort((a, b) => b.probability - a.probability);
}

function probabilitiesIn(model: TopicModel, view: string): Map<string, number> {
  return new Map(model.rank(view).topics.map(({ id, probability }) => [id, probability]));
}
