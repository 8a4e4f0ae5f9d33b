import { unansweredMessages, unansweredText } from "../../domain/conversation.ts";
import { unsupportedSentences, type Draft } from "../../domain/draft.ts";
import type { DraftRequest } from "../briefing.ts";
import { findInstruction } from "../instructing.ts";
import { topicOf, teamNamed } from "./followUps.ts";

/** What a reviewer should know about any draft on this request, whoever wrote it. */
export function warningsAbout(request: DraftRequest, draft: Omit<Draft, "warnings">): string[] {
  const { findings } = request;
  return [
    ...aboutTheCustomersText(request),
    ...findings.cautions,
    ...findings.gaps.map(({ ask }) => `No source was found for: "${ask}"`),
    ...(draft.channel === "comment"
      ? unsupportedSentences({ ...draft, warnings: [] }).map(({ text }) => `No source supports: "${text}"`)
      : []),
    ...(draft.channel === "comment" ? foreignAddresses(request, draft.body) : []).map(
      (address) => `The draft names an address that stands in no source: ${address}`,
    ),
    ...aboutTheTeam(request, draft),
  ];
}

function aboutTheCustomersText({ conversation, contact }: DraftRequest): string[] {
  const messages = unansweredMessages(conversation);
  const files = messages.flatMap(({ attachments }) => attachments);
  const untrusted = [unansweredText(conversation), contact?.name ?? "", ...files.map(({ name }) => name)];
  const phrase = findInstruction(untrusted.join("\n"));
  return [
    ...(phrase === null
      ? []
      : [`The customer's text tries to instruct an assistant ("${phrase}"). It was read as text only.`]),
    ...(files.length === 0
      ? []
      : [
          `The customer attached ${files.length === 1 ? "a file" : `${files.length} files`}, which nobody has read yet.`,
        ]),
  ];
}

function aboutTheTeam(request: DraftRequest, draft: Omit<Draft, "warnings">): string[] {
  const team = topicOf(request)?.team;
  if (draft.channel !== "note" || team === undefined || !request.desk.followUps.includes("assign")) return [];
  const known = request.directory.teams.some(({ name }) => name.toLowerCase() === team.toLowerCase());
  return known || teamNamed(request, team)
    ? []
    : [`There is no team called "${team}" in Intercom to assign it to.`];
}

const address = /(?:https?:\/\/|www\.)[^\s<>()"'”]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gi;

/** Links and e-mail addresses that neither a source nor the desk's policy holds: how a draft would carry a lure. */
function foreignAddresses({ findings, desk }: DraftRequest, body: string): string[] {
  const known = [
    desk.policy,
    desk.signature,
    ...findings.passages.flatMap(({ source, quote }) => [source.url ?? "", quote]),
  ].join("\n");
  const named = (body.match(address) ?? []).map((found) => found.replace(/[.,;:!?]+$/, ""));
  return [...new Set(named)].filter((found) => !known.includes(found));
}
