import { StateSchema, UntrackedValue } from "@langchain/langgraph";
import { z } from "zod";
import { Classification } from "../src/domain/classification.ts";
import { decisionTypes } from "../src/domain/decision.ts";
import { Outcome } from "../src/domain/delivery.ts";
import { Draft } from "../src/domain/draft.ts";
import { Findings } from "../src/domain/findings.ts";
import { Material } from "../src/domain/material.ts";
import { Task } from "../src/domain/task.ts";

/** The only thing a caller may put in: which conversation to work on. */
export const SupportInput = new StateSchema({
  conversationId: z
    .string()
    .regex(/^\d+$/, "an Intercom conversation id has digits only")
    .describe("Id of the Intercom conversation to answer."),
});

/** What a thread remembers. Everything that counts is in the store; a thread can be rebuilt from it at any time. */
export const SupportState = new StateSchema({
  conversationId: SupportInput.fields.conversationId,
  /** What the agents read. Not kept in checkpoints: it is read again whenever a run needs it. */
  material: new UntrackedValue(Material),
  /** What this run has to do; `load` decides. */
  task: Task.optional(),
  /** The agents' work, shown in Studio while it grows. */
  classification: Classification.optional(),
  findings: Findings.optional(),
  draft: Draft.optional(),
  /** The review waiting for an answer, by its id in the store. */
  reviewId: z.string().optional(),
  /** Why the last answer was not accepted; shown with the question. */
  refusal: z.string().nullable().optional(),
  /** What was decided last: says where the graph goes on. */
  decided: z.enum(decisionTypes).nullable().optional(),
  /** The recorded decision that `deliver` carries out. */
  decisionId: z.string().nullable().optional(),
  /** How it ended. */
  outcome: Outcome.nullable().optional(),
});
