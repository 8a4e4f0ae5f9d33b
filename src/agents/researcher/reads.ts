import type { Findings } from "../../domain/findings.ts";
import { readArticle, searchArticles, type Article } from "../../tools/articles.ts";
import type { ReadOutcome, Refusal, ToolGateway } from "../../tools/gateway.ts";
import { listMacros, type Macro } from "../../tools/macros.ts";
import type { Briefing } from "../briefing.ts";
import type { ReadSource } from "./passages.ts";

const SEARCH = "intercom_search_articles";
const MOST_CALLS = 12;

/** The reads of one run: counted, their results remembered, their refusals kept for the reviewer. */
export interface Reads {
  /** The searches that were answered, in order. */
  searches: Findings["searches"];
  refusals: Refusal[];
  /** How many articles were found. */
  count(): number;
  /** Searches at the same time, and keeps the results in the order of the queries. A query made before is left out. */
  searchAll(queries: readonly string[]): Promise<void>;
  /** Reads articles that no search has found. One that is withdrawn or gone is left out. */
  readAll(ids: readonly string[]): Promise<void>;
  /** All that was found and all macros, in full. */
  sources(): Promise<ReadSource[]>;
}

/** Begins to read as the briefing's teammate: at most twelve calls, and nothing more after the twelfth. */
export function startReads(gateway: ToolGateway, { teammate }: Briefing): Reads {
  const searches: Reads["searches"] = [];
  const refusals: Refusal[] = [];
  const found = new Map<string, Article>();
  const made = new Set<string>();
  let macros: Promise<Macro[] | null> | undefined;
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
    count: () => found.size,
    async searchAll(queries) {
      macros ??= call(() => listMacros(gateway, teammate));
      const wanted = queries.filter((query) => query !== "" && !made.has(query) && made.add(query));
      const results = await Promise.all(
        wanted.map((query) => call(() => searchArticles(gateway, teammate, query))),
      );
      await macros;
      results.forEach((articles, index) => {
        if (!articles) return;
        searches.push({ tool: SEARCH, query: wanted[index] ?? "", results: articles.length });
        for (const article of articles) if (!found.has(article.id)) found.set(article.id, article);
      });
    },
    async readAll(ids) {
      const missing = ids.filter((id) => !found.has(id)).slice(0, MOST_CALLS - calls);
      calls += missing.length;
      const outcomes = await Promise.all(missing.map((id) => readArticle(gateway, teammate, id)));
      for (const outcome of outcomes) {
        if (outcome.kind === "ok") found.set(outcome.value.id, outcome.value);
        else if (outcome.kind !== "denied" && outcome.kind !== "rejected") refusals.push(outcome);
      }
    },
    async sources() {
      const articles = await Promise.all(
        [...found.values()].map(async (article) => {
          if (article.text !== "") return article;
          const whole = await call(() => readArticle(gateway, teammate, article.id));
          if (whole) found.set(article.id, whole);
          return whole;
        }),
      );
      return [
        ...articles.flatMap((article) => (article ? [articleSource(article)] : [])),
        ...((await macros) ?? []).map(macroSource),
      ];
    },
  };
}

function articleSource({ text, ...article }: Article): ReadSource {
  return { source: { kind: "article", ...article }, text };
}

function macroSource({ name, text, ...macro }: Macro): ReadSource {
  return { source: { kind: "macro", title: name, url: null, ...macro }, text };
}
