import { z } from "zod";
import type { Source } from "../../domain/findings.ts";
import { digestOf, type JsonObject } from "../../domain/json.ts";
import type { ToolResult } from "../../tools/bind.ts";
import { plainText } from "../../tools/html.ts";
import type { ReadSource } from "./passages.ts";

/**
 * What a tool's answer lets a draft quote: published articles, macros, what was said aloud in conversations, tickets
 * and the contact's own attributes. Internal notes are read by nobody here: a quotation of one could reach a customer.
 */
export function sourcesIn({ tool, outcome }: ToolResult): ReadSource[] {
  if (outcome.kind !== "ok") return [];
  const reader = readers[tool];
  return reader ? reader(outcome.value).filter(({ text }) => text !== "") : [];
}

const readers: Record<string, (value: JsonObject) => ReadSource[]> = {
  intercom_search_articles: (value) => listIn(value, ["data", "articles"]).flatMap(readArticle),
  intercom_retrieve_article: (value) => readArticle(value),
  intercom_list_macros: (value) => listIn(value, ["data"]).flatMap(readMacro),
  intercom_get_macro: (value) => readMacro(value),
  intercom_search_conversations: (value) => listIn(value, ["conversations"]).flatMap(readConversation),
  intercom_retrieve_conversation: (value) => readConversation(value),
  intercom_search_tickets: (value) => listIn(value, ["tickets"]).flatMap(readTicket),
  intercom_retrieve_ticket: (value) => readTicket(value),
  intercom_retrieve_contact: (value) => readContact(value),
};

const Id = z.union([z.string().min(1), z.number().int()]).transform(String);
const Text = z
  .string()
  .nullish()
  .transform((text) => plainText(text ?? ""));
const Seconds = z
  .number()
  .nullish()
  .transform((seconds) => (seconds == null ? null : Math.trunc(seconds)))
  .catch(null);

const Article = z.object({ id: Id, title: Text, body: Text, url: z.string().nullish(), updated_at: Seconds });

function readArticle(value: unknown): ReadSource[] {
  const article = Article.safeParse(value);
  if (!article.success) return [];
  const { id, title, body, url, updated_at } = article.data;
  const shown = url && /^https?:\/\//i.test(url) ? url : null;
  return [readSource("article", id, title, body, updated_at, shown)];
}

const Macro = z.object({ id: Id, name: Text, body: Text, body_text: Text });

function readMacro(value: unknown): ReadSource[] {
  const macro = Macro.safeParse(value);
  if (!macro.success) return [];
  const { id, name, body, body_text } = macro.data;
  return [readSource("macro", id, name, body || body_text, null)];
}

const ConversationPart = z.object({ part_type: z.string(), body: Text });
const Conversation = z.object({
  id: Id,
  title: Text,
  updated_at: Seconds,
  source: z.object({ body: Text }).nullish(),
  conversation_parts: z.object({ conversation_parts: z.array(z.unknown()) }).nullish(),
});

function readConversation(value: unknown): ReadSource[] {
  const conversation = Conversation.safeParse(value);
  if (!conversation.success) return [];
  const { id, title, source, conversation_parts, updated_at } = conversation.data;
  const said = (conversation_parts?.conversation_parts ?? []).flatMap((part) => {
    const parsed = ConversationPart.safeParse(part);
    return parsed.success && parsed.data.part_type === "comment" ? [parsed.data.body] : [];
  });
  const text = [source?.body ?? "", ...said].filter((body) => body !== "").join("\n\n");
  return [readSource("conversation", id, title || `Conversation ${id}`, text, updated_at)];
}

const Ticket = z.object({
  id: Id,
  ticket_attributes: z.record(z.string(), z.unknown()).nullish(),
  ticket_state: z.object({ external_label: Text }).nullish(),
  updated_at: Seconds,
});

function readTicket(value: unknown): ReadSource[] {
  const ticket = Ticket.safeParse(value);
  if (!ticket.success) return [];
  const { id, ticket_attributes, ticket_state, updated_at } = ticket.data;
  const title = Text.catch("").parse(ticket_attributes?._default_title_);
  const description = Text.catch("").parse(ticket_attributes?._default_description_);
  const state = ticket_state?.external_label ? `State: ${ticket_state.external_label}` : "";
  const text = [title, state, description].filter((line) => line !== "").join("\n\n");
  return [readSource("ticket", id, title || `Ticket ${id}`, text, updated_at)];
}

const Contact = z.object({
  id: Id,
  custom_attributes: z.record(z.string(), z.unknown()).nullish(),
  updated_at: Seconds,
});

function readContact(value: unknown): ReadSource[] {
  const contact = Contact.safeParse(value);
  if (!contact.success) return [];
  const { id, custom_attributes, updated_at } = contact.data;
  const lines = Object.entries(custom_attributes ?? {}).flatMap(([name, field]) =>
    typeof field === "string" || typeof field === "number" || typeof field === "boolean"
      ? [`${name}: ${field}`]
      : [],
  );
  return [readSource("contact", id, "The customer's record", lines.join("\n"), updated_at)];
}

function readSource(
  kind: Source["kind"],
  id: string,
  title: string,
  text: string,
  updatedAt: number | null,
  url: string | null = null,
): ReadSource {
  return { source: { kind, id, title, url, version: digestOf(text), updatedAt }, text };
}

function listIn(value: JsonObject, path: readonly string[]): unknown[] {
  let inner: unknown = value;
  for (const key of path) {
    inner = typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined;
  }
  return Array.isArray(inner) ? inner : [];
}
