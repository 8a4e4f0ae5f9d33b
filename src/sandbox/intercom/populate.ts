import type { Seed } from "../seed-format.ts";
import { paragraphsOf } from "./html.ts";
import { htmlOfMarkdown } from "./markdown.ts";
import { conversationOf } from "./populate-conversation.ts";
import type { Workspace } from "./workspace.ts";
import { takeId } from "./workspace.ts";

/**
 * The workspace a seed describes. With `now`, each time in it is shifted by the same amount, so that the seed's `as_of`
 * becomes `now` and the workspace looks as fresh as on the day it was written.
 */
export function populate(seed: Seed, now: Date | null): Workspace {
  const shift = now ? Math.floor((now.getTime() - Date.parse(seed.workspace.as_of)) / 1000) : 0;
  const at = (iso: string) => Math.floor(Date.parse(iso) / 1000) + shift;
  const maybe = (iso: string | null | undefined) => (iso == null ? null : at(iso));
  const beginning = at(seed.workspace.as_of) - 3 * 365 * 86_400;
  const workspace: Workspace = {
    name: seed.workspace.name,
    idCode: seed.workspace.id_code,
    region: seed.workspace.region,
    timezone: seed.workspace.timezone,
    createdAt: beginning,
    nextId: firstFreeId(seed),
    admins: seed.admins.map((admin) => ({
      id: admin.id,
      name: admin.name,
      email: admin.email,
      role: admin.role,
      hasInboxSeat: admin.has_inbox_seat,
      teamIds: admin.team_ids,
      conversationAccess: admin.conversation_access,
    })),
    teams: seed.teams,
    tags: seed.tags,
    companies: seed.companies.map(({ monthly_spend, ...company }) => ({
      ...company,
      monthlySpend: monthly_spend,
      createdAt: beginning,
    })),
    contacts: seed.contacts.map((contact) => ({
      id: contact.id,
      externalId: contact.external_id ?? null,
      role: contact.role,
      name: contact.name ?? null,
      email: contact.email ?? null,
      phone: contact.phone ?? null,
      country: contact.country ?? null,
      companyIds: contact.company_ids,
      tags: contact.tag_ids.map((id) => ({ id, appliedAt: at(contact.created_at), appliedBy: null })),
      customAttributes: contact.custom_attributes,
      createdAt: at(contact.created_at),
      updatedAt: maybe(contact.last_seen_at) ?? at(contact.created_at),
      lastSeenAt: maybe(contact.last_seen_at),
      lastRepliedAt: null,
      lastContactedAt: null,
    })),
    notes: [],
    articles: seed.articles.map((article) => ({
      id: article.id,
      title: article.title,
      description: article.description,
      body: htmlOfMarkdown(article.markdown),
      bodyMarkdown: article.markdown,
      state: article.state,
      visibility: article.visibility,
      authorId: article.author_id,
      collection: article.collection,
      url: `${seed.workspace.help_center_url.replace(/\/$/, "")}/en/articles/${article.id}-${article.slug}`,
      createdAt: at(article.created_at),
      updatedAt: at(article.updated_at),
    })),
    macros: seed.macros.map((macro) => ({
      id: macro.id,
      name: macro.name,
      body: /<[a-z]/i.test(macro.body.replace(/<attribute\b[^>]*>/gi, ""))
        ? macro.body.trim()
        : macroParagraphs(macro.body),
      visibleTo: macro.visible_to,
      teamIds: macro.team_ids,
      createdAt: beginning,
      updatedAt: at(macro.updated_at),
    })),
    ticketTypes: seed.ticketTypes.map((type) => ({ ...type, createdAt: beginning })),
    tickets: [],
    conversations: [],
  };
  for (const contact of seed.contacts) {
    for (const note of contact.notes) {
      const body = paragraphsOf(note.body);
      const fields = { contactId: contact.id, adminId: note.admin_id, body, createdAt: at(note.at) };
      workspace.notes.push({ id: takeId(workspace), ...fields });
    }
  }
  for (const ticket of seed.tickets) {
    workspace.tickets.push({
      id: ticket.id,
      ticketId: ticket.ticket_id,
      typeId: ticket.type_id,
      contactIds: ticket.contact_ids,
      conversationId: null,
      state: ticket.state,
      attributes: { _default_title_: ticket.title, _default_description_: ticket.description },
      adminAssigneeId: ticket.admin_assignee_id,
      teamAssigneeId: ticket.team_assignee_id,
      open: ticket.open,
      shared: true,
      snoozedUntil: null,
      tags: [],
      createdAt: at(ticket.created_at),
      updatedAt: at(ticket.updated_at),
      parts: [],
    });
  }
  for (const conversation of seed.conversations) {
    workspace.conversations.push(conversationOf(workspace, conversation, at));
  }
  for (const contact of workspace.contacts) contact.lastRepliedAt = lastReply(workspace, contact.id);
  return workspace;
}

function lastReply(workspace: Workspace, contactId: string): number | null {
  const times = workspace.conversations
    .filter((conversation) => conversation.contactIds.includes(contactId))
    .flatMap(({ source, createdAt, parts }) => [{ author: source.author, createdAt }, ...parts])
    .filter(({ author }) => author.id === contactId)
    .map(({ createdAt }) => createdAt);
  return times.length === 0 ? null : Math.max(...times);
}

function macroParagraphs(body: string): string {
  const placeholders: string[] = [];
  const text = body.replace(
    /<attribute\b[^>]*>/gi,
    (placeholder) => `\u0000${placeholders.push(placeholder) - 1}\u0000`,
  );
  // The placeholders are markup and stay so; everything around them is text.
  return paragraphsOf(text).replace(/\0(\d+)\0/g, (_, index: string) => placeholders[Number(index)] ?? "");
}

/** Above each id made of digits that the seed uses, so that new ids never meet old ones. */
function firstFreeId(seed: Seed): number {
  const used = [...seed.conversations, ...seed.tickets, ...seed.articles, ...seed.macros]
    .map((item) => Number(item.id))
    .filter((id) => Number.isSafeInteger(id));
  return Math.max(400_000_000, ...used) + 1;
}
