import type { Command } from "commander";
import { z } from "zod";
import { Conversation } from "../../domain/conversation.ts";
import { Outcome } from "../../domain/delivery.ts";
import { CallerError } from "../../domain/errors.ts";
import type { Output } from "../output.ts";
import { shorten } from "../output.ts";
import type { Act } from "../program.ts";
import { openSession, type Session } from "../session.ts";
import { getReview } from "./reviews.ts";

const ProgressEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("working"), node: z.string() }),
  z.object({ type: z.literal("waiting"), reviewId: z.string() }),
  z.object({ type: z.literal("ended"), outcome: Outcome }),
  z.object({ type: z.literal("busy") }),
  z.object({ type: z.literal("failed"), reason: z.string() }),
]);
type ProgressEvent = z.infer<typeof ProgressEvent>;

const SweepLine = z.discriminatedUnion("type", [
  z.object({ type: z.literal("refused"), reason: z.string() }),
  z.object({ type: z.literal("found"), total: z.number() }),
  z.object({
    type: z.literal("progress"),
    conversation: z.object({ conversationId: z.string(), title: z.string() }),
    progress: ProgressEvent,
  }),
]);

export function addConversationCommands(program: Command, act: Act): void {
  program
    .command("open")
    .description("draft a reply to one conversation")
    .argument("<conversation>", "the conversation's id in Intercom")
    .action(async (id: string) => {
      await act(async ({ options, output }) => {
        await follow(output, await openSession(options), `/api/conversations/${idIn(id)}/open`);
      });
    });

  program
    .command("pick-up")
    .description("take a colleague's draft over to decide it yourself, where the desk's rules allow it")
    .argument("<review>", "the review's id, or its beginning")
    .action(async (id: string) => {
      await act(async ({ options, output }) => {
        const session = await openSession(options);
        const { review } = await getReview(session, id);
        await follow(output, session, `/api/reviews/${review.id}/pick-up`);
      });
    });

  program
    .command("sweep")
    .description("draft replies to every conversation that waits for you")
    .action(async () => {
      await act(async ({ options, output }) => {
        const session = await openSession(options);
        const ended: { conversationId: string; progress: ProgressEvent }[] = [];
        for await (const line of session.events("/api/conversations/sweep", SweepLine)) {
          if (line.type === "found") output.say(`${line.total} conversations wait for you.`);
          else if (line.type === "refused") output.say(line.reason);
          else if (line.progress.type === "working") {
            output.progress(`${line.conversation.conversationId} ${line.progress.node}…`);
          } else {
            const { conversationId, title } = line.conversation;
            ended.push({ conversationId, progress: line.progress });
            output.say(`  ${conversationId}  ${shorten(title, 44)}  ${describe(line.progress)}`);
          }
        }
        output.result(ended);
      });
    });

  program
    .command("conversation")
    .description("read a conversation from Intercom, as you")
    .argument("<id>", "the conversation's id in Intercom")
    .action(async (id: string) => {
      await act(async ({ options, output }) => {
        const session = await openSession(options);
        const conversation = await session.get(`/api/conversations/${idIn(id)}`, Conversation);
        output.result(conversation);
        sayConversation(output, conversation);
      });
    });
}

function sayConversation(output: Output, conversation: Conversation): void {
  const { id, title, state, assigneeId, tags, parts, omittedParts } = conversation;
  output.say(
    `${title}\n${id} · ${state} · assigned to ${assigneeId ?? "nobody"} · tags: ${tags.join(", ") || "none"}`,
  );
  for (const [position, part] of parts.entries()) {
    const { author, createdAt, type, text, attachments } = part;
    if (position === 1 && omittedParts > 0) output.say(`\n(${omittedParts} earlier messages left out)`);
    const at = new Date(createdAt * 1000).toISOString().slice(0, 16).replace("T", " ");
    output.say(`\n${author.name || "Unknown"} (${author.type}) · ${type} · ${at} · ${part.id}`);
    if (text) output.say(text);
    for (const attachment of attachments) output.say(`[attached: ${attachment.name}]`);
  }
}

/** Starts a run, shows each step, and says how it stopped. */
async function follow(output: Output, session: Session, path: string): Promise<void> {
  let last: ProgressEvent | null = null;
  for await (const event of session.events(path, ProgressEvent)) {
    last = event;
    if (event.type === "working") output.progress(`${event.node}…`);
  }
  output.result(last);
  output.say(last ? describe(last) : "Nothing happened.");
}

function describe(progress: ProgressEvent): string {
  switch (progress.type) {
    case "waiting":
      return `draft ready: npx countersign show ${progress.reviewId.slice(0, 8)}`;
    case "ended":
      return "reason" in progress.outcome
        ? progress.outcome.reason
        : `already dealt with: ${progress.outcome.type}`;
    case "busy":
      return "another run is at work on it";
    case "failed":
      return `failed: ${progress.reason}`;
    case "working":
      return progress.node;
  }
}

function idIn(id: string): string {
  if (/^\d+$/.test(id)) return id;
  throw new CallerError(
    "conversation_id_invalid",
    `"${id}" is not a conversation id: Intercom's have digits only.`,
    "Copy it from the conversation's address in Intercom, or from countersign reviews.",
  );
}
