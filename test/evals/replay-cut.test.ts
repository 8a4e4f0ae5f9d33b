import { describe, expect, it } from "@jest/globals";
import { withBlinkers } from "../../evals/replay/blinkers.ts";
import { cutAfter, cutBeforeReply } from "../../evals/replay/cut.ts";
import { caseLineOf } from "../../evals/replay/export.ts";
import { redaction } from "../../evals/replay/redact.ts";
import { CaseLine } from "../../evals/case.ts";
import type { Conversation, Part } from "../../src/domain/conversation.ts";
import type { JsonObject } from "../../src/domain/json.ts";
import type { ToolGateway } from "../../src/tools/gateway.ts";

const START = 1_760_000_000;
const names = { user: "Ana Silva", admin: "Mina Park", bot: "Operator" };

/** Each as `who: text`; a note begins with `note:`, an event with `event:`. Minutes pass between them. */
function conversationOf(lines: readonly string[], changes: Partial<Conversation> = {}): Conversation {
  const parts = lines.map((line, index): Part => {
    const [who = "", text = ""] = line.split(/: ?(.*)/s);
    const type = who === "customer" ? "user" : who === "bot" ? "bot" : "admin";
    return {
      id: `p${index}`,
      type: who === "note" ? "note" : who === "event" ? "assignment" : "comment",
      author: { type, id: type, name: names[type] },
      text,
      attachments: [],
      createdAt: START + index * 60,
      redacted: false,
    };
  });
  return {
    ...{ id: "42", title: "Refund was granted", state: "closed", channel: "conversation", priority: true },
    ...{ tags: ["refund"], contactId: "c1", assigneeId: "7", teamId: "8", waitingSince: null },
    ...{ createdAt: START, updatedAt: START + 100_000, omittedParts: 0, lastPartId: "p99" },
    parts,
    ...changes,
  };
}

const long = [
  "customer: My plan renewed.",
  "customer: Can I have a refund?",
  "bot: We are on it.",
  "event:",
  "note: SECRET, give it back.",
  "teammate: Yes, it is on its way.",
  "teammate: It takes five days.",
  "customer: SECRET thanks",
  "teammate: SECRET bye",
];

