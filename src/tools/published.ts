import type { JsonObject } from "../domain/json.ts";
import type { Refusal } from "./gateway.ts";
import { refuse } from "./refusals.ts";

/** Refuses an article that customers cannot read; reading one by its id would otherwise pass by the search's pin. */
export function withheld(tool: string, value: JsonObject): Refusal | null {
  if (tool !== "intercom_retrieve_article" || value.state === "published") return null;
  return refuse("article_not_published");
}
