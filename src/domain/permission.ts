import type { Conversation } from "./conversation.ts";
import type { Desk } from "./desk.ts";
import type { Teammate } from "./teammate.ts";

/** With whom a conversation is in Intercom. */
export type Assignment = Pick<Conversation, "assigneeId" | "teamId">;

export type MayDecide = { may: true } | { may: false; reason: string };

/**
 * Whether the desk's rules let a teammate decide the draft of a conversation: its assignee, for one that nobody is
 * assigned to the desk's own teammate for those, and whom `decide` in the desk's folder names. Nobody else.
 */
export function mayDecide(
  { decide, unassigned }: Pick<Desk, "decide" | "unassigned">,
  teammate: Teammate,
  { assigneeId, teamId }: Assignment,
): MayDecide {
  if (!teammate.hasInboxSeat) return { may: false, reason: "You have no inbox seat in Intercom." };
  const isTheirs = assigneeId === null ? teammate.identifier === unassigned : teammate.adminId === assigneeId;
  const isLead = decide.leads.includes(teammate.identifier);
  const isOfTheTeam = decide.team && teamId !== null && teammate.teamIds.includes(teamId);
  return isTheirs || isLead || isOfTheTeam
    ? { may: true }
    : { may: false, reason: whyNot(decide, assigneeId) };
}

function whyNot({ leads, team }: Desk["decide"], assigneeId: string | null): string {
  const others = [
    assigneeId === null ? "the teammate for unassigned conversations" : "the teammate it is assigned to",
    ...(team ? ["members of its team"] : []),
    ...(leads.length > 0 ? ["leads"] : []),
  ];
  const where = assigneeId === null ? "is assigned to nobody" : "is assigned to another teammate";
  return `The conversation ${where}. By the desk's rules it is for ${new Intl.ListFormat("en").format(others)}.`;
}
