import { plainText } from "../src/tools/html.ts";
import type { Message } from "./case.ts";
import type { Stage } from "./stage.ts";
import type { TurnTrace } from "./trace.ts";

/** Later messages are plain text and customers' files: the data set's check sees to it. */
export async function sendMessages(
  stage: Stage,
  conversationId: string,
  messages: readonly Message[],
): Promise<void> {
  const { world } = stage.sandbox;
  for (const message of messages) {
    const body = typeof message === "string" ? message : (message.body ?? "");
    if (typeof message === "string" || message.from === "customer") {
      const attachments = attachmentsOf(message);
      await world.customerWrites(conversationId, { body, attachments });
      continue;
    }
    const by = message.by ?? stage.runtime.desk.unassigned;
    const adminId = stage.dataset.seed.admins.find(({ email }) => email === by)?.id ?? "";
    const type = message.from === "note" ? "note" : "comment";
    await world.adminWrites(conversationId, { adminId, body, type });
  }
}

function attachmentsOf(message: Message) {
  const files = typeof message === "string" ? [] : message.attachments;
  return files.map(({ name, content_type }, file) => ({
    name,
    contentType: content_type,
    filesize: 20_480,
    url: `https://files.customer.example/later/${file}`,
  }));
}

const MOST_SHOWN = 12;

/** The conversation so far, for a reader. */
export function readMessages({ sandbox }: Stage, conversationId: string): TurnTrace["messages"] {
  const { source, parts } = sandbox.world.conversation(conversationId);
  const all = [
    { author: source.author, type: "comment", body: source.body, attachments: source.attachments },
  ];
  const said = [...all, ...parts].filter(
    ({ body, attachments }) => (body ?? "") !== "" || attachments.length > 0,
  );
  return said.slice(-MOST_SHOWN).map(({ author, type, body, attachments }) => ({
    from: type === "note" ? "note" : ["user", "lead"].includes(author.type) ? "customer" : author.type,
    text: [plainText(body ?? ""), ...attachments.map(({ name }) => `[${name}]`)].filter(Boolean).join("\n"),
  }));
}
