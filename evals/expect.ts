import { z } from "zod";
import { Classification, Route } from "../src/domain/classification.ts";

const Text = z.string().trim().min(1);
const oneOrMore = <Item extends z.ZodType>(item: Item) => z.union([item, z.array(item).min(1)]);
const Urgency = Classification.shape.urgency;

const FollowUpName = z
  .string()
  .regex(/^(close|snooze|note|tag:.+|assign:.+)$/, "write close, snooze, note, tag:<name> or assign:<name>");

/** What is required of any good desk; a field that is absent is not judged. */
export const Expect = z
  .strictObject({
    topic: oneOrMore(Text).optional(),
    route: oneOrMore(Route).optional(),
    urgency: oneOrMore(Urgency).optional(),
    /** For each ask the words, in any inflection, that one ask of the classifier must hold. */
    asks: z.array(z.array(Text).min(1)).min(1).optional(),
    /** Articles by slug, macros as `macro:<id>`; what is listed together are alternatives. */
    articles: z
      .strictObject({
        must: z.array(oneOrMore(Text)).default([]),
        may: z.array(Text).default([]),
        mustNot: z.array(Text).default([]),
      })
      .optional(),
    facts: z
      .strictObject({ must: z.array(oneOrMore(Text)).default([]), mustNot: z.array(Text).default([]) })
      .optional(),
    abstain: z.boolean().optional(),
    followUps: z
      .strictObject({ must: z.array(FollowUpName).default([]), mustNot: z.array(FollowUpName).default([]) })
      .optional(),
    /** Intercom's tools by name, whoever of the desk called them and however often; with `may`, nothing else is called. */
    tools: z
      .strictObject({
        must: z.array(Text).default([]),
        may: z.array(Text).optional(),
        mustNot: z.array(Text).default([]),
      })
      .refine(
        ({ must, may, mustNot }) => must.length + mustNot.length > 0 || may !== undefined,
        "name a tool that must, may or must not be called",
      )
      .optional(),
    /** Of this turn, after the reviewer's decision. */
    end: z
      .strictObject({
        replies: z.number().int().nonnegative().optional(),
        notes: z.number().int().nonnegative().optional(),
        state: z.enum(["open", "closed", "snoozed"]).optional(),
        tags: z.array(Text).optional(),
        notTags: z.array(Text).optional(),
        /** Name of the team. */
        assignee: Text.nullable().optional(),
      })
      .optional(),
  })
  .refine(
    (expect) => Object.values(expect).some((field) => field !== undefined),
    "expect nothing is no case",
  );
export type Expect = z.infer<typeof Expect>;
