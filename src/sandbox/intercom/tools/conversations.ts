import { z } from "zod";
import {
  conversationListItem,
  conversationObject,
  statisticsOf,
  teammateIds,
} from "../conversation-objects.ts";
import { authorObject } from "../people.ts";
import { invalidParameter } from "../errors.ts";
import { plainText } from "../html.ts";
import { findConversation, maySee } from "../lookup.ts";
import { pageByCursor, paginationOf } from "../paging.ts";
import type { Field, SearchRules } from "../search.ts";
import { compileQuery } from "../search.ts";
import { defineTool } from "../tool.ts";
import type { IntercomTool } from "../tool.ts";
import type { Admin, Conversation, Workspace } from "../workspace.ts";

const limits = { standard: 20, most: 150 };
const JsonRecord = z.record(z.string(), z.json());

const listConversations = defineTool({
  description:
    "List the conversations of the workspace, the most recently updated first, without their messages. Use retrieve_conversation for the messages of one.",
  parameters: {
    per_page: "How many to return, 1 to 150; 20 when absent.",
    starting_after: "The cursor from pages.next.starting_after of the page before.",
  },
  access: "read",
  input: z.object({ per_page: z.number().optional(), starting_after: z.string().optional() }),
  run: ({ workspace, caller }, { per_page, starting_after }) =>
    listOf(workspace, seenBy(workspace, caller), {
      per_page: per_page ?? null,
      starting_after: starting_after ?? null,
    }),
});

const searchConversations = defineTool({
  description:
    "Search conversations by their attributes (state, assignee, contact, tags, dates, opening message). Message bodies after the first are not searched.",
  parameters: {
    query:
      'A filter {"field", "operator", "value"} or a group {"operator": "AND"|"OR", "value": [filters]}. Operators: = != IN NIN > < ~ !~ ^ $. At most 2 levels of groups and 15 filters in each. source.body matches single words only.',
    pagination: 'Optional {"per_page": 1 to 150, "starting_after": cursor}.',
  },
  access: "read",
  input: z.object({ query: JsonRecord, pagination: JsonRecord.optional() }),
  run: ({ workspace, caller }, { query, pagination }) => {
    const matches = compileQuery(query, searchRules(workspace));
    return listOf(workspace, seenBy(workspace, caller).filter(matches), pagination ?? {});
  },
});

const retrieveConversation = defineTool({
  description: "Retrieve one conversation with its opening message and its newest 500 parts.",
  parameters: {
    conversation_id: "The id of the conversation.",
    display_as: "Set to plaintext to get subjects and bodies without HTML.",
  },
  access: "read",
  input: z.object({ conversation_id: z.string(), display_as: z.string().optional() }),
  run: ({ workspace, caller }, { conversation_id, display_as }) => {
    if (display_as !== undefined && display_as !== "plaintext" && display_as !== "html") {
      throw invalidParameter("display_as must be plaintext or html");
    }
    const conversation = findConversation(workspace, caller, conversation_id);
    return conversationObject(workspace, conversation, display_as === "plaintext");
  },
});

export const conversationTools: Readonly<Record<string, IntercomTool>> = {
  intercom_list_conversations: listConversations,
  intercom_search_conversations: searchConversations,
  intercom_retrieve_conversation: retrieveConversation,
};

function seenBy(workspace: Workspace, caller: Admin): Conversation[] {
  return workspace.conversations.filter((conversation) => maySee(caller, conversation));
}

function listOf(
  workspace: Workspace,
  conversations: readonly Conversation[],
  pagination: z.infer<typeof JsonRecord>,
): z.infer<typeof JsonRecord> {
  const page = pageByCursor(
    conversations,
    ({ updatedAt, id }) => [updatedAt, id],
    paginationOf(pagination, limits),
  );
  return {
    type: "conversation.list",
    pages: page.pages,
    total_count: page.total,
    conversations: page.items.map((conversation) => conversationListItem(workspace, conversation)),
  };
}

function searchRules(workspace: Workspace): SearchRules<Conversation> {
  return {
    field(name) {
      if (name.startsWith("statistics.")) return statisticsField(name.slice("statistics.".length));
      if (name.startsWith("source.author."))
        return authorField(workspace, name.slice("source.author.".length));
      return fields[name];
    },
  };
}

const fields: Readonly<Record<string, Field<Conversation>>> = {
  id: { type: "string", values: ({ id }) => [id] },
  created_at: { type: "date", values: ({ createdAt }) => [createdAt] },
  updated_at: { type: "date", values: ({ updatedAt }) => [updatedAt] },
  waiting_since: { type: "date", values: ({ waitingSince }) => [waitingSince] },
  snoozed_until: { type: "date", values: ({ snoozedUntil }) => [snoozedUntil] },
  open: { type: "boolean", values: ({ state }) => [state !== "closed"] },
  read: { type: "boolean", values: ({ read }) => [read] },
  state: { type: "string", values: ({ state }) => [state] },
  priority: { type: "string", values: ({ priority }) => [priority ? "high" : "none"] },
  // Nobody is 0 to some callers and null to others; Intercom finds the unassigned by both.
  admin_assignee_id: { type: "integer", values: ({ adminAssigneeId }) => assigneeValues(adminAssigneeId) },
  team_assignee_id: { type: "integer", values: ({ teamAssigneeId }) => assigneeValues(teamAssigneeId) },
  contact_ids: { type: "string", values: ({ contactIds }) => contactIds },
  teammate_ids: { type: "string", values: teammateIds },
  tag_ids: { type: "string", values: ({ tags }) => tags.map(({ id }) => id) },
  channel_initiated: { type: "string", values: ({ channel }) => [channel] },
  ai_agent_participated: { type: "boolean", values: () => [false] },
  "source.type": { type: "string", values: ({ channel }) => [channel] },
  "source.id": { type: "string", values: ({ source }) => [source.id] },
  "source.url": { type: "string", values: () => [null] },
  "source.subject": { type: "string", values: ({ source }) => [source.subject] },
  "source.body": {
    type: "string",
    values: ({ source }) => plainText(source.body).match(/[\p{L}\p{N}'_-]+/gu) ?? [],
  },
  "source.delivered_as": {
    type: "string",
    values: ({ source }) => [source.author.type === "admin" ? "admin_initiated" : "customer_initiated"],
  },
  "conversation_rating.score": { type: "integer", values: ({ rating }) => [rating?.score ?? null] },
  "conversation_rating.remark": { type: "string", values: ({ rating }) => [rating?.remark ?? null] },
};

function assigneeValues(id: string | null): readonly (number | null)[] {
  return id === null ? [0, null] : [Number(id)];
}

function authorField(workspace: Workspace, name: string): Field<Conversation> | undefined {
  if (!["id", "type", "name", "email"].includes(name)) return undefined;
  return {
    type: "string",
    values: ({ source }) => [
      z
        .string()
        .nullable()
        .parse(authorObject(workspace, source.author)[name] ?? null),
    ],
  };
}

function statisticsField(name: string): Field<Conversation> | undefined {
  if (!/^(time_to_|median_|first_|last_|count_)/.test(name)) return undefined;
  const isDate = name.endsWith("_at");
  const isText = name === "last_closed_by_id";
  return {
    type: isDate ? "date" : isText ? "string" : "integer",
    values: (conversation) => [
      z.union([z.string(), z.number(), z.null()]).parse(statisticsOf(conversation)[name] ?? null),
    ],
  };
}
