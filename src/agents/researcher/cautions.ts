import type { Conversation } from "../../domain/conversation.ts";
import type { Passage, Source } from "../../domain/findings.ts";
import { describeDisagreement, findDisagreements } from "../disagreement.ts";

const TWO_YEARS_IN_SECONDS = 2 * 365 * 24 * 60 * 60;

/**
 * What the reviewer should doubt about the passages: sources that disagree on a figure, and sources not updated for
 * two years before the conversation.
 */
export function cautionsAbout(passages: readonly Passage[], conversation: Conversation): string[] {
  const sources = new Map(passages.map(({ source }) => [`${source.kind} ${source.id}`, source]));
  const outdated = [...sources.values()].filter((source) => isOutdated(source, conversation));
  return [
    ...findDisagreements(passages).map(describeDisagreement),
    ...outdated.map(
      ({ title, updatedAt }) =>
        `"${title}" was last updated in ${yearOf(updatedAt ?? 0)} and may be outdated.`,
    ),
  ];
}

function isOutdated(source: Source, conversation: Conversation): boolean {
  return source.updatedAt !== null && conversation.updatedAt - source.updatedAt > TWO_YEARS_IN_SECONDS;
}

function yearOf(seconds: number): number {
  return new Date(seconds * 1000).getUTCFullYear();
}
