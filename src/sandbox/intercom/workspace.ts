import { z } from "zod";

const Seconds = z.number().int();

/** Who did something: `user` and `lead` are contacts; a bot brings its own name. */
export const Actor = z.object({
  type: z.enum(["user", "lead", "admin", "bot"]),
  id: z.string(),
  name: z.string().optional(),
});
export type Actor = z.infer<typeof Actor>;

const Tagging = z.object({ id: z.string(), appliedAt: Seconds, appliedBy: Actor.nullable() });

const Attachment = z.object({
  name: z.string(),
  contentType: z.string(),
  filesize: z.number(),
  url: z.string(),
});

export const Admin = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role: z.string(),
  hasInboxSeat: z.boolean(),
  teamIds: z.array(z.string()),
  /** What their role lets them see: every conversation, or those with them and their teams. */
  conversationAccess: z.enum(["all", "teams"]).default("all"),
});
export type Admin = z.infer<typeof Admin>;

export const Contact = z.object({
  id: z.string(),
  externalId: z.string().nullable(),
  role: z.enum(["user", "lead"]),
  name: z.string().nullable(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  country: z.string().nullable(),
  companyIds: z.array(z.string()),
  tags: z.array(Tagging),
  customAttributes: z.record(z.string(), z.json()),
  createdAt: Seconds,
  updatedAt: Seconds,
  lastSeenAt: Seconds.nullable(),
  lastRepliedAt: Seconds.nullable(),
  lastContactedAt: Seconds.nullable(),
});
export type Contact = z.infer<typeof Contact>;

export const Company = z.object({
  id: z.string(),
  name: z.string(),
  plan: z.string(),
  monthlySpend: z.number(),
  size: z.number(),
  industry: z.string(),
  createdAt: Seconds,
});
export type Company = z.infer<typeof Company>;

export const Note = z.object({
  id: z.string(),
  contactId: z.string(),
  adminId: z.string(),
  body: z.string(),
  createdAt: Seconds,
});
export type Note = z.infer<typeof Note>;

export const Article = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  body: z.string(),
  bodyMarkdown: z.string(),
  state: z.enum(["published", "draft"]),
  visibility: z.enum(["public", "internal"]),
  authorId: z.string(),
  collection: z.string(),
  url: z.string(),
  createdAt: Seconds,
  updatedAt: Seconds,
});
export type Article = z.infer<typeof Article>;

export const Macro = z.object({
  id: z.string(),
  name: z.string(),
  body: z.string(),
  visibleTo: z.enum(["everyone", "specific_teams"]),
  teamIds: z.array(z.string()),
  createdAt: Seconds,
  updatedAt: Seconds,
});
export type Macro = z.infer<typeof Macro>;

export const ticketCategories = ["Customer", "Back-office", "Tracker"] as const;
export const ticketStates = ["submitted", "in_progress", "waiting_on_customer", "resolved"] as const;
export const TicketState = z.enum(ticketStates);
export type TicketState = z.infer<typeof TicketState>;

export const TicketType = z.object({
  id: z.string(),
  name: z.string(),
  category: z.enum(ticketCategories),
  description: z.string(),
  createdAt: Seconds,
});
export type TicketType = z.infer<typeof TicketType>;

export const TicketPart = z.object({
  id: z.string(),
  type: z.string(),
  body: z.string().nullable(),
  state: TicketState,
  previousState: TicketState,
  author: Actor,
  createdAt: Seconds,
});
export type TicketPart = z.infer<typeof TicketPart>;

export const Ticket = z.object({
  id: z.string(),
  ticketId: z.string(),
  typeId: z.string(),
  contactIds: z.array(z.string()),
  conversationId: z.string().nullable(),
  state: TicketState,
  attributes: z.record(z.string(), z.json()),
  adminAssigneeId: z.string().nullable(),
  teamAssigneeId: z.string().nullable(),
  open: z.boolean(),
  shared: z.boolean(),
  snoozedUntil: Seconds.nullable(),
  tags: z.array(Tagging),
  createdAt: Seconds,
  updatedAt: Seconds,
  parts: z.array(TicketPart),
});
export type Ticket = z.infer<typeof Ticket>;

export const Part = z.object({
  id: z.string(),
  /** Intercom's part type: `comment`, `note`, `assignment`, `assign_and_reopen`, `close`, `open`, `snoozed` and others. */
  type: z.string(),
  /** HTML as Intercom stores it; null for an event without words. */
  body: z.string().nullable(),
  author: Actor,
  assignedTo: z.object({ type: z.enum(["admin", "team", "nobody"]), id: z.string() }).nullable(),
  attachments: z.array(Attachment),
  eventDetails: z.json(),
  /** State of the conversation once the part was there. */
  state: z.enum(["open", "closed", "snoozed"]),
  redacted: z.boolean(),
  appPackageCode: z.string().nullable(),
  createdAt: Seconds,
  updatedAt: Seconds,
});
export type Part = z.infer<typeof Part>;

/** The message a conversation began with; Intercom keeps it apart from the parts. */
export const Source = z.object({
  id: z.string(),
  subject: z.string(),
  body: z.string(),
  author: Actor,
  attachments: z.array(Attachment),
  redacted: z.boolean(),
});
export type Source = z.infer<typeof Source>;

export const Conversation = z.object({
  id: z.string(),
  title: z.string().nullable(),
  channel: z.enum(["conversation", "email"]),
  state: z.enum(["open", "closed", "snoozed"]),
  snoozedUntil: Seconds.nullable(),
  waitingSince: Seconds.nullable(),
  priority: z.boolean(),
  read: z.boolean(),
  adminAssigneeId: z.string().nullable(),
  teamAssigneeId: z.string().nullable(),
  contactIds: z.array(z.string()),
  tags: z.array(Tagging),
  customAttributes: z.record(z.string(), z.json()),
  rating: z
    .object({
      score: z.number().int(),
      remark: z.string(),
      adminId: z.string().nullable(),
      createdAt: Seconds,
    })
    .nullable(),
  ticketId: z.string().nullable(),
  createdAt: Seconds,
  updatedAt: Seconds,
  source: Source,
  parts: z.array(Part),
});
export type Conversation = z.infer<typeof Conversation>;

/** Everything Intercom knows of one workspace. All times are Unix seconds. */
export const Workspace = z.object({
  name: z.string(),
  idCode: z.string(),
  region: z.string(),
  timezone: z.string(),
  createdAt: Seconds,
  /** The next part, message, note, ticket or conversation gets it: ids only grow. */
  nextId: z.number().int(),
  admins: z.array(Admin),
  teams: z.array(z.object({ id: z.string(), name: z.string() })),
  tags: z.array(z.object({ id: z.string(), name: z.string() })),
  companies: z.array(Company),
  contacts: z.array(Contact),
  notes: z.array(Note),
  articles: z.array(Article),
  macros: z.array(Macro),
  ticketTypes: z.array(TicketType),
  tickets: z.array(Ticket),
  conversations: z.array(Conversation),
});
export type Workspace = z.infer<typeof Workspace>;

/** The bot every workspace has; it wakes snoozed conversations. */
export const OPERATOR_ID = "8800001";

/** Takes the next free id of the workspace. */
export function takeId(workspace: Workspace): string {
  const id = String(workspace.nextId);
  workspace.nextId += 1;
  return id;
}
