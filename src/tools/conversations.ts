import { z } from "zod";
import type { Actor } from "../domain/capability.ts";
import type { Conversation, Part } from "../domain/conversation.ts";
import { digestOf, type JsonObject } from "../domain/json.ts";
import type { Caller, ReadOutcome, ToolGateway } from "./gateway.ts";
import { messageText } from "./message-text.ts";
import {
  mapOutcome,
  nextCursor,
  optionalId,
  optionalSeconds,
  optionalText,
  providerId,
  providerList,
  optionalList,
  readAs,
  readPages,
  seconds,
} from "./provider.ts";
import { refuse } from "./refusals.ts";

const maximumParts = 60;
const maximumCharacters = 24_000;

/** Intercom gives at most 150 a page; more pages than this is not a queue that one desk works through. */
const pageSize = 150;
const maximumPages = 100;

export interface WaitingConversation {
  id: string;
  title: string;
  /** Unix seconds since which the customer waits. */
  waitingSince: number;
  /** Unix seconds of the last change of any kind. */
  updatedAt: number;
}

/** A closed conversation's opening message. */
export interface PastConversation {
  id: string;
  title: string;
  text: string;
  /** Unix seconds. */
  updatedAt: number;
  /** Digest of the text. */
  version: string;
}

/**
 * Reads one conversation as plain text: its first part and its newest ones, at most 60 parts and 24,000 characters,
 * a part at most 4,000. What is left out is counted. Refuses an id that is not digits.
 */
export async function readConversation(
  gateway: ToolGateway,
  as: Caller,
  id: string,
  actor: Actor = "desk",
): Promise<ReadOutcome<Conversation>> {
  const outcome = await readAs(
    gateway,
    actor,
    as,
    "intercom_retrieve_conversation",
    { conversation_id: id },
    ProviderConversation,
  );
  if (outcome.kind === "ok" && outcome.value.id !== id) {
    return refuse("unexpected_shape", "Intercom answered with another conversation than the one asked for.");
  }
  return mapOutcome(outcome, toConversation);
}

/**
 * The open conversations of one assignee (null: of nobody) in which the customer waits for an answer, longest
 * waiting first, from all pages.
 */
export async function searchWaiting(
  gateway: ToolGateway,
  as: Caller,
  { assigneeId }: { assigneeId: string | null },
): Promise<ReadOutcome<WaitingConversation[]>> {
  const query = {
    operator: "AND",
    value: [
      { field: "state", operator: "=", value: "open" },
      { field: "admin_assignee_id", operator: "=", value: Number(assigneeId ?? 0) },
    ],
  };
  const found = await readPages(maximumPages, async (cursor) => {
    const pagination = { per_page: pageSize, ...(cursor !== null && { starting_after: cursor }) };
    const page = await searchPage(gateway, "desk", as, query, pagination);
    return mapOutcome(page, ({ conversations, pages }) => ({ items: conversations, next: pages }));
  });
  return mapOutcome(found, (conversations) =>
    conversations
      .filter(({ state, admin_assignee_id: assignee }) => state === "open" && assignee === assigneeId)
      .flatMap(({ id, title, source, waiting_since: waitingSince, updated_at: updatedAt }) =>
        waitingSince === null ? [] : [{ id, title: titleOf(title, source), waitingSince, updatedAt }],
      )
      .sort((one, other) => one.waitingSince - other.waitingSince),
  );
}

/** Closed conversations whose opening message holds any of the words (single words; at most ten are used). */
export async function searchPastConversations(
  gateway: ToolGateway,
  as: Caller,
  words: readonly string[],
): Promise<ReadOutcome<PastConversation[]>> {
  if (words.length === 0) return { kind: "ok", value: [], executionId: null };
  const query = {
    operator: "AND",
    value: [
      { field: "state", operator: "=", value: "closed" },
      {
        operator: "OR",
        value: words.slice(0, 10).map((word) => ({ field: "source.body", operator: "~", value: word })),
      },
    ],
  };
  const page = await searchPage(gateway, "researcher", as, query, { per_page: 10 });
  return mapOutcome(page, ({ conversations }) =>
    conversations.map(({ id, title, source, updated_at: updatedAt }) => {
      const text = messageText(source.body);
      return { id, title: titleOf(title, source), text, updatedAt, version: digestOf(text) };
    }),
  );
}

/** A conversation that is over, and what its customer called it. */
export interface ClosedConversation {
  id: string;
  /** The subject of an e-mail; empty otherwise. A title may have been given later. */
  subject: string;
}

/** The closed conversations that changed at or after `since` (Unix seconds; null: ever), at most `limit` of them. */
export async function searchClosed(
  gateway: ToolGateway,
  as: Caller,
  { since, limit }: { since: number | null; limit: number },
): Promise<ReadOutcome<ClosedConversation[]>> {
  const closed = { field: "state", operator: "=", value: "closed" };
  // Intercom compares dates by the second or by the day, and leaves the day itself out.
  const changed = { field: "updated_at", operator: ">", value: (since ?? 0) - SECONDS_OF_A_DAY };
  const query = { operator: "AND", value: since === null ? [closed] : [closed, changed] };
  const found: ClosedConversation[] = [];
  const seen = new Set<string>();
  let cursor: string | null = null;
  for (let pages = 0; pages < maximumPages && found.length < limit; pages += 1) {
    const pagination: JsonObject = { per_page: pageSize, ...(cursor !== null && { starting_after: cursor }) };
    const page: ReadOutcome<z.output<typeof ConversationPage>> = await searchPage(
      gateway,
      "desk",
      as,
      query,
      pagination,
    );
    if (page.kind !== "ok") return page;
    for (const { id, source, state, updated_at: updatedAt } of page.value.conversations) {
      const wanted = state === "closed" && updatedAt >= (since ?? 0) && !seen.has(id);
      if (wanted) found.push({ id, subject: titleOf("", source) });
      seen.add(id);
    }
    if (page.value.pages === null) break;
    cursor = page.value.pages;
  }
  return { kind: "ok", value: found.slice(0, limit), executionId: null };
}

