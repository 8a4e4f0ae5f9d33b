import { z } from "zod";
import type { JsonObject } from "../../../domain/json.ts";
import { missingParameter, notFound } from "../errors.ts";
import { storedHtml } from "../html.ts";
import { findAdmin, findContact } from "../lookup.ts";
import { pageByCursor, pageByNumber, paginationOf, perPageOf } from "../paging.ts";
import { appliedTagObject, companyObject, contactObject, noteObject } from "../people.ts";
import type { Field, SearchRules } from "../search.ts";
import { compileQuery } from "../search.ts";
import { defineTool } from "../tool.ts";
import type { IntercomTool } from "../tool.ts";
import type { Contact, Workspace } from "../workspace.ts";
import { takeId } from "../workspace.ts";

const limits = { standard: 50, most: 150 };
const JsonRecord = z.record(z.string(), z.json());

const searchContacts = defineTool({
  description: "Search contacts by their attributes (e-mail address, name, external id, role, dates, tags).",
  parameters: {
    query:
      'A filter {"field", "operator", "value"} or a group {"operator": "AND"|"OR", "value": [filters]}. Dates match by calendar day in the workspace\'s time zone.',
    pagination: 'Optional {"per_page": 1 to 150, "starting_after": cursor}.',
  },
  access: "read",
  input: z.object({ query: JsonRecord, pagination: JsonRecord.optional() }),
  run: ({ workspace }, { query, pagination }) => {
    const matches = compileQuery(query, searchRules(workspace));
    return listOf(workspace, workspace.contacts.filter(matches), pagination ?? {});
  },
});

const listContacts = defineTool({
  description: "List the contacts of the workspace.",
  parameters: {
    per_page: "How many to return, 1 to 150; 50 when absent.",
    starting_after: "The cursor from pages.next.starting_after of the page before.",
  },
  access: "read",
  input: z.object({
    page: z.number().optional(),
    per_page: z.number().optional(),
    starting_after: z.string().optional(),
  }),
  run: ({ workspace }, { per_page, starting_after }) =>
    listOf(workspace, workspace.contacts, {
      per_page: per_page ?? null,
      starting_after: starting_after ?? null,
    }),
});

const retrieveContact = defineTool({
  description: "Retrieve one contact with its custom attributes.",
  parameters: { contact_id: "The id of the contact." },
  access: "read",
  input: z.object({ contact_id: z.string() }),
  run: ({ workspace }, { contact_id }) => contactObject(workspace, findContact(workspace, contact_id)),
});

const listNotes = defineTool({
  description: "List the internal notes on a contact, the newest first.",
  parameters: { contact_id: "The id of the contact." },
  access: "read",
  input: z.object({
    contact_id: z.string(),
    page: z.number().int().optional(),
    per_page: z.number().optional(),
  }),
  run: ({ workspace }, input) => {
    const contact = findContact(workspace, input.contact_id);
    const notes = workspace.notes
      .filter((note) => note.contactId === contact.id)
      .sort((left, right) => right.createdAt - left.createdAt);
    const page = pageByNumber(notes, { page: input.page ?? 1, perPage: perPageOf(input.per_page, limits) });
    const data = page.items.map((note) => noteObject(workspace, note));
    return { type: "list", data, total_count: page.total, pages: page.pages };
  },
});

const createNote = defineTool({
  description: "Write an internal note on a contact. Returns the note.",
  parameters: {
    contact_id: "The id of the contact.",
    body: "The text of the note, as plain text or HTML.",
    admin_id: "The id of the admin who writes it; the token's owner when absent.",
  },
  access: "write",
  input: z.object({ contact_id: z.string(), body: z.string(), admin_id: z.string().optional() }),
  run: ({ workspace, now, caller }, input) => {
    const contact = findContact(workspace, input.contact_id);
    const admin = input.admin_id === undefined ? caller : findAdmin(workspace, input.admin_id);
    if (input.body.trim() === "") throw missingParameter("body is required");
    const note = {
      id: takeId(workspace),
      contactId: contact.id,
      adminId: admin.id,
      body: storedHtml(input.body),
      createdAt: now,
    };
    workspace.notes.push(note);
    return noteObject(workspace, note);
  },
});

const retrieveNote = defineTool({
  description: "Retrieve one note.",
  parameters: { note_id: "The id of the note." },
  access: "read",
  input: z.object({ note_id: z.string() }),
  run: ({ workspace }, { note_id }) => {
    const note = workspace.notes.find(({ id }) => id === note_id);
    if (!note) throw notFound();
    return noteObject(workspace, note);
  },
});

