import { z } from "zod";
import { digestOf } from "../domain/json.ts";
import type { Caller, ReadOutcome, ToolGateway } from "./gateway.ts";
import { htmlToText } from "./html.ts";
import { mapOutcome, optionalSeconds, optionalText, providerId, providerList, readAs } from "./provider.ts";

/** A published help-centre article as plain text. */
export interface Article {
  id: string;
  title: string;
  /** Its public address; null when Intercom gives none that a browser may open. */
  url: string | null;
  text: string;
  /** Unix seconds. */
  updatedAt: number | null;
  /** Digest of `text`: the same in a search and in a read, and another one after any change. */
  version: string;
}

/** The published articles Intercom finds for a phrase, best first, with their text. */
export async function searchArticles(
  gateway: ToolGateway,
  as: Caller,
  phrase: string,
): Promise<ReadOutcome<Article[]>> {
  const args = { phrase, highlight: false };
  const found = await readAs(gateway, "researcher", as, "intercom_search_articles", args, ArticlePage);
  return mapOutcome(found, ({ data }) => data.articles.map(toArticle));
}

/** Reads one published article; a draft is refused as `denied`. */
export async function readArticle(
  gateway: ToolGateway,
  as: Caller,
  id: string,
): Promise<ReadOutcome<Article>> {
  const args = { article_id: id };
  const found = await readAs(gateway, "researcher", as, "intercom_retrieve_article", args, ProviderArticle);
  return mapOutcome(found, toArticle);
}

const ProviderArticle = z.object({
  type: z.literal("article").optional(),
  id: providerId,
  title: optionalText,
  description: optionalText,
  body: optionalText,
  url: optionalText,
  updated_at: optionalSeconds,
});

const ArticlePage = z.object({ data: z.object({ articles: providerList(ProviderArticle) }) });

function toArticle(article: z.output<typeof ProviderArticle>): Article {
  const text = htmlToText(article.body) || article.description;
  return {
    id: article.id,
    title: article.title,
    url: /^https?:\/\//i.test(article.url) ? article.url : null,
    text,
    updatedAt: article.updated_at,
    version: digestOf(text),
  };
}
