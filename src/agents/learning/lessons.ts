import type { LabelledMessage, MatterId, Topic } from "../../domain/desk.ts";
import type { LabelledVector } from "./logistic.ts";

/** A text that shows what a topic is about, and whether a person answers such a message. */
export interface Lesson {
  text: string;
  /** The topic's id, or `other`; null where the text does not say. */
  topic: string | null;
  /** Why a person answers it, or `none`; null where the text does not say. */
  leave: MatterId | "none" | null;
  /** What answers it, `article:<id>` or `macro:<id>`, and nothing where it is empty; null where the text does not say. */
  answer: readonly string[] | null;
  /** How much it counts: a description names the subject's words with more care than any single message. */
  weight: number;
  kind: "title" | "description" | "message";
}

/** A lesson for one classifier: its class as a place among the classes. */
export type Taught = Lesson & LabelledVector;

const TITLE_WEIGHT = 2;
const DESCRIPTION_WEIGHT = 4;

/**
 * What the topics and the labelled messages teach. A topic's examples are messages that nobody has to be asked about,
 * unless a message with the same text says otherwise, or people handle the topic anyway.
 */
export function lessonsOf(topics: readonly Topic[], messages: readonly LabelledMessage[]): Lesson[] {
  const labelled = new Map(messages.map((message) => [message.text, message]));
  const ofTopics = topics.flatMap(({ id, title, description, examples, route }): Lesson[] => [
    { text: title, topic: id, leave: null, answer: null, weight: TITLE_WEIGHT, kind: "title" },
    ...(description === ""
      ? []
      : [
          {
            text: description,
            topic: id,
            leave: null,
            answer: null,
            weight: DESCRIPTION_WEIGHT,
            kind: "description",
          } as const,
        ]),
    ...examples.map((text): Lesson => {
      const { leave, answer = null } = labelled.get(text) ?? {};
      const implied = route === "escalate" ? null : "none";
      return { text, topic: id, leave: leave ?? implied, answer, weight: 1, kind: "message" };
    }),
  ]);
  const examples = new Set(ofTopics.map(({ text }) => text));
  const others = messages.filter(({ text }) => !examples.has(text));
  return [
    ...ofTopics,
    ...others.map(({ text, topic = null, leave = null, answer = null }): Lesson => ({
      text,
      topic,
      leave,
      answer,
      weight: 1,
      kind: "message",
    })),
  ];
}
