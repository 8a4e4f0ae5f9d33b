import { createHash } from "node:crypto";
import type { Seed } from "../src/sandbox/seed-format.ts";
import type { Case, Message } from "./case.ts";
import type { Dataset } from "./dataset.ts";

type SeedContact = Seed["contacts"][number];
type SeedConversation = Seed["conversations"][number];
type SeedMessage = SeedConversation["messages"][number];

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const BOT = "Operator";

/** A case as the workspace holds it before the desk looks: its conversation, its customer, its past. */
export interface Opening {
  conversationId: string;
  /** Made for the case; null when its customer is one of the workspace's as they stand. */
  contact: SeedContact | null;
  /** The case's own, and its past ones; none for a conversation of the workspace. */
  conversations: SeedConversation[];
}

/** Writes a case out in the workspace's format. The same case always gets the same ids and times. */
export function openingOf(one: Case, dataset: Dataset): Opening {
  if (one.conversation !== undefined) {
    return { conversationId: one.conversation, contact: null, conversations: [] };
  }
  const { contact, made } = customerOf(one, dataset.seed);
  const asOf = Date.parse(dataset.seed.workspace.as_of);
  const first = one.turns[0]?.messages ?? [];
  const conversationId = idOf(one, dataset, 0);
  const messages = [
    ...messagesAt(one.before, asOf - DAY, contact, dataset),
    ...messagesAt(first, asOf - first.length * MINUTE, contact, dataset),
  ];
  const past = (one.world?.conversations ?? []).map((conversation, index) =>
    conversationWith({
      id: idOf(one, dataset, index + 1),
      title: conversation.title ?? null,
      contact,
      state: "closed",
      messages: messagesAt(conversation.messages, asOf - (30 + index) * DAY, contact, dataset),
    }),
  );
  const own = conversationWith({
    id: conversationId,
    title: one.title ?? one.subject ?? null,
    contact,
    state: "open",
    subject: one.subject,
    assigneeId: dataset.seed.admins.find(({ email }) => email === one.assignee)?.id,
    messages,
  });
  return { conversationId, contact: made ? contact : null, conversations: [own, ...past] };
}

function customerOf(one: Case, seed: Seed): { contact: SeedContact; made: boolean } {
  const known = seed.contacts.find(({ id, email }) => id === one.contact || email === one.contact);
  if (known && !one.customer) return { contact: known, made: false };
  const plain: SeedContact = {
    id: "",
    role: "user",
    name: "Alex Doe",
    email: "alex.doe@customer.example",
    company_ids: [],
    tag_ids: [],
    custom_attributes: {},
    created_at: seed.workspace.as_of,
    notes: [],
  };
  const base = known ?? plain;
  const id = createHash("sha256").update(one.id).digest("hex").slice(0, 24);
  const { name, email, custom_attributes } = one.customer ?? {};
  const contact = {
    ...base,
    id,
    external_id: `eval-${one.id}`,
    ...(name !== undefined && { name }),
    ...(email !== undefined && { email }),
    custom_attributes: { ...base.custom_attributes, ...custom_attributes },
  };
  return { contact, made: true };
}

function messagesAt(
  messages: readonly Message[],
  start: number,
  contact: SeedContact,
  { seed, desk }: Dataset,
): SeedMessage[] {
  return messages.map((message, index): SeedMessage => {
    const at = new Date(start + index * MINUTE).toISOString();
    const written =
      typeof message === "string" ? { from: "customer" as const, body: message, attachments: [] } : message;
    const email = written.by ?? desk.unassigned;
    const admin = seed.admins.find((one) => one.email === email)?.id ?? seed.admins[0]?.id ?? "";
    const author = {
      customer: { contact: contact.id },
      bot: { bot: BOT },
      teammate: { admin },
      note: { admin },
    };
    const words = written.html !== undefined ? { html: written.html } : { body: written.body ?? "" };
    return {
      from: author[written.from],
      type: written.from === "note" ? "note" : "comment",
      at,
      ...words,
      attachments: written.attachments.map(({ name, content_type }, file) => ({
        name,
        content_type,
        filesize: 20_480,
        url: `https://files.customer.example/${index}/${file}`,
      })),
    };
  });
}

function conversationWith(given: {
  id: string;
  title: string | null;
  contact: SeedContact;
  state: "open" | "closed";
  subject?: string | undefined;
  assigneeId?: string | undefined;
  messages: SeedMessage[];
}): SeedConversation {
  return {
    id: given.id,
    title: given.title,
    channel: given.subject === undefined ? "conversation" : "email",
    subject: given.subject ?? null,
    contact_id: given.contact.id,
    admin_assignee_id: given.assigneeId ?? null,
    team_assignee_id: null,
    state: given.state,
    priority: false,
    read: false,
    tag_ids: [],
    custom_attributes: {},
    messages: given.messages,
  };
}

/** Made from the case's name alone, so that a case is the same whichever others are run beside it. */
function idOf(one: Case, { name }: Dataset, part: number): string {
  const hash = createHash("sha256").update(`${name}/${one.id}/${part}`).digest().readUIntBE(0, 6);
  return String(700_000_000_000_000 + hash);
}
