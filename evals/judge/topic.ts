import { anyOf, yesOrNo, type Said, type Seen } from "./mark.ts";

/** Whether the topic is one of those acceptable. The table counts a miss under the first of them. */
export function judgeTopic({ turn: { expect }, trace }: Seen): Said {
  if (expect.topic === undefined) return null;
  const acceptable = anyOf(expect.topic);
  const got = trace.classification?.topic ?? "none";
  const right = acceptable.includes(got);
  const said = yesOrNo("topic accuracy", right, `The topic is ${got}, not ${acceptable.join(" or ")}.`);
  return said && { ...said, labels: { expected: right ? got : (acceptable[0] ?? ""), got } };
}

export function judgeUrgency({ turn: { expect }, trace }: Seen): Said {
  if (expect.urgency === undefined) return null;
  const acceptable = anyOf(expect.urgency);
  const got = trace.classification?.urgency ?? "none";
  const reason = `The urgency is ${got}, not ${acceptable.join(" or ")}.`;
  return yesOrNo("urgency accuracy", (acceptable as string[]).includes(got), reason);
}