describe("a conversation that is cut before its answer", () => {
  it("ends with what the customer wrote last, and says nothing of what came later", () => {
    const cut = cutBeforeReply(conversationOf(long), "");
    if (typeof cut === "string") throw new Error(cut);
    const { conversation, reply } = cut;
    expect(conversation.parts.map(({ text }) => text)).toEqual(["My plan renewed.", "Can I have a refund?"]);
    expect(JSON.stringify(conversation)).not.toMatch(/SECRET|granted|refund"|Mina/);
    expect(conversation).toMatchObject({
      ...{ title: "", state: "open", tags: [], assigneeId: null, teamId: null, priority: false },
      ...{ lastPartId: "p1", updatedAt: START + 60, waitingSince: START },
    });
    expect(reply).toEqual({ text: "Yes, it is on its way.\n\nIt takes five days.", at: START + 300 });
  });

  it("keeps an e-mail's subject, and what was said before", () => {
    const cut = cutBeforeReply(
      conversationOf(["teammate: Welcome!", "customer: How do I begin?", "teammate: Like this."], {
        channel: "email",
      }),
      "Welcome to Quillbook",
    );
    expect(cut).toMatchObject({
      conversation: {
        title: "Welcome to Quillbook",
        parts: [{ text: "Welcome!" }, { text: "How do I begin?" }],
      },
      reply: { text: "Like this." },
    });
  });

  it("does not take what was said much later, or by another teammate, for the same answer", () => {
    const late = conversationOf(["customer: Hello?", "teammate: One.", "teammate: Two."]);
    const parts = late.parts.map((part, index) =>
      index === 2 ? { ...part, createdAt: START + 9000 } : part,
    );
    expect(cutBeforeReply({ ...late, parts }, "")).toMatchObject({ reply: { text: "One." } });
  });

  it.each([
    ["nobody answered", ["customer: Hello?", "bot: Hello!", "note: spam"], "no teammate answered in public"],
    ["the team alone spoke", ["teammate: Hello!"], "the customer wrote nothing"],
  ])("is nothing to compare when %s", (_, lines, reason) => {
    expect(cutBeforeReply(conversationOf(lines), "")).toBe(reason);
  });

  it("is nothing to compare when parts of it could not be read: the answer may be among them", () => {
    expect(cutBeforeReply(conversationOf(long, { omittedParts: 3 }), "")).toBe("too long to be read whole");
  });

  it("can be cut where a draft of the past was made", () => {
    const cut = cutAfter(conversationOf(long), "p4", "Renewal");
    if (typeof cut === "string") throw new Error(cut);
    expect(cut.conversation.parts).toHaveLength(5);
    expect(cut.conversation).toMatchObject({ lastPartId: "p4", title: "Renewal", state: "open", tags: [] });
    expect(cut.reply?.text).toContain("on its way");
    expect(cutAfter(conversationOf(long), "p77", "")).toMatch("not in the conversation");
  });
});

describe("an agent that is put back in time", () => {
  const items = [
    { id: "42", updated_at: 50 },
    { id: "43", updated_at: 100 },
    { id: "44", updated_at: 101 },
    { id: "45" },
  ];
  const gatewayThat = (value: JsonObject): ToolGateway =>
    ({
      read: () => Promise.resolve({ kind: "ok", value, executionId: null }),
      write: () => Promise.reject(new Error("written")),
    }) as unknown as ToolGateway;
  const as = { identifier: "mina", connectedAccountId: "ca" };
  const ask = async (tool: string, value: JsonObject) =>
    await withBlinkers(gatewayThat(value), { conversationId: "42", until: 100 }).read(
      "researcher",
      as,
      tool,
      {},
    );

  it("finds neither the conversation it drafts for nor what changed later, and nothing that has no date", async () => {
    expect(
      await ask("intercom_search_conversations", { conversations: items, total_count: 4 }),
    ).toMatchObject({
      value: { conversations: [items[1]], total_count: null },
    });
    expect(await ask("intercom_search_tickets", { tickets: items })).toMatchObject({
      value: { tickets: [items[0], items[1]] },
    });
  });

  it("cannot open them by their id or an older name of the tool", async () => {
    for (const tool of ["intercom_retrieve_conversation", "intercom_conversation_get"]) {
      expect(await ask(tool, { id: 42, updated_at: 50 })).toMatchObject({ code: "not_found" });
      expect(await ask(tool, { id: "44", updated_at: 101 })).toMatchObject({ code: "not_found" });
      expect(await ask(tool, { id: "43", updated_at: 100 })).toMatchObject({ kind: "ok" });
    }
  });

  it("reads articles as they are today", async () => {
    const value = { data: items };
    expect(await ask("intercom_search_articles", value)).toMatchObject({ value });
  });

  it("cannot write", () => {
    const gateway = withBlinkers(gatewayThat({}), { conversationId: "42", until: 100 });
    expect(() => gateway.write(as, "intercom_reply_to_conversation", {}, { runId: "1" })).toThrow(
      "tried to write",
    );
  });
});

describe("a redaction", () => {
  const redact = redaction({
    customers: ["Ana María Silva"],
    teammates: ["Mina Park", "tomas.keane@quillbook.example"],
  });

  it("replaces the names it knows, whole and by word, in any case", () => {
    expect(redact("ana maría silva wrote; ANA asked Mina, and Park's colleague Tomas answered.")).toBe(
      "[customer] wrote; [customer] asked [teammate], and [teammate]'s colleague [teammate] answered.",
    );
  });

  it("leaves words that only contain a name", () => {
    expect(redact("Parking and bananas.")).toBe("Parking and bananas.");
  });

  it.each([
    ["me@studio-ana.example, please", "[email], please"],
    ["+1 (555) 010-2233", "[number]"],
    ["call 030 1234 5678 today", "call [number] today"],
    ["4242424242424242", "[number]"],
    ["scan: \n[passport-ana.pdf]", "scan: \n[attachment]"],
  ])("replaces %j", (text, redacted) => {
    expect(redact(text)).toBe(redacted);
  });

  it.each([
    "on 2026-01-31",
    "31.01.2026",
    "120 minutes for $1,250.00",
    "booking 48213",
    "https://help.example/en/articles/8800006-buffers",
  ])("leaves %j", (text) => {
    expect(redact(text)).toBe(text);
  });
});

describe("an exported conversation", () => {
  const asItIs = (text: string) => text;
  const cut = (lines: readonly string[], changes: Partial<Conversation> = {}, subject = "") => {
    const found = cutBeforeReply(conversationOf(lines, changes), subject);
    if (typeof found === "string") throw new Error(found);
    return { ...found, answer: {} as never };
  };

  it("is a case but for its expectations, with what people sent as a note", () => {
    const lines = [
      "customer: Hello?",
      "bot: What is it about?",
      "customer: A refund.",
      "customer: Please.",
      "teammate: Yes.",
    ];
    const line = caseLineOf(cut(lines, { channel: "email" }, "Money"), asItIs);
    expect(line).toEqual({
      id: "replay-42",
      half: "dev",
      tags: ["kind:replay"],
      note: "What people sent: Yes.",
      subject: "Money",
      before: ["Hello?", { from: "bot", body: "What is it about?", attachments: [] }],
      messages: ["A refund.", "Please."],
    });
    expect(CaseLine.safeParse(line).error?.issues).toEqual([
      expect.objectContaining({ path: ["expect"], message: "a case without expectations is invalid" }),
    ]);
    expect(CaseLine.safeParse({ ...line, expect: { abstain: false } }).success).toBe(true);
  });

  it("names files and people only where it may", () => {
    const one = cut(["customer: I am Ana.", "teammate: Hi Ana."]);
    const [part] = one.conversation.parts;
    part!.attachments = [{ name: "ana.png", contentType: "" }];
    expect(JSON.stringify(caseLineOf(one, asItIs))).toContain("ana.png");
    const line = caseLineOf(one, redaction(one.people));
    expect(JSON.stringify(line)).not.toMatch(/ana/i);
    expect(CaseLine.safeParse({ ...line, expect: { abstain: false } }).success).toBe(true);
  });
});
