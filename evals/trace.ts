import { z } from "zod";
import { Classification } from "../src/domain/classification.ts";
import { decisionTypes } from "../src/domain/decision.ts";
import { Draft } from "../src/domain/draft.ts";
import { Findings } from "../src/domain/findings.ts";
import { JsonObject } from "../src/domain/json.ts";

/** A write: the tool and every argument. */
export const WriteRecord = z.object({ tool: z.string(), arguments: JsonObject });
export type WriteRecord = z.infer<typeof WriteRecord>;

/** A call the desk made through its gateway. */
export const ToolCall = z.object({
  actor: z.string(),
  tool: z.string(),
  /** `ok`, the code of the refusal, or `unanswered`. */
  outcome: z.string(),
});
export type ToolCall = z.infer<typeof ToolCall>;

/** What was asked of a model. */
export const Usage = z.object({
  calls: z.number().int(),
  inputTokens: z.number().int(),
  outputTokens: z.number().int(),
});

/** What one approval of the scripted reviewer covered. */
export const Approval = z.object({
  /** What the reviewer answered to the draft on the screen. */
  answered: z.enum(decisionTypes),
  /** What the store recorded of it; null when nothing was. */
  recorded: z.enum(decisionTypes).nullable(),
  /** What may be written because of it. */
  actions: z.array(WriteRecord),
});
export type Approval = z.infer<typeof Approval>;

/** Something that must never be seen outside, and where it was seen. */
export const Leak = z.object({
  kind: z.enum(["provider token", "client secret", "internal text"]),
  where: z.string(),
  /** The sentence for internal text; nothing for a credential. */
  what: z.string(),
});
export type Leak = z.infer<typeof Leak>;

/** One turn as it was played. Holds no id or time that differs between two runs. */
export const TurnTrace = z.object({
  /** What was there to be answered, for a reader. */
  messages: z.array(z.object({ from: z.string(), text: z.string() })),
  /** The draft that was shown first; null when the run ended without one. */
  draft: Draft.nullable(),
  classification: Classification.nullable(),
  findings: Findings.nullable(),
  /** What approving that draft would have written. */
  planned: z.array(WriteRecord.extend({ summary: z.string() })),
  /** Sources found, in order, and those the draft cites: an article's slug, or `kind:id`. */
  found: z.array(z.string()),
  cited: z.array(z.string()),
  approvals: z.array(Approval),
  writes: z.array(WriteRecord),
  /** Type of the outcome, with its reason; null when the run did not end. */
  outcome: z.object({ type: z.string(), reason: z.string() }).nullable(),
  /** Code and message of the error that ended the run. */
  failure: z.string().nullable(),
  /** The conversation in Intercom afterwards. */
  end: z.object({
    replies: z.number().int(),
    notes: z.number().int(),
    state: z.string(),
    tags: z.array(z.string()),
    team: z.string().nullable(),
  }),
  leaks: z.array(Leak),
  /** In the order they were made. */
  calls: z.array(ToolCall),
  usage: Usage,
});
export type TurnTrace = z.infer<typeof TurnTrace>;

/** One case as it was played. */
export const Trace = z.object({ turns: z.array(TurnTrace) });
export type Trace = z.infer<typeof Trace>;
