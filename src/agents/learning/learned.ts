import { readFileSync } from "node:fs";
import { join } from "node:path";
import { LabelledMessage, type Desk } from "../../domain/desk.ts";
import { matterLabels, trainMatterModel, type MatterModel } from "../classifier/matterModel.ts";
import { trainTopicModel, type TopicModel } from "../classifier/topicModel.ts";
import { trainAnswerModel, type AnswerModel } from "../researcher/answerModel.ts";
import { learnFeatures } from "./features.ts";
import { lessonsOf, type Lesson, type Taught } from "./lessons.ts";
import { givingWay, type Portions } from "./portions.ts";

/** What the offline engines learn from a desk's own words. */
export interface Learned {
  /** What a message is about. */
  topics: TopicModel;
  /** What in it a person has to answer. */
  matters: MatterModel;
  /** What answered such messages before. */
  answers: AnswerModel;
}

/**
 * Learns from the topics' examples and the labelled messages of a desk, and from the messages of many companies that come
 * with Countersign: 6,000 messages take some seconds.
 */
export function* learn({ topics, messages }: Pick<Desk, "topics" | "messages">): Portions<Learned> {
  const lessons = lessonsOf(topics, [...messages, ...ofAnyDesk()]);
  const features = yield* learnFeatures(lessons.map(({ text }) => text));
  const ids = topics.map(({ id }) => id);
  const taught = (labels: readonly string[], of: (lesson: Lesson) => string | null) => {
    const places = new Map(labels.map((label, place) => [label, place]));
    return lessons.flatMap((lesson, index): Taught[] => {
      const [label, vector] = [places.get(of(lesson) ?? ""), features.vectors[index]];
      return label === undefined || !vector ? [] : [{ ...lesson, label, vector }];
    });
  };
  const ofTopics = taught([...ids, "other"], ({ topic }) => topic);
  const ofMatters = taught(matterLabels, ({ leave }) => leave);
  return {
    topics: yield* trainTopicModel(ids, ofTopics, features),
    matters: yield* trainMatterModel(ofMatters, features),
    answers: yield* trainAnswerModel(lessons, features),
  };
}

const known = new WeakMap<Desk["topics"], Promise<Learned>>();
const kept = new Map<string, Promise<Learned>>();
/** What is learnt takes some 100 MB. */
const MOST_KEPT = 2;

/**
 * Learnt once per process for the same words, between whatever else the process does, and kept: overrides of tone or policy
 * make a new desk around the same topics, and a folder that is read again gives the same ones.
 */
export function learnedFor(desk: Pick<Desk, "topics" | "messages">): Promise<Learned> {
  const learned = known.get(desk.topics) ?? learnOnce(desk);
  known.set(desk.topics, learned);
  return learned;
}

function learnOnce({ topics, messages }: Pick<Desk, "topics" | "messages">): Promise<Learned> {
  const key = JSON.stringify([topics, messages]);
  const learned = kept.get(key) ?? givingWay(learn({ topics, messages }));
  kept.delete(key);
  kept.set(key, learned);
  if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value ?? "");
  return learned;
}

function ofAnyDesk(): LabelledMessage[] {
  const lines = readFileSync(join(import.meta.dirname, "messages.jsonl"), "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => LabelledMessage.parse(JSON.parse(line)));
}
