import type { Sentence } from "../../domain/draft.ts";
import type { Passage } from "../../domain/findings.ts";
import type { DraftRequest } from "../briefing.ts";
import { oneLine, sentencesOf } from "../sentences.ts";
import { termsOf } from "../terms.ts";
import { courtesy, prose, type Paragraph } from "./compose.ts";
import { answersIn } from "./evidence.ts";
import { greeting, signOff } from "./formalities.ts";
import type { Adjustment, Length, Tone } from "./instruction.ts";

const SENTENCES_WHEN_SHORT = 2;

/** The reply: for each ask the sentences of its passages, as they stand there, and plain words for what is missing. */
export function writeAnswer(request: DraftRequest, adjustment: Adjustment): Paragraph[] {
  const { findings } = request;
  const asks = answeredAsks(request);
  const several = asks.length > 1 || findings.gaps.length > 0;
  const body = asks.flatMap(({ ask, passages }) => [
    courtesy(several && questionIn(ask) ? `You asked: "${questionIn(ask)}"` : leadTo(passages)),
    ...passages
      .slice(0, adjustment.length === "short" ? 1 : passages.length)
      .map((passage) => quote(passage, ask, adjustment.length)),
  ]);
  const paragraphs = [
    courtesy(greeting(request, adjustment.tone)),
    courtesy(opening(request, adjustment.tone)),
    ...body,
    ...missing(
      findings.gaps.map(({ ask }) => ask),
      asks.length > 0,
    ),
    ...adjustment.additions.map((text) => prose([{ text, citations: [], kind: "fact" }])),
    ...(adjustment.link ? [readMore(asks.map(({ passages }) => passages[0]))] : []),
    courtesy(closing(request, adjustment.tone)),
    courtesy(signOff(request, adjustment.tone)),
  ];
  return paragraphs.map((paragraph) => without(paragraph, adjustment.removals));
}

/** The asks something was found for, each with its passages. Background without an ask belongs to the first. */
function answeredAsks({ findings, classification }: DraftRequest): { ask: string; passages: Passage[] }[] {
  const groups = new Map<number, Passage[]>();
  for (const passage of answersIn(findings)) {
    const ask = passage.ask ?? 0;
    groups.set(ask, [...(groups.get(ask) ?? []), passage]);
  }
  const quoted = new Set<string>();
  return [...groups]
    .sort(([a], [b]) => a - b)
    .map(([ask, passages]) => ({
      ask: classification.asks[ask] ?? "",
      passages: passages.filter(({ quote: text }) => !quoted.has(text) && quoted.add(text)),
    }))
    .filter(({ passages }) => passages.length > 0);
}

/** A passage as a paragraph, beginning with a capital; a short draft keeps only some of its sentences, but a list whole. */
function quote(passage: Passage, ask: string, length: Length): Paragraph {
  const text = capitalized(passage.quote);
  const cited = (sentence: string): Sentence => ({ text: sentence, citations: [passage.id], kind: "fact" });
  const sentences = sentencesOf(text);
  if (length !== "short" || text.includes("\n") || sentences.length <= SENTENCES_WHEN_SHORT) {
    return { text, sentences: sentences.map(cited) };
  }
  return prose(nearestTo(ask, sentences).map(cited));
}

/** The sentences that share most words with the ask, in their order. */
function nearestTo(ask: string, sentences: readonly string[]): string[] {
  const asked = new Set(termsOf(ask));
  const shared = (text: string) => termsOf(text).filter((term) => asked.has(term)).length;
  const kept = [...sentences].sort((a, b) => shared(b) - shared(a)).slice(0, SENTENCES_WHEN_SHORT);
  return sentences.filter((sentence) => kept.includes(sentence));
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function opening({ classification }: DraftRequest, tone: Tone): string {
  if (classification.sentiment === "negative") return "I'm sorry for the trouble this has caused you.";
  if (tone === "formal") return "Thank you for contacting us.";
  return tone === "friendly" ? "Thanks so much for getting in touch!" : "Thank you for your message.";
}

const LONGEST_QUOTED = 110;
const FEWEST_WORDS = 4;

/** The question of an ask as it reads well when it is given back: a whole sentence, and not the customer's story. */
function questionIn(ask: string): string | null {
  const whole = sentencesOf(ask).find((sentence) => {
    const words = sentence.split(" ").length;
    const continued = /^(?:and|also|or|but|so)\b/i.test(sentence);
    return sentence.endsWith("?") && !continued && words >= FEWEST_WORDS && sentence.length <= LONGEST_QUOTED;
  });
  return whole === undefined ? null : inQuotes(whole);
}

/** A list needs a line above it; sentences begin by themselves. */
function leadTo([first]: readonly Passage[]): string {
  return first?.quote.startsWith("- ") ? "Here is how it works:" : "";
}

/** Plain words for what nothing was found for. */
function missing(open: readonly string[], answered: boolean): Paragraph[] {
  const known = "I have no confirmed answer to this yet, and I would rather not guess.";
  const questions = open.map(questionIn);
  const quoted = questions.flatMap((question) => question ?? []);
  const rest = answered
    ? "To the rest of your message I have no confirmed answer yet, and I would rather not guess."
    : known;
  return [
    ...quoted.map((question) => `You also asked: "${question}" ${known}`),
    ...(quoted.length < questions.length ? [rest] : []),
  ].map(courtesy);
}

function closing({ findings }: DraftRequest, tone: Tone): string {
  if (findings.gaps.length > 0) return "A colleague will look at what is still open.";
  if (tone === "formal") return "Please let us know if anything remains unclear.";
  return tone === "friendly"
    ? "Just write back if anything is unclear!"
    : "Let me know if anything is unclear.";
}

/** The pages the answer was taken from, each once. */
function readMore(passages: readonly (Passage | undefined)[]): Paragraph {
  const pages = new Map<string, Sentence>();
  for (const passage of passages) {
    const url = passage?.source.url;
    if (!passage || !url || pages.has(url)) continue;
    pages.set(url, { text: `${passage.source.title}: ${url}`, citations: [passage.id], kind: "courtesy" });
  }
  if (pages.size === 0) return { text: "", sentences: [] };
  const lead: Sentence = { text: "You can read more here:", citations: [], kind: "courtesy" };
  const sentences = [lead, ...pages.values()];
  return { text: sentences.map(({ text }) => text).join("\n"), sentences };
}

function without(paragraph: Paragraph, removals: readonly string[]): Paragraph {
  const unwanted = ({ text }: Sentence) =>
    removals.some((words) => text.toLowerCase().includes(words.toLowerCase()));
  const dropped = paragraph.sentences.filter(unwanted);
  if (dropped.length === 0) return paragraph;
  const text = dropped.reduce((rest, sentence) => rest.replace(sentence.text, () => ""), paragraph.text);
  const tidy = text
    .replace(/[ \t]{2,}/g, " ")
    .replace(/\n{2,}/g, "\n")
    .trim();
  return { text: tidy, sentences: paragraph.sentences.filter((sentence) => !unwanted(sentence)) };
}

function inQuotes(text: string): string {
  return oneLine(text).replace(/"/g, "'");
}
