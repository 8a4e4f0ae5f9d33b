import { OperatorError } from "../../src/domain/errors.ts";
import type { JsonObject } from "../../src/domain/json.ts";
import type { ReadOutcome, Refusal, ToolGateway } from "../../src/tools/gateway.ts";
import { NOON } from "./briefings.ts";

interface Article {
  id: string;
  title: string;
  body: string;
  updatedAt?: number;
}

export const bicycleArticles: Article[] = [
  {
    id: "501",
    title: "Deposits",
    body: "<p>We take a deposit of 50 euros for a city bike and of 150 euros for an electric bike.</p><p>Your deposit is returned within 5 days after the bicycle came back.</p><h2>Damage</h2><p>If something is broken we keep the cost of the repair.</p>",
  },
  {
    id: "502",
    title: "Charging an electric bike",
    body: "<p>A full charge takes about four hours and lasts for 60 kilometres.</p><p>To take the battery out:</p><ul><li>Turn the key to the left.</li><li>Pull the battery upwards.</li></ul>",
  },
  {
    id: "503",
    title: "Opening hours",
    body: "<p>The shop at the lake is open from 9 to 18 every day.</p><p>On Sundays the shop at the station is closed.</p>",
    updatedAt: NOON - 3 * 365 * 86_400,
  },
];

export interface Library extends ToolGateway {
  /** Every read that was made: the tool and its arguments. */
  reads: { tool: string; args: JsonObject }[];
}

/** A gateway over a few articles and macros. It writes nothing, and refuses what `refusals` names. */
export function openLibrary(given: {
  articles?: Article[];
  macros?: JsonObject[];
  refusals?: Record<string, Refusal>;
}): Library {
  const articles = (given.articles ?? bicycleArticles).map(articleObject);
  const reads: Library["reads"] = [];
  return {
    reads,
    async read(_actor, _as, tool, args): Promise<ReadOutcome<JsonObject>> {
      reads.push({ tool, args });
      const refusal = given.refusals?.[tool];
      if (refusal) return refusal;
      return { kind: "ok", executionId: null, value: answer(tool, args, articles, given.macros ?? []) };
    },
    async listTools() {
      const phrase = { type: "object", properties: { phrase: { type: "string" } }, required: ["phrase"] };
      const id = { type: "object", properties: { article_id: { type: "string" } }, required: ["article_id"] };
      return {
        kind: "ok",
        executionId: null,
        value: [
          { name: "intercom_search_articles", description: "Search the help centre.", inputSchema: phrase },
          { name: "intercom_retrieve_article", description: "Read one article.", inputSchema: id },
        ],
      };
    },
    write: notHere,
    listAccounts: notHere,
    findAccount: notHere,
    verifyAccessToken: notHere,
  };
}

function answer(tool: string, args: JsonObject, articles: JsonObject[], macros: JsonObject[]): JsonObject {
  if (tool === "intercom_search_articles") {
    const words = (typeof args.phrase === "string" ? args.phrase : "")
      .toLowerCase()
      .split(/\W+/)
      .filter((word) => word.length > 3);
    const found = articles.filter((article) =>
      words.some((word) => JSON.stringify(article).toLowerCase().includes(word)),
    );
    return { type: "list", data: { articles: found } };
  }
  if (tool === "intercom_retrieve_article") {
    return articles.find((article) => article.id === args.article_id) ?? {};
  }
  if (tool === "intercom_list_macros") return { type: "list", data: macros, pages: {} };
  throw new OperatorError("unexpected_tool", `The library has no ${tool}.`, "Give it to the library.");
}

function articleObject({ id, title, body, updatedAt }: Article): JsonObject {
  const url = `https://help.pedalworks.example/${id}`;
  return {
    type: "article",
    id,
    title,
    body,
    url,
    state: "published",
    updated_at: updatedAt ?? NOON - 86_400,
  };
}

function notHere(): never {
  throw new Error("No agent may call this.");
}
