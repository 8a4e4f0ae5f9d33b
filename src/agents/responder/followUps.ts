import type { Desk, Topic } from "../../domain/desk.ts";
import type { FollowUp } from "../../domain/draft.ts";
import type { Briefing, DraftRequest } from "../briefing.ts";
import { oneLine } from "../sentences.ts";
import type { Purpose } from "./purpose.ts";

/** The conversation's topic in the desk's taxonomy; null for `other`. */
export function topicOf({ desk, classification }: DraftRequest): Topic | null {
  return desk.topics.find(({ id }) => id === classification.topic) ?? null;
}

/** What goes with the draft: the topic's tag and, for a note, its team; nothing to answer is closed. */
export function proposeFollowUps(request: DraftRequest, purpose: Purpose, openAsks: string[]): FollowUp[] {
  const topic = topicOf(request);
  const team = topic?.team;
  const proposed = [
    purpose === "nothing" ? close() : null,
    topic?.tag === undefined ? null : tagNamed(request, topic.tag),
    purpose === "note" && team !== undefined ? teamNamed(request, team) : null,
    purpose === "reply" && openAsks.length > 0 ? note(openAsks) : null,
  ];
  return allowed(request.desk, proposed);
}

/** Follow-ups of a type the desk allows, each once. */
export function allowed(desk: Desk, proposed: readonly (FollowUp | null)[]): FollowUp[] {
  const kept = new Map<string, FollowUp>();
  for (const followUp of proposed) {
    if (followUp && desk.followUps.includes(followUp.type)) kept.set(keyOf(followUp), followUp);
  }
  return [...kept.values()];
}

/** The workspace's tag of that name; null when there is none, or when the conversation has it. */
export function tagNamed({ directory, conversation }: Briefing, name: string): FollowUp | null {
  const tag = directory.tags.find((candidate) => isSame(candidate.name, name));
  const present = conversation.tags.some((known) => isSame(known, name));
  return tag && !present ? { type: "tag", id: tag.id, name: tag.name } : null;
}

/** The workspace's team of that name; null when there is none, or when the conversation is with it. */
export function teamNamed({ directory, conversation }: Briefing, name: string): FollowUp | null {
  const team = directory.teams.find((candidate) => isSame(candidate.name, name));
  return team && conversation.teamId !== team.id
    ? { type: "assign", to: "team", id: team.id, name: team.name }
    : null;
}

function close(): FollowUp {
  return { type: "close" };
}

function note(openAsks: readonly string[]): FollowUp {
  return {
    type: "note",
    body: `Still open, because no source answers it: ${openAsks.map((ask) => `"${oneLine(ask)}"`).join("; ")}`,
  };
}

/** One of each kind, but as many tags as there are. */
function keyOf(followUp: FollowUp): string {
  return followUp.type === "tag" ? `tag ${followUp.id}` : followUp.type;
}

function isSame(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}
