import type { Findings, Passage } from "../../domain/findings.ts";
import { findDisagreements } from "../disagreement.ts";

/** Whether nothing that was read answers any ask: then what there is are only the nearest pages. */
export function isUnanswered({ passages, gaps }: Pick<Findings, "passages" | "gaps">): boolean {
  return passages.length === 0 || (gaps.length > 0 && passages.every(({ ask }) => ask === null));
}

/**
 * The passages a draft may quote: those that answer an ask, and background only where there are none. Of two that
 * disagree about the same ask the older one is left out, as the policy wants it; the cautions name both.
 */
export function answersIn({ passages }: Pick<Findings, "passages">): Passage[] {
  const answering = passages.filter(({ ask }) => ask !== null);
  const answers = answering.length > 0 ? answering : passages;
  const older = findDisagreements(answers)
    .filter(({ passages: [one, other] }) => one.ask === other.ask)
    .map((disagreement) => disagreement.older);
  return answers.filter((passage) => !older.includes(passage));
}
