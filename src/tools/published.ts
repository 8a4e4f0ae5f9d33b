import { z } from "zod";
import { JsonObject } from "../domain/json.ts";
import type { ReadOutcome } from "./gateway.ts";
import { optionalList, providerList } from "./provider.ts";
import { refuse } from "./refusals.ts";

/**
 * An answer without the articles that customers cannot read. Asking the search for published ones is not enough: an
 * article can also be read by its id, and what is asked for is not always what is given.
 */
export function withoutDrafts(tool: string, outcome: ReadOutcome<JsonObject>): ReadOutcome<JsonObject> {
  if (outcome.kind !== "ok") return outcome;
  if (tool === "intercom_retrieve_article") {
    return outcome.value.state === "published" ? outcome : refuse("article_not_published");
  }
  if (tool !== "intercom_search_articles") return outcome;
  const found = ArticleSearch.safeParse(outcome.value);
  if (!found.success) return refuse("unexpected_shape", `The answer of ${tool} holds no list of articles.`);
  const articles = found.data.data.articles.filter(({ state }) => state === "published");
  return { ...outcome, value: { ...outcome.value, data: { ...found.data.data, articles } } };
}

const ArticleSearch = z.looseObject({
  data: z.object({ articles: providerList(JsonObject), highlights: optionalList(JsonObject) }),
});
