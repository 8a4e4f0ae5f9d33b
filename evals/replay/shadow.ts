import { isFromCustomer, isMessage, type Conversation, type Part } from "../../src/domain/conversation.ts";
import { CountersignError, TeammateError } from "../../src/domain/errors.ts";
import { readConversation, searchClosed } from "../../src/tools/conversations.ts";
import { inLanes } from "../lanes.ts";
import { cutAfter, cutBeforeReply, type Cut } from "./cut.ts";
import { bandOf, editDistance } from "./distance.ts";
import type { PastAnswer } from "./past-reviews.ts";
import { valueOf, type Reader, type ReadingDesk } from "./reading-desk.ts";
import type { ReplayedAnswer } from "./replay-document.ts";

/** What was read of one conversation: for the comparison, and for an export. */
export interface Shadowed extends Cut {
  answer: ReplayedAnswer;
}

export interface Shadow {
  shadowed: Shadowed[];
  /** Why others are not among them, a reason each. */
  leftOut: string[];
}

interface Following {
  onProgress?: (done: number, of: number) => void;
  signal?: AbortSignal | undefined;
}

const LANES = 2;

/** Drafts for closed conversations as they were before anybody answered. Reads as the reader; writes nothing anywhere. */
export async function shadowConversations(
  desk: ReadingDesk,
  reader: Reader,
  options: Following & { since: Date | null; limit: number },
): Promise<Shadow> {
  const since = options.since === null ? null : Math.floor(options.since.getTime() / 1000);
  const { teammate } = reader;
  const closed = valueOf(await searchClosed(desk.gateway, teammate, { since, limit: options.limit }));
  return await inOrder(closed, options, async ({ id, subject }) => {
    const conversation = await readWhole(desk, reader, id);
    if (typeof conversation === "string") return conversation;
    const cut = cutBeforeReply(conversation, subject);
    return typeof cut === "string" ? cut : await draftFor(desk, reader, cut);
  });
}

/** Drafts again, with the engines of today, what was drafted for the reviews of the past. */
export async function draftAgain(
  desk: ReadingDesk,
  readerFor: (answer: PastAnswer) => Promise<Reader>,
  answers: readonly PastAnswer[],
  options: Following,
): Promise<Shadow> {
  return await inOrder(answers, options, async (past) => {
    const { conversationId, plan, title } = past.review;
    const reader = await readerFor(past);
    const conversation = await readWhole(desk, reader, conversationId);
    if (typeof conversation === "string") return conversation;
    const cut = cutAfter(conversation, plan.seen.lastPartId, title);
    if (typeof cut === "string") return cut;
    const wasReply = past.sent !== null && past.review.draft.channel === "comment";
    const at = Math.floor(Date.parse(past.decision.decidedAt) / 1000);
    const reply = wasReply ? { text: past.sent ?? "", at } : cut.reply;
    if (reply === null) return "nobody has answered since";
    return await draftFor(desk, reader, { ...cut, reply });
  });
}

async function readWhole(
  desk: ReadingDesk,
  { teammate }: Reader,
  id: string,
): Promise<Conversation | string> {
  const outcome = await readConversation(desk.gateway, teammate, id);
  if (outcome.kind === "ok") return outcome.value;
  if (outcome.kind === "needs_connection")
    throw new TeammateError(outcome.code, outcome.reason, outcome.next);
  return `it could not be read (${outcome.code})`;
}

async function draftFor(desk: ReadingDesk, reader: Reader, cut: Cut): Promise<Shadowed | string> {
  try {
    const { classification, draft } = await desk.draft(reader, cut.conversation);
    const { channel, body } = draft;
    const isReply = channel === "comment" && body.trim() !== "";
    const distance = isReply ? editDistance(body, cut.reply.text) : null;
    const answer: ReplayedAnswer = {
      conversationId: cut.conversation.id,
      at: new Date(cut.reply.at * 1000).toISOString(),
      topic: classification.topic,
      messages: cut.conversation.parts.filter(isShown).map(shown),
      asks: classification.asks,
      draft: { channel, body },
      sent: cut.reply.text,
      fate: distance === null ? "person" : bandOf(distance),
      distance,
      reason: isReply
        ? classification.reason
        : `${body.trim() === "" ? "It would have sent nothing." : "It would have left it to a person."} ${classification.reason}`,
    };
    return { ...cut, answer };
  } catch (error) {
    // A model that failed once may do better at the next; nobody's connection and no key mends itself.
    if (error instanceof CountersignError && error.actor === "vendor")
      return `it could not be drafted (${error.code})`;
    throw error;
  }
}

const MOST_SHOWN = 12;

function isShown(part: Part, index: number, parts: readonly Part[]): boolean {
  const said = part.text !== "" || part.attachments.length > 0;
  return said && (index === 0 || index >= parts.length - MOST_SHOWN + 1);
}

function shown(part: Part): ReplayedAnswer["messages"][number] {
  const files = part.attachments.map(({ name }) => `[${name}]`);
  return { from: speakerOf(part), text: [part.text, ...files].filter((line) => line !== "").join("\n") };
}

/** Who spoke, in the words of the evaluations. */
export function speakerOf(part: Part): "customer" | "note" | "bot" | "teammate" {
  if (isFromCustomer(part)) return "customer";
  if (!isMessage(part)) return "note";
  return part.author.type === "admin" ? "teammate" : "bot";
}

/** Works on all of them, some at a time, and keeps their order. */
async function inOrder<Item>(
  items: readonly Item[],
  { onProgress, signal }: Following,
  work: (item: Item) => Promise<Shadowed | string>,
): Promise<Shadow> {
  const results: (Shadowed | string)[] = [];
  let done = 0;
  await inLanes([...items.entries()], LANES, async ([index, item]) => {
    signal?.throwIfAborted();
    results[index] = await work(item);
    onProgress?.((done += 1), items.length);
  });
  return {
    shadowed: results.flatMap((result) => (typeof result === "string" ? [] : [result])),
    leftOut: results.filter((result) => typeof result === "string"),
  };
}
