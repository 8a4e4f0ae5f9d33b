import type { DraftRequest } from "../briefing.ts";
import { readInstruction } from "./instruction.ts";

/** What the draft is to be: an answer to the customer, a note for the team, or nothing at all. */
export type Purpose = "reply" | "note" | "nothing";

/**
 * Chosen by the route and the reviewer, never by a model or by what the customer wrote: it decides who will read
 * the text.
 */
export function purposeOf({ classification, instruction }: DraftRequest): Purpose {
  const wanted = readInstruction(instruction).channel;
  if (wanted !== null) return wanted;
  if (classification.route === "no_reply") return "nothing";
  return classification.route === "escalate" ? "note" : "reply";
}
