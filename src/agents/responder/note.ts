import { unansweredText } from "../../domain/conversation.ts";
import type { Passage } from "../../domain/findings.ts";
import type { DraftRequest } from "../briefing.ts";
import type { Disagreement } from "../disagreement.ts";
import { describeDisagreement } from "../disagreement.ts";
import { courtesy, type Paragraph } from "./compose.ts";
import { topicOf } from "./followUps.ts";
import { customerLabel } from "./formalities.ts";

const MOST_QUOTES = 4;
const LONGEST_EXCERPT = 300;

/** The escalation note: who asks what, why no answer was drafted, what was looked for, what is known and missing. */
export function writeNote(
  request: DraftRequest,
  why: string,
  disagreements: readonly Disagreement[],
): Paragraph[] {
  const { classification, findings } = request;
  const title = topicOf(request)?.title ?? "No known topic";
  const urgency = classification.urgency === "normal" ? "" : `, ${classification.urgency} urgency`;
  return [
    courtesy(`For a person: ${customerLabel(request)}, ${title}${urgency}.`),
    courtesy(`Why: ${why}`),
    listed("The customer asks:", asksOf(request)),
    listed("Looked for:", lookedFor(request)),
    listed("The sources disagree:", disagreements.map(describeDisagreement)),
    found(findings.passages),
    listed(
      "Missing:",
      findings.gaps.map(({ ask, reason }) => `"${excerpt(ask)}": ${reason}`),
    ),
  ].filter(({ text }) => text !== "");
}

function listed(lead: string, items: readonly string[]): Paragraph {
  return items.length === 0
    ? { text: "", sentences: [] }
    : courtesy([lead, ...items.map((item) => `- ${item}`)].join("\n"));
}

function asksOf({ classification, conversation }: DraftRequest): string[] {
  if (classification.asks.length > 0) return classification.asks.map(excerpt);
  const text = unansweredText(conversation);
  return text === "" ? [] : [excerpt(text)];
}

function lookedFor({ findings }: DraftRequest): string[] {
  return findings.searches
    .filter(({ query }) => query !== "")
    .map(({ query, results }) => `"${query}" (${results} ${results === 1 ? "result" : "results"})`);
}

function found(passages: readonly Passage[]): Paragraph {
  if (passages.length === 0) return { text: "", sentences: [] };
  const lead = "Found, for whoever answers:";
  const quotes = passages.slice(0, MOST_QUOTES).map(({ id, quote, source }) => ({
    text: `- "${excerpt(quote)}" (${source.title}${source.url ? `, ${source.url}` : ""})`,
    citations: [id],
    kind: "fact" as const,
  }));
  return {
    text: [lead, ...quotes.map(({ text }) => text)].join("\n"),
    sentences: [{ text: lead, citations: [], kind: "courtesy" }, ...quotes],
  };
}

function excerpt(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= LONGEST_EXCERPT ? line : `${line.slice(0, LONGEST_EXCERPT)}…`;
}
