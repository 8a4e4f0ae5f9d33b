import { z } from "zod";
import { Answer, decisionTypes } from "../domain/decision.ts";
import type { Review } from "../domain/review.ts";
import { actionRequestOf } from "./payload.ts";

const InboxArguments = z.record(z.string(), z.unknown());
const InboxRequest = z.object({ action: z.string(), args: InboxArguments });

/** Agent Inbox answers with a list of one. */
const AgentInboxAnswer = z.tuple([
  z.discriminatedUnion("type", [
    z.object({ type: z.literal("accept"), args: z.union([InboxRequest, z.null()]).optional() }),
    z.object({ type: z.literal("edit"), args: InboxRequest }),
    z.object({ type: z.literal("response"), args: z.string() }),
    z.object({ type: z.literal("ignore"), args: z.unknown().optional() }),
  ]),
]);

const EditedAction = z.object({ name: z.string(), args: InboxArguments });

/** LangChain's human-in-the-loop answer, in the spelling of its JavaScript and its Python edition. */
const LangChainAnswer = z.object({
  decisions: z.tuple([
    z.union([
      z.object({ type: z.literal("approve") }),
      z.object({ type: z.literal("edit"), editedAction: EditedAction }),
      z.object({ type: z.literal("edit"), edited_action: EditedAction }),
      z.object({ type: z.literal("reject"), message: z.string().optional() }),
      z.object({ type: z.literal("respond"), message: z.string() }),
    ]),
  ]),
});

/** Every answer that is understood; also the interrupt's response schema, so that another one is not consumed. */
export const AnswerDialects = z.union([Answer, AgentInboxAnswer, LangChainAnswer]);
export type AnswerDialect = z.infer<typeof AnswerDialects>;

export type ParsedAnswer = { understood: true; answer: Answer } | { understood: false; reason: string };

/** Translates any dialect to ours. Refuses, with the reason, what does not fit or tries to change what is pinned. */
export function parseAnswer(raw: unknown, review: Review): ParsedAnswer {
  const parsed = AnswerDialects.safeParse(raw);
  if (!parsed.success) return refuse(explain(raw));
  const dialect = parsed.data;
  if (Array.isArray(dialect)) return fromAgentInbox(dialect[0], review);
  if ("decisions" in dialect) return fromLangChain(dialect.decisions[0], review);
  return accept(dialect);
}

function fromAgentInbox(answer: z.infer<typeof AgentInboxAnswer>[0], review: Review): ParsedAnswer {
  switch (answer.type) {
    case "accept":
      return answer.args ? approveShown(answer.args.args, review) : accept({ type: "approve" });
    case "edit":
      return fromEdit(answer.args.args, review);
    case "response":
      return fitting({ type: "revise", instruction: answer.args });
    case "ignore":
      return accept({ type: "reject", reason: "Ignored in the agent inbox." });
  }
}

function fromLangChain(
  decision: z.infer<typeof LangChainAnswer>["decisions"][0],
  review: Review,
): ParsedAnswer {
  switch (decision.type) {
    case "approve":
      return accept({ type: "approve" });
    case "edit":
      return fromEdit(
        "editedAction" in decision ? decision.editedAction.args : decision.edited_action.args,
        review,
      );
    case "reject":
      return fitting({ type: "reject", reason: decision.message ?? "Rejected without a reason." });
    case "respond":
      return fitting({ type: "revise", instruction: decision.message });
  }
}

function approveShown(input: Record<string, unknown>, review: Review): ParsedAnswer {
  const changed = changedArguments(input, review);
  if (changed.length === 0) return accept(withDigest({ type: "approve" }, input));
  return changed.length === 1 && changed[0] === "body" ? fromEdit(input, review) : refusePinned(changed);
}

function fromEdit(input: Record<string, unknown>, review: Review): ParsedAnswer {
  const pinned = changedArguments(input, review).filter((name) => name !== "body");
  if (pinned.length > 0) return refusePinned(pinned);
  return fitting(withDigest({ type: "edit", body: input.body }, input));
}

function withDigest<T extends object>(answer: T, input: Record<string, unknown>): T & { digest?: string } {
  return typeof input.digest === "string" ? { ...answer, digest: input.digest } : answer;
}

/** Names of the shown arguments that came back different, or that were never shown. Tools send every value as text. */
function changedArguments(input: Record<string, unknown>, review: Review): string[] {
  const shown = actionRequestOf(review).args;
  return Object.entries(input)
    .filter(([name, value]) => shown[name] !== value)
    .map(([name]) => name);
}

function fitting(answer: unknown): ParsedAnswer {
  const parsed = Answer.safeParse(answer);
  return parsed.success ? accept(parsed.data) : refuse(explain(answer));
}

function accept(answer: Answer): ParsedAnswer {
  return { understood: true, answer };
}

function refuse(reason: string): ParsedAnswer {
  return { understood: false, reason };
}

function refusePinned(names: readonly string[]): ParsedAnswer {
  return refuse(`Only the body and the follow-ups can be changed, not ${names.join(", ")}.`);
}

function explain(raw: unknown): string {
  const ours = Answer.safeParse(raw);
  if (!ours.success && z.object({ type: z.enum(decisionTypes) }).safeParse(raw).success) {
    return ours.error.issues
      .map((issue) => `${issue.path.join(".") || "answer"}: ${issue.message}`)
      .join("; ");
  }
  return `The answer was not understood. Send {"type": ...} with one of ${decisionTypes.join(", ")}.`;
}
