import { z } from "zod";
import { partNames } from "./timeline.ts";

/** What each call takes longer than it does by itself, in milliseconds. */
export const injected = { tool: 150, slowerTool: 450, model: 300 };
export const rounds = 9;

/**
 * What is measured, and the injected time on the longest chain of what really depends on what, whatever order the
 * product makes the calls in. Every run has three models in a row: each needs the answer of the one before.
 */
export const subjects = {
  graph: {
    title: "graph.invoke in process",
    /** The contact's id stands in the conversation; identity and directory depend on nothing. */
    chain: 2 * injected.tool + 3 * injected.model,
  },
  server: {
    title: "LangGraph server",
    chain: 2 * injected.tool + 3 * injected.model,
  },
  research: {
    title: "in process, searches in the research",
    /** Searches and macros depend on the classification alone. */
    chain: 3 * injected.tool + 3 * injected.model,
  },
  uneven: {
    title: `in process, tags take ${injected.slowerTool} ms`,
    /** Nothing but the classifier needs the tags: conversation and contact fit beside them. */
    chain: Math.max(injected.slowerTool, 2 * injected.tool) + 3 * injected.model,
  },
  unknown: {
    title: "in process, teammate not known yet",
    /** The account is needed for every read; identity and conversation need only the account. */
    chain: 3 * injected.tool + 3 * injected.model,
  },
} as const;
export type SubjectName = keyof typeof subjects;
export const subjectNames = Object.keys(subjects) as SubjectName[];

export const Sample = z.object({
  /** From the call to the interrupt, in milliseconds. */
  total: z.number(),
  /** Until the dispatcher itself says so; null where there is none. */
  told: z.number().nullable(),
  /** Processor time of the whole process, in milliseconds; through the server, until the review is stored. */
  processor: z.number(),
  parts: z.record(z.enum(partNames), z.number()),
});
export type Sample = z.infer<typeof Sample>;

/** From the measured process to the one that reports. */
export const Message = z.discriminatedUnion("type", [
  z.object({ type: z.literal("progress"), text: z.string() }),
  z.object({
    type: z.literal("sample"),
    subject: z.enum(subjectNames as [SubjectName, ...SubjectName[]]),
    sample: Sample,
  }),
]);
export type Message = z.infer<typeof Message>;
