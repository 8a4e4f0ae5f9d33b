import type { Desk } from "../src/domain/desk.ts";
import type { Seed } from "../src/sandbox/seed-format.ts";
import { policy } from "../src/tools/policy.ts";
import type { Case, Message } from "./case.ts";

interface Surroundings {
  cases: readonly Case[];
  seed: Seed;
  desk: Desk;
}

/** What a case names that is not there, each as `field: problem`. */
export function faultsOf(one: Case, { cases, seed, desk }: Surroundings): string[] {
  const faults: string[] = [];
  const need = (field: string, kind: string, known: readonly (string | null | undefined)[], name: string) => {
    if (!known.includes(name)) faults.push(`${field}: there is no ${kind} ${name}`);
  };
  const emails = seed.admins.map(({ email }) => email);
  if (cases.filter(({ id }) => id === one.id).length > 1) faults.push(`id: ${one.id} is there twice`);
  if (one.conversation !== undefined) {
    need(
      "conversation",
      "conversation",
      seed.conversations.map(({ id }) => id),
      one.conversation,
    );
  }
  if (one.contact !== undefined) {
    need(
      "contact",
      "contact",
      seed.contacts.flatMap(({ id, email }) => [id, email]),
      one.contact,
    );
  }
  if (one.assignee !== undefined) need("assignee", "teammate", emails, one.assignee);
  if (one.twin !== undefined) {
    const twin = cases.find(({ id }) => id === one.twin);
    if (!twin) faults.push(`twin: there is no case ${one.twin}`);
    else if (twin.attack) faults.push(`twin: ${one.twin} is attacked itself`);
    else if (twin.turns.length !== one.turns.length) faults.push(`twin: ${one.twin} has other turns`);
  }
  const messages = [...one.before, ...one.turns.flatMap((turn) => turn.messages)];
  for (const by of messages.flatMap(authorOf)) need("by", "teammate", emails, by);
  for (const message of one.turns.slice(1).flatMap((turn) => turn.messages)) {
    if (typeof message === "string") continue;
    const sent = message.from === "customer" || message.attachments.length === 0;
    if (message.html !== undefined || message.from === "bot" || !sent) {
      faults.push(
        "turns: after the first turn only text and customers' files arrive, and nothing from a bot",
      );
    }
  }
  const articles = new Set([
    ...seed.articles.map(({ slug }) => slug),
    ...(one.world?.articles ?? []).map(({ slug }) => slug),
    ...seed.macros.map(({ id }) => `macro:${id}`),
  ]);
  for (const change of one.world?.articles ?? []) {
    const exists = seed.articles.some(({ slug }) => slug === change.slug);
    if ("append" in change && !exists) faults.push(`world.articles: there is no article ${change.slug}`);
    if (!("append" in change) && exists) faults.push(`world.articles: ${change.slug} is there already`);
  }
  const topics = [...desk.topics.map(({ id }) => id), "other"];
  const tags = seed.tags.map(({ name }) => name.toLowerCase());
  const targets = [...seed.teams, ...seed.admins].map(({ name }) => name.toLowerCase());
  const tools = policy.map(({ tool }) => tool);
  for (const { expect } of one.turns) {
    for (const topic of [expect.topic ?? []].flat()) need("expect.topic", "topic", topics, topic);
    const { must = [], may = [], mustNot = [] } = expect.articles ?? {};
    for (const slug of [...must.flat(), ...may, ...mustNot]) {
      need("expect.articles", "article", [...articles], slug);
    }
    for (const name of [...(expect.followUps?.must ?? []), ...(expect.followUps?.mustNot ?? [])]) {
      const [kind = "", target = ""] = name.toLowerCase().split(/:(.*)/);
      if (kind === "tag") need("expect.followUps", "tag", tags, target);
      if (kind === "assign") need("expect.followUps", "team or teammate", targets, target);
    }
    const { must: called = [], may: fine = [], mustNot: refused = [] } = expect.tools ?? {};
    for (const name of [...called, ...fine, ...refused]) need("expect.tools", "tool", tools, name);
    for (const name of refused) {
      if ([...called, ...fine].includes(name)) faults.push(`expect.tools: ${name} is both allowed and not`);
    }
    for (const tag of [...(expect.end?.tags ?? []), ...(expect.end?.notTags ?? [])]) {
      need("expect.end.tags", "tag", tags, tag.toLowerCase());
    }
  }
  return faults;
}

function authorOf(message: Message): string[] {
  return typeof message === "object" && message.by !== undefined ? [message.by] : [];
}
