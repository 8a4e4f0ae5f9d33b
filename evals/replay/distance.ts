import { distance } from "fastest-levenshtein";

/** How much of a draft was sent: the four bands, and what the desk itself left to a person. */
export const fates = ["unchanged", "light", "heavy", "rejected", "person"] as const;
export type Fate = (typeof fates)[number];

/** Up to here an edit is light, and up to there heavy; beyond it the draft was of no use. */
const LIGHT = 0.1;
const HEAVY = 0.4;

/**
 * The share of characters that must be changed to make one text of the other, 0 to 1 (Levenshtein by the longer one).
 * White space and how characters are composed do not count; capitals and punctuation do.
 */
export function editDistance(draft: string, sent: string): number {
  const [one, other] = [normalised(draft), normalised(sent)];
  const longest = Math.max(one.length, other.length);
  return longest === 0 ? 0 : distance(one, other) / longest;
}

export function bandOf(share: number): Exclude<Fate, "person"> {
  if (share === 0) return "unchanged";
  if (share <= LIGHT) return "light";
  return share <= HEAVY ? "heavy" : "rejected";
}

function normalised(text: string): string {
  return text.normalize("NFKC").replace(/\s+/g, " ").trim();
}
