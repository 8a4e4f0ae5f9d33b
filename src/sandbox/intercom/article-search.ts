import MiniSearch from "minisearch";
import type { JsonObject } from "../../domain/json.ts";
import { plainText } from "./html.ts";
import type { Article } from "./workspace.ts";

const stopWords = new Set(
  "a an and are as at be but by can do does for from had has have how i if in into is it its me my no not of on or our so that the their them then there they this to us was we what when where which who why will with you your".split(
    " ",
  ),
);

type ArticleIndex = MiniSearch<{ id: string; title: string; description: string; body: string }>;

/** One index for each list of articles: reading them all again for each search would be most of its time. */
const indexes = new WeakMap<readonly Article[], ArticleIndex>();

/** Articles in which any word of the phrase stands and which are `wanted`, the most relevant first. */
export function rankArticles(
  articles: readonly Article[],
  phrase: string,
  wanted: (article: Article) => boolean,
): Article[] {
  const byId = new Map(articles.map((article) => [article.id, article]));
  return indexOf(articles)
    .search(phrase)
    .flatMap(({ id }) => byId.get(String(id)) ?? [])
    .filter(wanted);
}

function indexOf(articles: readonly Article[]): ArticleIndex {
  const known = indexes.get(articles);
  if (known) return known;
  const index: ArticleIndex = new MiniSearch({
    fields: ["title", "description", "body"],
    processTerm: termOf,
    searchOptions: { boost: { title: 3, description: 2 }, combineWith: "OR" },
  });
  index.addAll(
    articles.map(({ id, title, description, body }) => ({ id, title, description, body: plainText(body) })),
  );
  indexes.set(articles, index);
  return index;
}

/** An article's title and text with the words of the phrase set apart. */
export function highlightsOf(article: Article, phrase: string): JsonObject {
  const words = new Set(
    wordsOf(phrase)
      .map(termOf)
      .filter((term) => term !== null),
  );
  const pieces = (text: string) =>
    text
      .split(/([\p{L}\p{N}']+)/u)
      .filter((piece) => piece !== "")
      .map((piece) => ({ type: words.has(termOf(piece) ?? "") ? "highlight" : "plain", text: piece }));
  const sentences = `${article.description}\n${plainText(article.body)}`.split(/(?<=[.!?])\s+|\n+/);
  const summary = sentences
    .map((sentence) => pieces(sentence.trim()))
    .filter((sentence) => sentence.some(({ type }) => type === "highlight"))
    .slice(0, 3);
  return {
    article_id: article.id,
    highlighted_title: pieces(article.title),
    highlighted_summary: summary,
  };
}

function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}']+/gu) ?? [];
}

function termOf(word: string): string | null {
  const lower = word.toLowerCase().replace(/'s?$/, "");
  return lower === "" || stopWords.has(lower) ? null : stem(lower);
}

/** The common part of an English word's forms: refund, refunds, refunded, refunding. */
function stem(word: string): string {
  if (word.length < 4) return word;
  const singular = word
    .replace(/sses$/, "ss")
    .replace(/ies$/, "y")
    .replace(/([^s])s$/, "$1");
  const root = singular
    .replace(/^(.{4,})ations?$/, "$1")
    .replace(/^(.*[aeiouy].*)(?:ing|ed)$/, "$1")
    .replace(/^(.{4,})(?:ment|ly)$/, "$1");
  const shortened = root.length < 3 ? singular : root;
  return shortened
    .replace(/([bdfglmnprt])\1$/, "$1")
    .replace(/^(.{3,})e$/, "$1")
    .replace(/y$/, "i");
}
