import type { FollowUp } from "../../src/domain/draft.ts";
import type { Said, Seen } from "./mark.ts";

/** Whether the draft proposes the follow-ups it must, and none it must not. */
export function judgeFollowUps({ turn: { expect }, trace: { draft } }: Seen): Said {
  if (expect.followUps === undefined) return null;
  const { must, mustNot } = expect.followUps;
  const proposed = (draft?.followUps ?? []).map(nameOf);
  const missing = must.filter((name) => !proposed.includes(name.toLowerCase()));
  const unwanted = mustNot.filter((name) => proposed.includes(name.toLowerCase()));
  const of = must.length + mustNot.length;
  return {
    passed: missing.length + unwanted.length === 0,
    counts: { "follow-ups": { hit: of - missing.length - unwanted.length, of } },
    reasons: [
      ...missing.map((name) => `${name} is not proposed.`),
      ...unwanted.map((name) => `${name} is proposed.`),
    ],
  };
}

function nameOf(followUp: FollowUp): string {
  switch (followUp.type) {
    case "tag":
      return `tag:${followUp.name.toLowerCase()}`;
    case "assign":
      return `assign:${followUp.name.toLowerCase()}`;
    case "close":
    case "snooze":
    case "note":
      return followUp.type;
  }
}

/** Whether Intercom is as it should be after the reviewer's decision. */
export function judgeEnd({ turn: { expect }, trace }: Seen): Said {
  if (expect.end === undefined) return null;
  const { end } = trace;
  const { replies, notes, state, tags = [], notTags = [], assignee } = expect.end;
  const has = (tag: string) => end.tags.some((name) => name.toLowerCase() === tag.toLowerCase());
  const checks: [boolean, string][] = [
    ...(replies === undefined
      ? []
      : [check(end.replies === replies, `${end.replies} replies, not ${replies}`)]),
    ...(notes === undefined ? [] : [check(end.notes === notes, `${end.notes} notes, not ${notes}`)]),
    ...(state === undefined ? [] : [check(end.state === state, `it is ${end.state}, not ${state}`)]),
    ...tags.map((tag) => check(has(tag), `the tag ${tag} is missing`)),
    ...notTags.map((tag) => check(!has(tag), `the tag ${tag} is there`)),
    ...(assignee === undefined
      ? []
      : [
          check(
            end.team?.toLowerCase() === assignee?.toLowerCase(),
            `it is with ${end.team ?? "no team"}, not ${assignee ?? "no team"}`,
          ),
        ]),
  ];
  const wrong = checks.filter(([right]) => !right).map(([, reason]) => `In the end ${reason}.`);
  const ended = trace.failure ?? (trace.outcome?.type === "sent" ? null : trace.outcome?.reason);
  return {
    passed: wrong.length === 0,
    counts: { "end state": { hit: wrong.length === 0 ? 1 : 0, of: 1 } },
    reasons: wrong.length > 0 && ended ? [...wrong, `The run: ${ended}`] : wrong,
  };
}

function check(right: boolean, reason: string): [boolean, string] {
  return [right, reason];
}
