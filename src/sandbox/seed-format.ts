import { z } from "zod";
import { ticketCategories, ticketStates } from "./intercom/workspace.ts";

/** Written with or without quotes, an id is text. */
const Id = z.union([z.string().min(1), z.number().int().nonnegative()]).transform(String);
const At = z.iso.datetime({ offset: true });

export const SeedWorkspace = z.strictObject({
  name: z.string().min(1),
  id_code: z.string().min(1),
  region: z.string().min(1),
  timezone: z.string().min(1),
  help_center_url: z.url(),
  /** The moment the timestamps of the folder are seen from; they are shifted so that it becomes now. */
  as_of: At,
});
export const SeedAdmin = z.strictObject({
  id: Id,
  name: z.string().min(1),
  /** Also the Scalekit identifier. */
  email: z.email(),
  role: z.string().min(1),
  has_inbox_seat: z.boolean(),
  team_ids: z.array(Id).default([]),
  conversation_access: z.enum(["all", "teams"]).default("all"),
  connection: z.enum(["active", "pending", "none"]),
});
export const SeedTeam = z.strictObject({ id: Id, name: z.string().min(1) });
export const SeedTag = z.strictObject({ id: Id, name: z.string().min(1) });
export const SeedCompany = z.strictObject({
  id: Id,
  name: z.string().min(1),
  plan: z.string(),
  monthly_spend: z.number().nonnegative(),
  size: z.number().int().nonnegative(),
  industry: z.string(),
});
export const SeedContact = z.strictObject({
  id: Id,
  external_id: Id.nullish(),
  role: z.enum(["user", "lead"]),
  name: z.string().nullish(),
  email: z.email().nullish(),
  phone: z.string().nullish(),
  company_ids: z.array(Id).default([]),
  tag_ids: z.array(Id).default([]),
  custom_attributes: z.record(z.string(), z.json()).default({}),
  created_at: At,
  last_seen_at: At.nullish(),
  country: z.string().nullish(),
  notes: z.array(z.strictObject({ admin_id: Id, body: z.string().min(1), at: At })).default([]),
});
export const SeedArticle = z.strictObject({
  id: Id,
  title: z.string().min(1),
  description: z.string().default(""),
  state: z.enum(["published", "draft"]),
  visibility: z.enum(["public", "internal"]).default("public"),
  author_id: Id,
  collection: z.string().default(""),
  created_at: At,
  updated_at: At,
  /** The file's name without `.md`. */
  slug: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "name the file with lower-case words and hyphens"),
  markdown: z.string().min(1),
});
export const SeedMacro = z.strictObject({
  id: Id,
  name: z.string().min(1),
  body: z.string().min(1),
  visible_to: z.enum(["everyone", "specific_teams"]),
  team_ids: z.array(Id).default([]),
  updated_at: At,
});
export const SeedTicketType = z.strictObject({
  id: Id,
  name: z.string().min(1),
  category: z.enum(ticketCategories),
  description: z.string().default(""),
});
export const SeedTicket = z.strictObject({
  id: Id,
  ticket_id: Id,
  type_id: Id,
  contact_ids: z.array(Id).min(1),
  state: z.enum(ticketStates),
  title: z.string().min(1),
  description: z.string().default(""),
  admin_assignee_id: Id.nullable(),
  team_assignee_id: Id.nullable(),
  created_at: At,
  updated_at: At,
  open: z.boolean(),
});
const SeedAuthor = z.union([
  z.strictObject({ contact: Id }),
  z.strictObject({ admin: Id }),
  z.strictObject({ bot: z.string().min(1) }),
]);
const SeedMessage = z
  .strictObject({
    from: SeedAuthor,
    type: z.enum(["comment", "note", "assignment", "close", "open", "snoozed"]),
    at: At,
    /** Plain text with empty lines between paragraphs. */
    body: z.string().optional(),
    /** Raw HTML instead of `body`, stored as it stands. */
    html: z.string().optional(),
    assigned_to: Id.nullish(),
    attachments: z
      .array(
        z.strictObject({
          name: z.string().min(1),
          content_type: z.string().min(1),
          filesize: z.number().int().nonnegative(),
          url: z.url(),
        }),
      )
      .default([]),
  })
  .refine(
    (message) => message.body === undefined || message.html === undefined,
    "give body or html, not both",
  );
export const SeedConversation = z.strictObject({
  id: Id.refine((id) => /^\d+$/.test(id), "a conversation id has digits only"),
  title: z.string().nullish(),
  channel: z.enum(["conversation", "email"]),
  subject: z.string().nullish(),
  contact_id: Id,
  admin_assignee_id: Id.nullable(),
  team_assignee_id: Id.nullable(),
  state: z.enum(["open", "closed", "snoozed"]),
  snoozed_until: At.nullish(),
  priority: z.boolean().default(false),
  read: z.boolean().default(false),
  tag_ids: z.array(Id).default([]),
  custom_attributes: z.record(z.string(), z.json()).default({}),
  rating: z.strictObject({ score: z.number().int().min(1).max(5), remark: z.string().default("") }).nullish(),
  messages: z.array(SeedMessage).min(1),
});

/** A whole workspace folder, checked: each reference in it leads somewhere and each id is there once. */
export interface Seed {
  workspace: z.infer<typeof SeedWorkspace>;
  admins: z.infer<typeof SeedAdmin>[];
  teams: z.infer<typeof SeedTeam>[];
  tags: z.infer<typeof SeedTag>[];
  companies: z.infer<typeof SeedCompany>[];
  contacts: z.infer<typeof SeedContact>[];
  articles: z.infer<typeof SeedArticle>[];
  macros: z.infer<typeof SeedMacro>[];
  ticketTypes: z.infer<typeof SeedTicketType>[];
  tickets: z.infer<typeof SeedTicket>[];
  conversations: z.infer<typeof SeedConversation>[];
}
