import type { Topic } from "../../domain/desk.ts";
import { longestElapsed, longestPeriod } from "./elapsed.ts";

const refund = /refund|money back|reimburs/i;
const exception =
  /\b(?:make an exception|an exception|(?:outside|against|despite|bend|beyond) (?:of )?(?:the |your )?(?:refund )?(?:policy|rules|window|period)|good\s?will|past the (?:deadline|window|period)|after the (?:deadline|window|period|trial)|(?:just |only )?this once|pro[- ]?rata|unused (?:\w+ )?(?:months?|weeks?|time|part|portion)|(?:remaining|the rest of (?:the|my|our)) (?:months?|weeks?|time|period|year|term|money|subscription|plan)|partial(?:ly)? refund\w*|forgot(?:ten)? to cancel)\b/i;
const otherCard =
  /\b(?:other|another|different|new|my partner's|someone else's) (?:\w+ )?(?:card|account|bank)\b|\bcard\b[^.!?]{0,40}\b(?:closed|expired|cancelled|canceled|lost|blocked|no longer|don't have)\b/i;
const chargedCard = /\b(?:card (?:that|which) was charged|(?:original|same) (?:card|payment|method))\b/i;

/**
 * Why a wish for money back is for a person to refuse or to grant, or null if the stated policy may grant it. Only
 * what the policy itself speaks of is held against a wish.
 */
export function outsideRefundPolicy(text: string, topic: Topic | null, policy: string): string | null {
  if (topic === null || !refund.test(`${topic.id} ${topic.title}`)) return null;
  const plain = text.replace(/[’‘`]/g, "'");
  if (exception.test(plain)) return "The customer asks for a refund outside of the policy.";
  if (chargedCard.test(policy) && otherCard.test(plain)) {
    return "The customer asks for a refund to another card than the policy says.";
  }
  const elapsed = longestElapsed(plain);
  const period = longestPeriod(policy, refund);
  if (elapsed === null || period === null || elapsed <= period) return null;
  return `The customer asks for a refund after the ${period} days the policy gives.`;
}
