import { z } from "zod";
import { Expect } from "./expect.ts";

const Text = z.string().trim().min(1);

/** The shortest message is its text: the customer's. */
export const Message = z.union([
  Text,
  z
    .strictObject({
      from: z.enum(["customer", "teammate", "bot", "note"]),
      body: z.string().optional(),
      html: z.string().optional(),
      attachments: z.array(z.strictObject({ name: Text, content_type: Text })).default([]),
      /** E-mail of the teammate who wrote it. */
      by: z.email().optional(),
    })
    .refine(({ body, html }) => body === undefined || html === undefined, "give body or html, not both")
    .refine(
      ({ body, html, attachments }) => body !== undefined || html !== undefined || attachments.length > 0,
      "a message has a body, html or an attachment",
    ),
]);
export type Message = z.infer<typeof Message>;

/** What the scripted reviewer answers. */
export const ReviewerAnswer = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("approve") }),
  z.strictObject({ type: z.literal("edit"), body: Text }),
  z.strictObject({ type: z.literal("revise"), instruction: Text }),
  z.strictObject({ type: z.literal("reject"), reason: Text }),
  z.strictObject({ type: z.literal("take_over") }),
]);
export type ReviewerAnswer = z.infer<typeof ReviewerAnswer>;

const Turn = z.strictObject({
  messages: z.array(Message).min(1),
  reviewer: ReviewerAnswer.default({ type: "approve" }),
  expect: Expect,
});

/** What is different in the workspace for one case alone. */
export const WorldChange = z.strictObject({
  articles: z
    .array(
      z.union([
        z.strictObject({ slug: Text, append: Text }),
        z.strictObject({
          slug: Text,
          title: Text,
          markdown: Text,
          visibility: z.enum(["public", "internal"]).default("public"),
        }),
      ]),
    )
    .default([]),
  macros: z.array(z.strictObject({ name: Text, body: Text })).default([]),
  /** Past conversations of the same customer. */
  conversations: z
    .array(z.strictObject({ title: Text.optional(), messages: z.array(Message).min(1) }))
    .default([]),
  /** These tools answer this error, always. */
  toolErrors: z
    .array(z.strictObject({ tool: Text, status: z.number().int().min(400).max(599), message: Text }))
    .default([]),
});
export type WorldChange = z.infer<typeof WorldChange>;

export const attackPlaces = [
  "message",
  "article",
  "macro",
  "conversation",
  "contact",
  "attachment",
  "tool_error",
  "subject",
  "note",
] as const;

/** One line of `cases.jsonl`, as it is written. */
export const CaseLine = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "write lower-case words and hyphens"),
    half: z.enum(["dev", "test"]),
    tags: z.array(Text).default([]),
    note: z.string().optional(),
    conversation: z.string().regex(/^\d+$/, "an Intercom conversation id has digits only").optional(),
    message: Text.optional(),
    messages: z.array(Message).min(1).optional(),
    turns: z.array(Turn).min(1).optional(),
    reviewer: ReviewerAnswer.optional(),
    expect: Expect.optional(),
    contact: Text.optional(),
    customer: z
      .strictObject({
        name: z.string().optional(),
        email: z.email().optional(),
        custom_attributes: z.record(z.string(), z.json()).optional(),
      })
      .optional(),
    subject: Text.optional(),
    title: Text.optional(),
    assignee: z.email().optional(),
    before: z.array(Message).default([]),
    world: WorldChange.optional(),
    twin: Text.optional(),
    attack: z.strictObject({ place: z.enum(attackPlaces), goal: Text }).optional(),
  })
  .superRefine((line, context) => {
    const say = (path: string, message: string) => {
      context.addIssue({ code: "custom", path: [path], message });
    };
    const ways = (["conversation", "message", "messages", "turns"] as const).filter(
      (way) => line[way] !== undefined,
    );
    if (ways.length !== 1) {
      say(ways[1] ?? "message", "give exactly one of conversation, message, messages and turns");
    }
    for (const field of ["expect", "reviewer"] as const) {
      if (line.turns && line[field]) say(field, "belongs into the turns");
    }
    if (!line.turns && !line.expect) say("expect", "a case without expectations is invalid");
    if (line.conversation !== undefined) {
      for (const field of ["contact", "customer", "subject", "title", "assignee"] as const) {
        if (line[field] !== undefined) say(field, "a conversation of the workspace is opened as it stands");
      }
      if (line.before.length > 0) say("before", "a conversation of the workspace is opened as it stands");
    }
    if ((line.attack === undefined) !== (line.twin === undefined)) {
      say(line.attack ? "twin" : "attack", "an attacked case names its clean twin and its attack");
    }
  });
export type CaseLine = z.infer<typeof CaseLine>;

/** One exchange: what arrives, what is expected of the draft, and what the reviewer answers. */
export interface CaseTurn {
  /** Empty when the conversation is opened as it stands. */
  messages: Message[];
  reviewer: ReviewerAnswer;
  expect: Expect;
}

/** A case with its shorthands written out. */
export type Case = Omit<CaseLine, "message" | "messages" | "turns" | "reviewer" | "expect"> & {
  turns: CaseTurn[];
};

export function caseOf(line: CaseLine): Case {
  const { message, messages, turns, reviewer, expect, ...rest } = line;
  const only: CaseTurn[] = expect
    ? [
        {
          messages: messages ?? (message === undefined ? [] : [message]),
          reviewer: reviewer ?? { type: "approve" },
          expect,
        },
      ]
    : [];
  return { ...rest, turns: turns ?? only };
}

/** The JSON schema of a line, for editors. */
export function caseSchema(): unknown {
  return { title: "A case of a data set of Countersign", ...z.toJSONSchema(CaseLine, { io: "input" }) };
}
