import type { Seed } from "./seed-format.ts";

/** Each id that is there twice and each reference that leads nowhere, as `file: field: problem`. */
export function brokenReferences(seed: Seed): string[] {
  const problems: string[] = [];
  const known = {
    admin: idsOf("admins.yaml", seed.admins, problems),
    team: idsOf("teams.yaml", seed.teams, problems),
    tag: idsOf("tags.yaml", seed.tags, problems),
    company: idsOf("companies.yaml", seed.companies, problems),
    contact: idsOf("contacts.yaml", seed.contacts, problems),
    "ticket type": idsOf("ticket_types.yaml", seed.ticketTypes, problems),
  };
  idsOf("articles", seed.articles, problems);
  idsOf("macros.yaml", seed.macros, problems);
  idsOf("tickets.yaml", seed.tickets, problems);
  idsOf("conversations", seed.conversations, problems);
  const need = (where: string, kind: keyof typeof known, ids: readonly (string | null | undefined)[]) => {
    for (const id of ids) {
      if (id != null && !known[kind].has(id)) problems.push(`${where}: there is no ${kind} ${id}`);
    }
  };

  unique(
    "admins.yaml",
    "email",
    seed.admins.map((admin) => admin.email),
    problems,
  );
  seed.admins.forEach((admin, at) => {
    need(`admins.yaml: [${at}].team_ids`, "team", admin.team_ids);
  });
  seed.contacts.forEach((contact, at) => {
    const where = `contacts.yaml: [${at}] (${contact.id})`;
    need(`${where}.company_ids`, "company", contact.company_ids);
    need(`${where}.tag_ids`, "tag", contact.tag_ids);
    need(
      `${where}.notes.admin_id`,
      "admin",
      contact.notes.map((note) => note.admin_id),
    );
  });
  for (const article of seed.articles) {
    need(`articles/${article.slug}.md: author_id`, "admin", [article.author_id]);
  }
  seed.macros.forEach((macro, at) => {
    need(`macros.yaml: [${at}] (${macro.id}).team_ids`, "team", macro.team_ids);
    if (macro.visible_to === "specific_teams" && macro.team_ids.length === 0) {
      problems.push(
        `macros.yaml: [${at}] (${macro.id}).team_ids: a macro for specific teams names at least one`,
      );
    }
  });
  seed.tickets.forEach((ticket, at) => {
    const where = `tickets.yaml: [${at}] (${ticket.id})`;
    need(`${where}.type_id`, "ticket type", [ticket.type_id]);
    need(`${where}.contact_ids`, "contact", ticket.contact_ids);
    need(`${where}.admin_assignee_id`, "admin", [ticket.admin_assignee_id]);
    need(`${where}.team_assignee_id`, "team", [ticket.team_assignee_id]);
  });
  for (const conversation of seed.conversations) {
    const where = `conversations: ${conversation.id}`;
    need(`${where}: contact_id`, "contact", [conversation.contact_id]);
    need(`${where}: admin_assignee_id`, "admin", [conversation.admin_assignee_id]);
    need(`${where}: team_assignee_id`, "team", [conversation.team_assignee_id]);
    need(`${where}: tag_ids`, "tag", conversation.tag_ids);
    checkMessages(where, conversation, known, problems);
  }
  return problems;
}

function checkMessages(
  where: string,
  conversation: Seed["conversations"][number],
  known: Record<"admin" | "contact" | "team", Set<string>>,
  problems: string[],
): void {
  if (conversation.state === "snoozed" && conversation.snoozed_until == null) {
    problems.push(`${where}: snoozed_until: a snoozed conversation says until when`);
  }
  let before = "";
  conversation.messages.forEach((message, at) => {
    const field = `${where}: messages[${at}]`;
    const { from } = message;
    if ("contact" in from && !known.contact.has(from.contact)) {
      problems.push(`${field}.from.contact: there is no contact ${from.contact}`);
    }
    if ("admin" in from && !known.admin.has(from.admin)) {
      problems.push(`${field}.from.admin: there is no admin ${from.admin}`);
    }
    const target = message.assigned_to;
    if (target != null && target !== "0" && !known.admin.has(target) && !known.team.has(target)) {
      problems.push(`${field}.assigned_to: there is no admin or team ${target}`);
    }
    const worded = message.body !== undefined || message.html !== undefined || message.attachments.length > 0;
    if (!worded && (at === 0 || message.type === "comment" || message.type === "note")) {
      problems.push(`${field}: needs a body, html or an attachment`);
    }
    const when = new Date(message.at).toISOString();
    if (when < before) problems.push(`${field}.at: is earlier than the message before it`);
    before = when;
  });
}

function idsOf(file: string, items: readonly { id: string }[], problems: string[]): Set<string> {
  const ids = items.map((item) => item.id);
  unique(file, "id", ids, problems);
  return new Set(ids);
}

function unique(file: string, field: string, values: readonly string[], problems: string[]): void {
  const seen = new Set<string>();
  for (const value of values) {
    if (seen.has(value)) problems.push(`${file}: ${field}: ${value} is there twice`);
    seen.add(value);
  }
}