const listTagsOfContact = defineTool({
  description: "List the tags on a contact.",
  parameters: { contact_id: "The id of the contact." },
  access: "read",
  input: z.object({ contact_id: z.string() }),
  run: ({ workspace }, { contact_id }) => ({
    type: "list",
    data: findContact(workspace, contact_id).tags.map((tag) => appliedTagObject(workspace, tag)),
  }),
});

const listCompanies = defineTool({
  description: "List the companies a contact belongs to, with plan and monthly spend.",
  parameters: { contact_id: "The id of the contact." },
  access: "read",
  input: z.object({ contact_id: z.string() }),
  run: ({ workspace }, { contact_id }) => {
    const { companyIds } = findContact(workspace, contact_id);
    const companies = workspace.companies.filter(({ id }) => companyIds.includes(id));
    const page = pageByNumber(companies, { page: 1, perPage: limits.standard });
    const data = page.items.map((company) => companyObject(workspace, company));
    return { type: "list", data, pages: page.pages, total_count: page.total };
  },
});

const retrieveCompany = defineTool({
  description: "Retrieve one company.",
  parameters: { company_id: "The id of the company." },
  access: "read",
  input: z.object({ company_id: z.string() }),
  run: ({ workspace }, { company_id }) => {
    const company = workspace.companies.find(({ id }) => id === company_id);
    if (!company) throw notFound("Company Not Found", "company_not_found");
    return companyObject(workspace, company);
  },
});

export const contactTools: Readonly<Record<string, IntercomTool>> = {
  intercom_search_contacts: searchContacts,
  intercom_list_contacts: listContacts,
  intercom_retrieve_contact: retrieveContact,
  intercom_list_contact_notes: listNotes,
  intercom_create_contact_note: createNote,
  intercom_retrieve_note: retrieveNote,
  intercom_list_contact_tags: listTagsOfContact,
  intercom_list_contact_companies: listCompanies,
  intercom_retrieve_company: retrieveCompany,
};

function listOf(workspace: Workspace, contacts: readonly Contact[], pagination: JsonObject): JsonObject {
  const page = pageByCursor(
    contacts,
    ({ createdAt, id }) => [createdAt, id],
    paginationOf(pagination, limits),
  );
  return {
    type: "list",
    data: page.items.map((contact) => contactObject(workspace, contact)),
    total_count: page.total,
    pages: page.pages,
  };
}

function searchRules(workspace: Workspace): SearchRules<Contact> {
  const calendar = new Intl.DateTimeFormat("en-CA", { timeZone: workspace.timezone });
  return {
    dayOf: (seconds) => calendar.format(new Date(seconds * 1000)),
    field(name) {
      if (!name.startsWith("custom_attributes.")) return fields[name];
      const attribute = name.slice("custom_attributes.".length);
      return { type: "string", values: ({ customAttributes }) => [textOf(customAttributes[attribute])] };
    },
  };
}

const fields: Readonly<Record<string, Field<Contact>>> = {
  id: { type: "string", values: ({ id }) => [id] },
  role: { type: "string", values: ({ role }) => [role] },
  name: { type: "string", values: ({ name }) => [name] },
  email: { type: "string", values: ({ email }) => [email] },
  email_domain: { type: "string", values: ({ email }) => [email?.split("@")[1] ?? null] },
  phone: { type: "string", values: ({ phone }) => [phone] },
  external_id: { type: "string", values: ({ externalId }) => [externalId] },
  owner_id: { type: "string", values: () => [null] },
  created_at: { type: "date", values: ({ createdAt }) => [createdAt] },
  updated_at: { type: "date", values: ({ updatedAt }) => [updatedAt] },
  signed_up_at: { type: "date", values: ({ role, createdAt }) => [role === "user" ? createdAt : null] },
  last_seen_at: { type: "date", values: ({ lastSeenAt }) => [lastSeenAt] },
  last_replied_at: { type: "date", values: ({ lastRepliedAt }) => [lastRepliedAt] },
  last_contacted_at: { type: "date", values: ({ lastContactedAt }) => [lastContactedAt] },
  "location.country": { type: "string", values: ({ country }) => [country] },
  tag_id: { type: "string", values: ({ tags }) => tags.map(({ id }) => id) },
};

function textOf(value: z.infer<typeof JsonRecord>[string] | undefined): string | null {
  return value === undefined || value === null || typeof value === "object" ? null : String(value);
}
