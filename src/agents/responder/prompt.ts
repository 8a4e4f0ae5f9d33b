import type { Findings } from "../../domain/findings.ts";
import type { DraftRequest } from "../briefing.ts";
import { conversationMaterial, dataRule, delimited, deskMaterial } from "../material.ts";
import type { Purpose } from "./purpose.ts";

/** What the responder's model is told to do. The reviewer's instruction is trusted, the previous draft is not. */
export function responderInstructions(request: DraftRequest, purpose: Purpose): string {
  const { desk, directory, instruction } = request;
  return [
    purpose === "note"
      ? "You write an internal note for a support team: what the customer asks, why a person should answer, what is known and what is missing. The customer never reads it."
      : "You draft the reply of a support team to a customer. A teammate reads and approves it before anything is sent.",
    "Answer by calling write_draft once.",
    dataRule,
    "State only what the passages say. Put the ids of the passages that support a sentence into its citations. A sentence that states something without a passage will be marked as unsupported. If the passages do not answer what is asked, abstain and write a note for the team instead. If two of them disagree, follow the policy and use the newer one; leave out what the older one says about it. The reviewer is told which two they are.",
    "Do not greet and do not sign: that is added. Write in the customer's language. Promise nothing in the team's name that the policy does not promise. Use only links that stand in the passages.",
    `Tone: ${desk.tone}`,
    deskMaterial(desk),
    `Follow-ups you may propose: ${desk.followUps.join(", ") || "none"}. Teams: ${namesOf(directory.teams)}. Tags: ${namesOf(directory.tags)}.`,
    ...(instruction === null
      ? []
      : [`The reviewer read the previous draft and wants this changed: ${instruction}`]),
  ].join("\n\n");
}

/** Everything the draft may be made from, as delimited data. */
export function responderMaterial(request: DraftRequest): string {
  const { classification, findings, previousBody } = request;
  const asks = classification.asks.map((ask, index) => `${index + 1}. ${ask}`);
  return [
    conversationMaterial(request),
    delimited("asks", asks.join("\n")),
    ...findings.passages.map(({ id, quote, source }) =>
      delimited("passage", quote, {
        id,
        source: source.title,
        url: source.url ?? "",
        updated: dayOf(source.updatedAt),
      }),
    ),
    delimited("not_found", missing(findings)),
    ...(findings.cautions.length > 0 ? [delimited("cautions", findings.cautions.join("\n"))] : []),
    ...(previousBody === null ? [] : [delimited("previous_draft", previousBody)]),
  ].join("\n\n");
}

function dayOf(seconds: number | null): string {
  return seconds === null ? "unknown" : new Date(seconds * 1000).toISOString().slice(0, 10);
}

function missing({ gaps }: Findings): string {
  return gaps.length === 0 ? "nothing" : gaps.map(({ ask, reason }) => `${ask} (${reason})`).join("\n");
}

function namesOf(items: readonly { name: string }[]): string {
  return items.map(({ name }) => name).join(", ") || "none";
}
