import { readFileSync } from "node:fs";
import { join } from "node:path";
import { LabelledMessage, type Desk } from "../../domain/desk.ts";
import { matterLabels, trainMatterModel, type MatterModel } from "../classifier/matterModel.ts";
import { trainTopicModel, type TopicModel } from "../classifier/topicModel.ts";
import { trainAnswerModel, type AnswerModel } from "../researcher/answerModel.ts";
import { learnFeatures } from "./features.ts";
import { lessonsOf, type Lesson, type Taught } from "./lessons.ts";

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
 * with Countersign. Each part is learnt when it is first asked for: 4,000 messages take a second or two.
 */
export function learn({ topics, messages }: Pick<Desk, "topics" | "messages">): Learned {
  const lessons = lessonsOf(topics, [...messages, ...ofAnyDesk()]);
  const features = learnFeatures(lessons.map(({ text }) => text));
  const ids = topics.map(({ id }) => id);
  const taught = (labels: readonly string[], of: (lesson: Lesson) => string | null) => {
    const places = new Map(labels.map((label, place) => [label, place]));
    return lessons.flatMap((lesson, index): Taught[] => {
      const [label, vector] = [places.get(of(lesson) ?? ""), features.vectors[index]];
      return label === undefined || !vector ? [] : [{ ...lesson, label, vector }];
    });
  };
  return lazily<Learned>({
    topics: () =>
      trainTopicModel(
        ids,
        taught([...ids, "other"], ({ topic }) => topic),
        features,
      ),
    matters: () =>
      trainMatterModel(
        taught(matterLabels, ({ leave }) => leave),
        features,
      ),
    answers: () => trainAnswerModel(lessons, features),
  });
}

const known = new WeakMap<Desk["topics"], Learned>();

/** Learnt once per taxonomy: overrides of tone or policy make a new desk around the same topics. */
export function learnedFor(desk: Desk): Learned {
  const learned = known.get(desk.topics) ?? learn(desk);
  known.set(desk.topics, learned);
  return learned;
}

function ofAnyDesk(): LabelledMessage[] {
  const lines = readFileSync(join(import.meta.dirname, "messages.jsonl"), "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => LabelledMessage.parse(JSON.parse(line)));
}

/** An object whose parts are made when they are first read. */
function lazily<Parts extends object>(makers: { [Name in keyof Parts]: () => Parts[Name] }): Parts {
  const parts = {} as Parts;
  for (const name of Object.keys(makers) as (keyof Parts)[]) {
    Object.defineProperty(parts, name, {
      configurable: true,
      enumerable: true,
      get() {
        const made = makers[name]();
        Object.defineProperty(parts, name, { value: made, enumerable: true });
        return made;
      },
    });
  }
  return parts;
}
