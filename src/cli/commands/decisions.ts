import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { InvalidArgumentError, type Command } from "commander";
import { CallerError } from "../../domain/errors.ts";
import type { Decision } from "../../domain/decision.ts";
import type { Outcome } from "../../domain/delivery.ts";
import type { Review } from "../../domain/review.ts";
import type { Progress } from "../../runs/dispatch.ts";
import { exitCodes } from "../output.ts";
import type { Act } from "../program.ts";
import { openSession, type CommandContext } from "../session.ts";
import { getReview } from "./reviews.ts";

interface DecisionOptions {
  digest?: string;
}

export function addDecisionCommands(program: Command, act: Act): void {
  const add = (name: string, description: string) =>
    program
      .command(name)
      .description(description)
      .argument("<review>", "the review's id, or its beginning")
      .option("--digest <digest>", "refuse unless the review still has this digest, as `show` printed it");

  add("approve", "approve a draft: it is sent as you, exactly as shown").action(
    async (review: string, options: DecisionOptions) => {
      await act((context) => answer(context, review, { type: "approve" }, options));
    },
  );

  add("edit", "approve a draft with your own text")
    .option("--body <text>", "the text to send")
    .option("--file <path>", "a file with the text to send; - reads standard input")
    .option(
      "--follow-ups <numbers>",
      "follow-ups to keep, as numbered by show: 1,3 (default: all; none: keep none)",
      parseNumbers,
    )
    .action(
      async (
        review: string,
        options: DecisionOptions & { body?: string; file?: string; followUps?: number[] },
      ) => {
        await act(async (context) => {
          const body = options.body ?? (await readBody(options.file));
          const followUps = options.followUps === undefined ? {} : { followUps: options.followUps };
          await answer(context, review, { type: "edit", body, ...followUps }, options);
        });
      },
    );

  add("revise", "send a draft back with an instruction; nothing is sent")
    .argument("<instruction>", "what the new draft should do differently")
    .action(async (review: string, instruction: string, options: DecisionOptions) => {
      await act((context) => answer(context, review, { type: "revise", instruction }, options));
    });

  add("reject", "reject a draft; nothing is sent")
    .argument("<reason>", "why, for the ledger")
    .action(async (review: string, reason: string, options: DecisionOptions) => {
      await act((context) => answer(context, review, { type: "reject", reason }, options));
    });

  add("take-over", "answer by hand in Intercom; nothing is sent").action(
    async (review: string, options: DecisionOptions) => {
      await act((context) => answer(context, review, { type: "take_over" }, options));
    },
  );
}

async function answer(
  { options: globals, output }: CommandContext,
  id: string,
  decision: Record<string, unknown>,
  { digest }: DecisionOptions,
): Promise<void> {
  const session = await openSession(globals);
  const { review, decision: decided, permission, authorName } = await getReview(session, id);
  if (review.status !== "open") throw notOpen(review, decided);
  if (permission.kind !== "yours") {
    throw new CallerError(
      "not_your_review",
      `This draft is for ${authorName}.`,
      permission.kind === "pick_up"
        ? `Pick it up to decide it: npx countersign pick-up ${review.id.slice(0, 8)}`
        : permission.reason,
    );
  }
  output.progress("Deciding…");
  const { answerReview } = await import("../../runs/dispatch.ts");
  const progress = await answerReview(session, review, { ...decision, digest: digest ?? review.digest });
  const after = await getReview(session, review.id);
  output.result({ review: review.id, conversationId: review.conversationId, ...progress });
  for (const { action, status, reason } of after.deliveries) {
    output.say(`  ${status}: ${action.summary}${reason ? ` (${reason})` : ""}`);
  }
  output.say(sentence(progress, review.conversationId));
  const meantToSend = after.decision?.plan != null && after.deliveries.length > 0;
  if (meantToSend && after.deliveries[0]?.status !== "sent") process.exitCode = exitCodes.refused;
}

function notOpen({ status }: Review, decided: Decision | null): CallerError {
  return decided
    ? new CallerError(
        "already_decided",
        `This review was already decided (${decided.type}) by ${decided.decidedBy} at ${decided.decidedAt}.`,
        "Nothing more is needed; nothing was sent again.",
      )
    : new CallerError(
        "review_superseded",
        `This review is ${status}: a newer draft has taken its place.`,
        "List the open ones with: countersign reviews",
      );
}

function sentence(progress: Progress, conversationId: string): string {
  switch (progress.type) {
    case "waiting":
      return `A draft waits for you: npx countersign show ${progress.reviewId.slice(0, 8)}`;
    case "ended":
      return outcomeSentence(progress.outcome, conversationId);
    case "failed":
      return `Recorded, but the run failed: ${progress.reason}`;
    case "busy":
    case "working":
      return "Recorded. Another run is at work on this conversation.";
  }
}

function outcomeSentence(outcome: Outcome, conversationId: string): string {
  switch (outcome.type) {
    case "sent":
      return `Done. Read it back: npx countersign conversation ${conversationId}`;
    case "incomplete":
      return `The reply was sent, a follow-up was not: ${outcome.reason}`;
    case "unknown":
      return `Whether it was sent is not known yet: ${outcome.reason} It is looked for, and never sent twice.`;
    case "rejected":
      return "Rejected. Nothing was sent.";
    case "taken_over":
      return "It is yours to answer in Intercom. Nothing was sent.";
    case "stale":
    case "failed":
    case "blocked":
      return outcome.reason;
  }
}

async function readBody(file: string | undefined): Promise<string> {
  if (file === "-") return await text(process.stdin);
  if (file === undefined) {
    throw new CallerError("body_missing", "There is no text to send.", "Give it with --body or --file.");
  }
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new CallerError("file_unreadable", `${file} cannot be read.`, "Check the path.", { cause: error });
  }
}

function parseNumbers(value: string): number[] {
  if (value === "none") return [];
  const numbers = value.split(",").map(Number);
  if (numbers.every((number) => Number.isInteger(number) && number >= 1))
    return numbers.map((number) => number - 1);
  throw new InvalidArgumentError("Write the numbers that show prints, as 1,3, or none.");
}
