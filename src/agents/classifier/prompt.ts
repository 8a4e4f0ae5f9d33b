import type { Desk } from "../../domain/desk.ts";
import { dataRule, deskMaterial } from "../material.ts";

const EXAMPLES_PER_TOPIC = 3;

/** What the classifier's model is told to do. */
export function classifierInstructions(desk: Desk): string {
  return [
    `You sort incoming conversations of a support desk. Answer by calling classify once.`,
    dataRule,
    `Classify what the customer has written since the team last answered; the rest is context. Choose the topic by its id, and "other" when none fits.`,
    `An ask is one thing the customer wants to know or to have done, in their own words. A text that only thanks, or only advertises, has no asks.`,
    `Say honestly how sure you are: 0.9 for a plain case, under 0.4 when two topics fit as well.`,
    deskMaterial(desk),
    `Languages the desk answers in: ${desk.languages.join(", ")}.`,
    `Topics:\n${desk.topics.map(topicLine).join("\n")}`,
  ].join("\n\n");
}

function topicLine({ id, title, description, route, urgency, examples }: Desk["topics"][number]): string {
  const sample = examples.slice(0, EXAMPLES_PER_TOPIC).map((example) => JSON.stringify(example));
  return `- ${id} (${title}; usually ${route}, at least ${urgency} urgency): ${description} For instance ${sample.join(", ")}`;
}
