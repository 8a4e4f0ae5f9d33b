import type { Classification } from "../../domain/classification.ts";
import { unansweredText } from "../../domain/conversation.ts";
import type { Passage } from "../../domain/findings.ts";
import type { DraftRequest } from "../briefing.ts";
import { oneLine } from "../sentences.ts";
import { courtesy, type Paragraph } from "./compose.ts";
import { answersIn, isUnanswered } from "./evidence.ts";
import { topicOf } from "./followUps.ts";
import { customerLabel } from "./formalities.ts";

const MOST_QUOTES = 2;
const MOST_SEARCHES = 3;
const LONGEST_EXCERPT = 300;

/** The escalation note: who asks what, why no answer was drafted, what was looked for, what is known and missing. */
export function writeNote(request: DraftRequest, why: string): Paragraph[] {
  const { classification, findings } = request;
  const title = topicOf(request)?.title;
  const urgency = urgencyWords[classification.urgency];
  const subject = [customerLabel(request), title, urgency].filter(Boolean).join(", ");
  return [
    courtesy(`For a person: ${subject}.`),
    courtesy(`Why: ${why}`),
    listed("The customer asks:", asksOf(request)),
    listed("Looked for:", lookedFor(request)),
    isUnanswered(findings) ? nearest(findings.passages) : found(answersIn(findings)),
    missing(request),
  ].filter(({ text }) => text !== "");
}

const urgencyWords: Record<Classification["urgency"], string> = {
  low: "no hurry",
  normal: "",
  high: "high urgency",
  urgent: "urgent",
};

/** What nothing was found for; in a word when that is all of it. */
function missing({ findings }: DraftRequest): Paragraph {
  if (findings.gaps.length === 0) return { text: "", sentences: [] };
  if (isUnanswered(findings)) {
    return courtesy("Missing: an article or a macro that answers this. None of what was read does.");
  }
  return listed(
    "Missing:",
    findings.gaps.map(({ ask, reason }) => `"${excerpt(ask)}": ${reason}`),
  );
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

/** Where something was found, that says enough. */
function lookedFor({ findings }: DraftRequest): string[] {
  if (!isUnanswered(findings)) return [];
  return findings.searches
    .filter(({ query }) => query !== "")
    .slice(0, MOST_SEARCHES)
    .map(({ query, results }) => `"${query}" (${results} ${results === 1 ? "result" : "results"})`);
}

/** Where to look on, for pages that do not answer. */
function nearest(passages: readonly Passage[]): Paragraph {
  const pages = passages.map(({ source }) => `${source.title}${source.url ? `, ${source.url}` : ""}`);
  return listed(
    "The nearest pages, which do not seem to answer it:",
    [...new Set(pages)].slice(0, MOST_QUOTES),
  );
}

function found(passages: readonly Passage[]): Paragraph {
  if (passages.length === 0) return { text: "", sentences: [] };
  const lead = "Found, for whoever answers:";
  const different = passages.filter(
    ({ quote }, index) => passages.findIndex((passage) => passage.quote === quote) === index,
  );
  const quotes = different.slice(0, MOST_QUOTES).map(({ id, quote, source }) => ({
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
  const line = oneLine(text);
  return line.length <= LONGEST_EXCERPT ? line : `${line.slice(0, LONGEST_EXCERPT)}…`;
}
