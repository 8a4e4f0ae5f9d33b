import { anyOf, type Count, type Said, type Seen } from "./mark.ts";

/**
 * Whether the route is acceptable. A turn counts for the recall of escalation where nothing else is acceptable, and for
 * its precision where it was escalated.
 */
export function judgeRoute({ turn: { expect }, trace }: Seen): Said {
  if (expect.route === undefined) return null;
  const acceptable: string[] = anyOf(expect.route);
  const got = trace.classification?.route ?? "none";
  const right = acceptable.includes(got);
  const counts: Record<string, Count> = { "route accuracy": { hit: right ? 1 : 0, of: 1 } };
  if (acceptable.every((route) => route === "escalate")) {
    counts["escalation recall"] = { hit: right ? 1 : 0, of: 1 };
  }
  if (got === "escalate") counts["escalation precision"] = { hit: right ? 1 : 0, of: 1 };
  return {
    passed: right,
    counts,
    labels: { expected: right ? got : (acceptable[0] ?? ""), got },
    reasons: right ? [] : [`The route is ${got}, not ${acceptable.join(" or ")}.`],
  };
}
