import { z } from "zod";
import { Route } from "./classification.ts";

/** A subject customers write about. The examples train the offline classifier and guide the model. */
export const Topic = z.object({
  id: z.string().regex(/^[a-z][a-z0-9_]*$/, "use lower-case letters, digits and underscores"),
  title: z.string().min(1),
  description: z.string().default(""),
  /** What the desk does with it unless the conversation says otherwise. */
  route: Route.default("reply"),
  /** The least urgency a message of this topic has. */
  urgency: z.enum(["low", "normal", "high", "urgent"]).default("normal"),
  /** Name of the Intercom team it is handed to when it is escalated. */
  team: z.string().optional(),
  /** Name of the Intercom tag proposed for it. */
  tag: z.string().optional(),
  examples: z.array(z.string().min(1)).min(3, "give at least three examples in customers' words"),
});
export type Topic = z.infer<typeof Topic>;

/** What a message may hold that only a person answers. */
export const MatterId = z.enum([
  "harm",
  "intrusion",
  "legal",
  "hostility",
  "personal_data",
  "outage",
  "identity",
  "third_person",
  "money",
  "advice",
  "person",
  "again",
  "instruction",
]);
export type MatterId = z.infer<typeof MatterId>;

const SourceName = z
  .string()
  .regex(/^(?:article|macro):\d+$/, "write article:<id> or macro:<id>, with Intercom's id");

/** A message of a customer with what the team made of it: the offline engines learn from these. */
export const LabelledMessage = z
  .strictObject({
    text: z.string().trim().min(1),
    /** The topic's id, or `other` for none of them. */
    topic: z.string().min(1).optional(),
    /** Why a person answers it; `none` where the desk does. */
    leave: z.union([MatterId, z.literal("none")]).optional(),
    /** What answers it, the best first; an empty list where nothing in the help centre and the macros does. */
    answer: z.array(SourceName).optional(),
  })
  .refine(
    ({ topic, leave, answer }) => topic !== undefined || leave !== undefined || answer !== undefined,
    "give a topic, leave or answer",
  );
export type LabelledMessage = z.infer<typeof LabelledMessage>;

/** Who may decide a draft besides the teammate it is for. Nobody else may: what is left out is not allowed. */
const DecideRules = z.strictObject({
  /** Identifiers of teammates who may decide every draft. */
  leads: z.array(z.string().min(1)).default([]),
  /** Whether members of the Intercom team a conversation is with may decide its draft. */
  team: z.boolean().default(false),
});

/** What a support lead writes in `desk/`: the whole behaviour of the desk that is not code. */
export const Desk = z.object({
  name: z.string().min(1),
  /** How replies sound, in plain language. */
  tone: z.string().min(1),
  /** What the desk promises and refuses, in plain language. */
  policy: z.string().min(1),
  /** The line that ends a reply; `{name}` is the teammate's first name. */
  signature: z.string().default("{name}"),
  /** Identifier of the teammate who reviews conversations that nobody is assigned to. */
  unassigned: z.string().min(1),
  decide: DecideRules.default({ leads: [], team: false }),
  /** Topics below this confidence are said to be uncertain, and offline are escalated. 0 to 1. */
  confidence: z.number().min(0).max(1).default(0.35),
  followUps: z.array(z.enum(["close", "snooze", "assign", "tag", "note"])).default([]),
  /** ISO 639-1 codes the desk answers in itself; other languages go to a person. */
  languages: z.array(z.string().length(2)).min(1).default(["en"]),
  topics: z.array(Topic).min(2),
  /** More of what customers wrote, for the offline engines alone. */
  messages: z.array(LabelledMessage).default([]),
});
export type Desk = z.infer<typeof Desk>;

/** What one assistant may change of the desk; Studio draws it as a form. Absent fields keep the desk's value. */
export const DeskOverrides = z.object({
  tone: z.string().optional().describe("How replies sound, in plain language."),
  policy: z.string().optional().describe("What the desk promises and refuses, in plain language."),
  signature: z
    .string()
    .optional()
    .describe("The line that ends a reply; {name} is the teammate's first name."),
  confidence: z.number().min(0).max(1).optional().describe("Topics below this confidence go to a person."),
  followUps: z
    .array(z.enum(["close", "snooze", "assign", "tag", "note"]))
    .optional()
    .describe("What a draft may propose to do beside the reply."),
});
export type DeskOverrides = z.infer<typeof DeskOverrides>;

/** The desk as one assistant sees it. */
export function withOverrides(desk: Desk, overrides: DeskOverrides): Desk {
  const given = Object.entries(overrides).filter(([, value]) => value !== undefined);
  return { ...desk, ...Object.fromEntries(given) };
}
