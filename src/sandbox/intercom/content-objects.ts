import type { JsonObject } from "../../domain/json.ts";
import { plainText } from "./html.ts";
import type { Article, Macro, Workspace } from "./workspace.ts";

export function articleListItem(workspace: Workspace, article: Article): JsonObject {
  const parent = collectionIds(workspace).indexOf(article.collection) + 1;
  return {
    type: "article",
    id: article.id,
    workspace_id: workspace.idCode,
    title: article.title,
    description: article.description,
    body: article.body,
    body_markdown: article.bodyMarkdown,
    author_id: Number(article.authorId),
    state: article.state,
    created_at: article.createdAt,
    updated_at: article.updatedAt,
    has_unpublished_changes: false,
    url: article.state === "published" ? article.url : null,
    parent_id: parent === 0 ? null : parent,
    parent_ids: parent === 0 ? [] : [parent],
    parent_type: parent === 0 ? null : "collection",
    default_locale: "en",
    translated_content: null,
    tags: { type: "tag.list", tags: [] },
  };
}

export function articleObject(workspace: Workspace, article: Article): JsonObject {
  return {
    ...articleListItem(workspace, article),
    statistics: {
      type: "article_statistics",
      views: 0,
      conversions: 0,
      reactions: 0,
      happy_reaction_percentage: 0,
      neutral_reaction_percentage: 0,
      sad_reaction_percentage: 0,
    },
  };
}

export function macroObject(macro: Macro): JsonObject {
  return {
    type: "macro",
    id: macro.id,
    name: macro.name,
    body: macro.body,
    body_text: plainText(macro.body.replace(/<attribute\b([^>]*?)\/?>(?:<\/attribute>)?/gi, placeholderText)),
    created_at: new Date(macro.createdAt * 1000).toISOString(),
    updated_at: new Date(macro.updatedAt * 1000).toISOString(),
    visible_to: macro.visibleTo,
    visible_to_team_ids: macro.teamIds,
    available_on: ["inbox", "messenger"],
  };
}

/** `{{user.name|fallback:"there"}}`, the way macros are written in Intercom itself. */
function placeholderText(_: string, attributes: string): string {
  const key = /key\s*=\s*"([^"]*)"/.exec(attributes)?.[1] ?? "";
  const fallback = /default\s*=\s*"([^"]*)"/.exec(attributes)?.[1];
  return fallback === undefined ? `{{${key}}}` : `{{${key}|fallback:&quot;${fallback}&quot;}}`;
}

function collectionIds(workspace: Workspace): string[] {
  return [...new Set(workspace.articles.map(({ collection }) => collection))].filter((name) => name !== "");
}