const SECONDS_OF_A_DAY = 86_400;

const ProviderAuthor = z
  .object({ type: optionalText, id: optionalId, name: optionalText })
  .nullish()
  .transform((author) => ({
    type: authorType(author?.type ?? ""),
    id: author?.id ?? "",
    name: author?.name ?? "",
  }));

const ProviderAttachments = optionalList(
  z.object({ name: optionalText, content_type: optionalText }),
).transform((attachments) =>
  attachments.map(({ name, content_type: contentType }) => ({ name, contentType })),
);

const Message = z.object({
  body: optionalText,
  author: ProviderAuthor,
  attachments: ProviderAttachments,
  redacted: z.boolean().nullish(),
});

const ProviderPart = Message.extend({ id: providerId, part_type: optionalText, created_at: seconds });

const ProviderSource = Message.extend({ id: optionalId, type: optionalText, subject: optionalText });

const ListedConversation = z.object({
  type: z.literal("conversation").optional(),
  id: z.string().regex(/^\d+$/),
  title: optionalText,
  created_at: seconds,
  updated_at: seconds,
  waiting_since: optionalSeconds,
  state: z.enum(["open", "closed", "snoozed"]).optional().catch(undefined),
  open: z.boolean().optional(),
  admin_assignee_id: optionalId,
  source: ProviderSource,
});

const ProviderConversation = ListedConversation.extend({
  priority: z.union([z.string(), z.boolean()]).nullish(),
  team_assignee_id: optionalId,
  tags: z.object({ tags: optionalList(z.object({ name: z.string() })) }).nullish(),
  contacts: z.object({ contacts: optionalList(z.object({ id: providerId })) }).nullish(),
  conversation_parts: z.object({
    conversation_parts: providerList(ProviderPart),
    total_count: z.number().int().nonnegative().nullish(),
  }),
});

const ConversationPage = z.object({
  type: z.literal("conversation.list").optional(),
  conversations: providerList(ListedConversation),
  pages: nextCursor,
});

async function searchPage(
  gateway: ToolGateway,
  actor: Actor,
  as: Caller,
  query: JsonObject,
  pagination: JsonObject,
): Promise<ReadOutcome<z.output<typeof ConversationPage>>> {
  const args = { query, pagination };
  return readAs(gateway, actor, as, "intercom_search_conversations", args, ConversationPage);
}

function toConversation(found: z.output<typeof ProviderConversation>): Conversation {
  const { source } = found;
  const opening: Part = {
    id: source.id ?? found.id,
    type: "comment",
    ...messageOf(source),
    createdAt: found.created_at,
  };
  const later = found.conversation_parts.conversation_parts
    .map((part) => ({ id: part.id, type: part.part_type, ...messageOf(part), createdAt: part.created_at }))
    .sort((one, other) => one.createdAt - other.createdAt);
  const parts = [opening, ...newestThatFit(later, opening.text.length)];
  const total = 1 + Math.max(later.length, found.conversation_parts.total_count ?? 0);
  return {
    id: found.id,
    title: titleOf(found.title, source),
    state: found.state ?? (found.open === false ? "closed" : "open"),
    channel: source.type || "conversation",
    priority: [true, "priority", "high", "urgent"].includes(found.priority ?? false),
    tags: found.tags?.tags.map(({ name }) => name) ?? [],
    contactId: found.contacts?.contacts[0]?.id ?? null,
    assigneeId: found.admin_assignee_id,
    teamId: found.team_assignee_id,
    waitingSince: found.waiting_since,
    createdAt: found.created_at,
    updatedAt: found.updated_at,
    parts,
    omittedParts: total - parts.length,
    lastPartId: later.at(-1)?.id ?? opening.id,
  };
}

function messageOf({ body, author, attachments, redacted }: z.output<typeof Message>) {
  const text = redacted === true ? "" : messageText(body);
  return { author, text, attachments, redacted: redacted === true };
}

/** A messenger conversation often has no title, an e-mail has its subject; both may be stored as HTML. */
function titleOf(title: string, { subject }: { subject: string }): string {
  return messageText(title || subject).replaceAll("\n", " ");
}

/** The newest parts without a gap, as many as the bounds allow beside the first part; always the newest one. */
function newestThatFit(parts: readonly Part[], usedCharacters: number): Part[] {
  let characters = usedCharacters;
  let from = parts.length;
  while (from > 0 && parts.length - from < maximumParts - 1) {
    characters += parts[from - 1]?.text.length ?? 0;
    if (characters > maximumCharacters) break;
    from -= 1;
  }
  return parts.slice(from);
}

function authorType(type: string): Part["author"]["type"] {
  const known = ["user", "lead", "admin", "bot", "team"] as const;
  return known.find((candidate) => candidate === type) ?? "other";
}
