import type { Topic } from "../../domain/desk.ts";

/** A text that shows what a topic is about. */
export interface Lesson {
  /** The place of the topic among the desk's. */
  topic: number;
  text: string;
  /** How much it counts: a description names the subject's words with more care than any single message. */
  weight: number;
  kind: "title" | "description" | "example";
}

const TITLE_WEIGHT = 2;
const DESCRIPTION_WEIGHT = 4;

/** What the desk's own file teaches about each topic. */
export function lessonsOf(topics: readonly Topic[]): Lesson[] {
  return topics.flatMap(({ title, description, examples }, topic): Lesson[] => [
    { topic, text: title, weight: TITLE_WEIGHT, kind: "title" },
    ...(description === ""
      ? []
      : [{ topic, text: description, weight: DESCRIPTION_WEIGHT, kind: "description" } as const]),
    ...examples.map((text): Lesson => ({ topic, text, weight: 1, kind: "example" })),
  ]);
}
