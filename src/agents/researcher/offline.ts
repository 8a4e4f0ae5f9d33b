import type { Classification } from "../../domain/classification.ts";
import { noFindings, type Findings } from "../../domain/findings.ts";
import { readArticle, searchArticles, type Article } from "../../tools/articles.ts";
import type { ReadOutcome, Refusal, ToolGateway } from "../../tools/gateway.ts";
import { listMacros, type Macro } from "../../tools/macros.ts";
import type { Briefing } from "../briefing.ts";
import { commonWordFor, isCommon, termOf, wordsOf } from "../terms.ts";
import { asksToResearch } from "./asks.ts";
import { cautionsAbout } from "./cautions.ts";
import type { ReadSource } from "./passages.ts";
import { errorOf } from "./refused.ts";
import { queryFor, selectPassages, subjectOf } from "./select.ts";

const SEARCH = "intercom_search_articles";
const MOST_CALLS = 12;
const MOST_KEYWORDS = 8;
/** The search answers with whole articles; the lower ones are rarely what was meant. */
const ARTICLES_PER_SEARCH = 8;

/**
 * Looks each ask up in the help centre and the macros by its keywords, and quotes what answers it. At most twelve
 * tool calls, no model. Throws when no search could be made at all: an unread help centre is not an empty one.
 */
export async function researchOffline(
  gateway: ToolGateway,
  briefing: Briefing,
  classification: Classification,
): Promise<Findings> {
  const asks = asksToResearch(briefing, classification);
  if (asks.length === 0) return noFindings;
  const subject = subjectOf(briefing, classification);
  const desk = startReading(gateway, briefing);
  const queries = [
    ...asks.map((ask) => `${ask}\n${queryFor(ask, asks, subject).near}`),
    `${subject.title}\n${subject.text}`,
    subject.topic,
  ].map((wanted) => keywordsOf(wanted, subject.vocabulary));
  const [macros] = await Promise.all([desk.macros(), desk.searchAll(queries)]);
  const [refusal] = desk.refusals;
  if (refusal && desk.searches.length === 0) throw errorOf(refusal);
  if (desk.empty()) await desk.searchAll(asks.map(longestWord));
  const sources = [...(await desk.articles()), ...macros.map(macroSource)];
  const { passages, gaps } = selectPassages(sources, asks, subject);
  return {
    passages,
    gaps,
    cautions: [...new Set(desk.refusals.map(cautionOf)), ...cautionsAbout(passages, briefing.conversation)],
    searches: desk.searches,
  };
}

/** The reads of one run: counted, their results remembered, their refusals kept for the reviewer. */
function startReading(gateway: ToolGateway, { teammate }: Briefing) {
  const searches: Findings["searches"] = [];
  const refusals: Refusal[] = [];
  const found = new Map<string, Article>();
  let calls = 0;

  async function call<T>(read: () => Promise<ReadOutcome<T>>): Promise<T | null> {
    if (calls >= MOST_CALLS) return null;
    calls += 1;
    const outcome = await read();
    if (outcome.kind === "ok") return outcome.value;
    refusals.push(outcome);
    return null;
  }

  return {
    searches,
    refusals,
    empty: () => found.size === 0,
    async macros(): Promise<Macro[]> {
      return (await call(() => listMacros(gateway, teammate))) ?? [];
    },
    /** Searches at the same time, and keeps the results in the order of the queries. */
    async searchAll(queries: readonly string[]): Promise<void> {
      const wanted = [...new Set(queries)].filter((query) => query !== "");
      const results = await Promise.all(
        wanted.map((query) => call(() => searchArticles(gateway, teammate, query))),
      );
      results.forEach((articles, index) => {
        if (!articles) return;
        searches.push({ tool: SEARCH, query: wanted[index] ?? "", results: articles.length });
        for (const article of articles.slice(0, ARTICLES_PER_SEARCH)) found.set(article.id, article);
      });
    },
    /** What was found, read in full where the search gave no text. */
    async articles(): Promise<ReadSource[]> {
      const articles = await Promise.all(
        [...found.values()].map(async (article) =>
          article.text === "" ? await call(() => readArticle(gateway, teammate, article.id)) : article,
        ),
      );
      return articles.flatMap((article) => (article ? [articleSource(article)] : []));
    },
  };
}

/** For a help centre that wants all words of a phrase at once: the longest one says the most. */
function longestWord(ask: string): string {
  return contentWords(ask).sort((a, b) => b.length - a.length)[0] ?? "";
}

/** At most eight words, those the desk's topics are described with first, in the order of the text. */
function keywordsOf(text: string, vocabulary: ReadonlySet<string>): string {
  const words = contentWords(text).map((word, position) => ({
    word,
    position,
    known: vocabulary.has(termOf(word) ?? "") && !isCommon(termOf(word) ?? ""),
  }));
  return words
    .sort((a, b) => Number(b.known) - Number(a.known) || a.position - b.position)
    .slice(0, MOST_KEYWORDS)
    .sort((a, b) => a.position - b.position)
    .map(({ word }) => word)
    .join(" ");
}

/** The ask's own words and those an article may use for the same, in their order and each once. */
function contentWords(ask: string): string[] {
  const words = wordsOf(ask).filter((word) => termOf(word) !== null);
  return [...new Set(words.flatMap((word) => [word, commonWordFor(word)]))];
}

function articleSource({ text, ...article }: Article): ReadSource {
  return { source: { kind: "article", ...article }, text };
}

function macroSource({ name, text, ...macro }: Macro): ReadSource {
  return { source: { kind: "macro", title: name, url: null, ...macro }, text };
}

function cautionOf(refusal: Refusal): string {
  return `Something could not be read: ${refusal.reason}`;
}
