import type { Desk, Topic } from "../../domain/desk.ts";
import { sentencesOf } from "../sentences.ts";
import { termsOf } from "../terms.ts";
import type { TopicModel } from "./topicModel.ts";

/** A topic that only a person handles, and how sure it is that the message speaks of it, 0 to 1. */
interface Sensitive {
  topic: Topic;
  probability: number;
}

/** From this probability on, one sentence is enough to say that a message also speaks of a topic... */
const CLEARLY = 0.65;
/** ...and in a title, which names the matter in few words, from this. */
const CLEARLY_IN_TITLE = 0.35;
/** So many words of a topic's own name it, whatever else the message is about. */
const FEWEST_OWN_WORDS = 2;

/**
 * The topics handled by people that some part of the message is about, the most spoken of first: a threat hidden in a
 * question about invoices is a threat.
 */
export function sensitiveTopics(
  model: TopicModel,
  desk: Desk,
  { title, text }: { title: string; text: string },
): Sensitive[] {
  const forPeople = new Set(desk.topics.filter(({ route }) => route === "escalate").map(({ id }) => id));
  const views = [
    { view: title, least: CLEARLY_IN_TITLE },
    ...sentencesOf(text).map((view) => ({ view, least: CLEARLY })),
  ];
  const heard = views.flatMap(({ view, least }) => {
    const ranking = model.rank(view);
    // A close second is enough: what is wrong to answer weighs more than what could be answered.
    const [best] = ranking.topics.filter(({ id }) => forPeople.has(id));
    return best && best.probability >= Math.max(least, ranking.other) ? [best] : [];
  });
  const said = new Set(termsOf(`${title}\n${text}`));
  return desk.topics
    .filter(({ id }) => forPeople.has(id))
    .map((topic) => {
      const probabilities = heard.filter(({ id }) => id === topic.id).map(({ probability }) => probability);
      const own = [...ownTerms(desk, topic)].filter((term) => said.has(term)).length;
      return {
        topic,
        weight: probabilities.reduce((sum, probability) => sum + probability, 0) + own / 10,
        probability: Math.max(0, ...probabilities, own >= FEWEST_OWN_WORDS ? CLEARLY : 0),
      };
    })
    .filter(({ probability }) => probability > 0)
    .sort((a, b) => b.weight - a.weight);
}

/** The words that more than one text of the topic holds, and no other topic of the desk. */
function ownTerms({ topics }: Desk, topic: Topic): Set<string> {
  const elsewhere = new Set(
    topics.filter((other) => other !== topic).flatMap((other) => textsOf(other).flatMap(termsOf)),
  );
  const seen = new Set<string>();
  const own = new Set<string>();
  for (const text of textsOf(topic)) {
    for (const term of new Set(termsOf(text))) {
      if (seen.has(term) && !elsewhere.has(term)) own.add(term);
      seen.add(term);
    }
  }
  return own;
}

function textsOf({ title, description, examples }: Topic): string[] {
  return [`${title} ${description}`, ...examples];
}
