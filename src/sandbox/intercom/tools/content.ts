import { z } from "zod";
import { highlightsOf, rankArticles } from "../article-search.ts";
import { articleListItem, articleObject, macroObject } from "../content-objects.ts";
import { invalidParameter, notFound } from "../errors.ts";
import { pageByCursor, pageByNumber, perPageOf } from "../paging.ts";
import { defineTool } from "../tool.ts";
import type { IntercomTool } from "../tool.ts";
import type { Admin, Article, Macro, Workspace } from "../workspace.ts";

const searchArticles = defineTool({
  description:
    "Search the help centre's articles by words in title, description and body, the most relevant first. Returns at most 10.",
  parameters: {
    phrase: "The words to look for.",
    state: "published, draft or all; published when absent.",
    help_center_id: "Only articles of this help centre.",
    highlight: "Whether to return the matching passages too.",
  },
  access: "read",
  input: z.object({
    phrase: z.string().optional(),
    state: z.string().optional(),
    help_center_id: z.number().optional(),
    highlight: z.boolean().optional(),
  }),
  run: ({ workspace }, { phrase = "", state = "published", highlight = false }) => {
    if (state !== "published" && state !== "draft" && state !== "all") {
      throw invalidParameter("state must be published, draft or all");
    }
    const wanted = (article: Article) => isPublic(article) && (state === "all" || article.state === state);
    const found =
      phrase.trim() === ""
        ? workspace.articles.filter(wanted)
        : rankArticles(workspace.articles, phrase, wanted);
    const page = pageByNumber(found, { page: 1, perPage: 10 });
    return {
      type: "list",
      total_count: page.total,
      data: {
        articles: page.items.map((article) => articleListItem(workspace, article)),
        highlights: highlight ? page.items.map((article) => highlightsOf(article, phrase)) : [],
      },
      pages: page.pages,
    };
  },
});

const listArticles = defineTool({
  description: "List the help centre's articles, drafts included, the most recently updated first.",
  parameters: { page: "The page, from 1.", per_page: "How many to return; 15 when absent." },
  access: "read",
  input: z.object({ page: z.number().int().optional(), per_page: z.number().optional() }),
  run: ({ workspace }, input) => {
    const articles = helpCentre(workspace).sort((left, right) => right.updatedAt - left.updatedAt);
    const perPage = perPageOf(input.per_page, { standard: 15, most: 150 });
    const page = pageByNumber(articles, { page: input.page ?? 1, perPage });
    const data = page.items.map((article) => articleListItem(workspace, article));
    return { type: "list", pages: page.pages, total_count: page.total, data };
  },
});

const retrieveArticle = defineTool({
  description: "Retrieve one article of the help centre with its whole body.",
  parameters: { article_id: "The id of the article." },
  access: "read",
  input: z.object({ article_id: z.string() }),
  run: ({ workspace }, { article_id }) => {
    const article = helpCentre(workspace).find(({ id }) => id === article_id);
    if (!article) throw notFound("Article not found", "article_not_found");
    return articleObject(workspace, article);
  },
});

const listMacros = defineTool({
  description: "List the saved replies this teammate may use, the most recently updated first.",
  parameters: { starting_after: "The cursor from pages.next.starting_after of the page before." },
  access: "read",
  input: z.object({ starting_after: z.string().optional() }),
  run: ({ workspace, caller }, { starting_after }) => {
    const visible = workspace.macros.filter((macro) => isVisible(macro, caller));
    const request = { perPage: 50, startingAfter: starting_after ?? null };
    const page = pageByCursor(visible, ({ updatedAt, id }) => [updatedAt, id], request);
    return { type: "list", data: page.items.map(macroObject), pages: page.pages };
  },
});

const getMacro = defineTool({
  description: "Retrieve one saved reply this teammate may use.",
  parameters: { macro_id: "The id of the macro." },
  access: "read",
  input: z.object({ macro_id: z.string() }),
  run: ({ workspace, caller }, { macro_id }) => {
    const macro = workspace.macros.find(({ id }) => id === macro_id);
    if (!macro || !isVisible(macro, caller)) throw notFound("Macro not found");
    return macroObject(macro);
  },
});

export const contentTools: Readonly<Record<string, IntercomTool>> = {
  intercom_search_articles: searchArticles,
  intercom_list_articles: listArticles,
  intercom_retrieve_article: retrieveArticle,
  intercom_list_macros: listMacros,
  intercom_get_macro: getMacro,
};

/** Internal articles live behind another address of Intercom's, which the catalogue does not reach. */
function helpCentre(workspace: Workspace): Article[] {
  return workspace.articles.filter(isPublic);
}

function isPublic({ visibility }: Article): boolean {
  return visibility === "public";
}

function isVisible(macro: Macro, caller: Admin): boolean {
  return macro.visibleTo === "everyone" || macro.teamIds.some((id) => caller.teamIds.includes(id));
}
