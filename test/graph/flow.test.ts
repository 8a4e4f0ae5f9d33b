import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { listFacts, verifyLedger } from "../../src/store/audit.ts";
import { listReviews } from "../../src/store/reviews.ts";
import { dispatcher, JONAS, MINA, openTestDesk, PRIYA, SAM, type TestDesk } from "../support/desk.ts";
import { plainEngines } from "../support/engines.ts";

const REPLY = "intercom_reply_to_conversation";
const TAG = "intercom_attach_tag_to_conversation";

let desk: TestDesk;

beforeAll(async () => {
  desk = await openTestDesk({ engines: plainEngines() });
});

afterAll(async () => {
  await desk.close();
});

describe("one conversation", () => {
  it("stops at the review and writes nothing before it is approved", async () => {
    const { asked } = await desk.open("215400000015", MINA);
    expect(asked).toMatchObject({
      conversationId: "215400000015",
      channel: "comment",
      author: { teammate: MINA, adminId: "5510001" },
      version: 1,
      refusal: null,
      followUps: ["Tag the conversation “VIP”"],
    });
    expect(asked?.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(desk.writes("215400000015")).toEqual([]);
  });

  it("sends exactly the approved reply, once, as the teammate who approved", async () => {
    const conversation = "215400000046";
    const { asked } = await desk.open(conversation, MINA);
    const { outcome } = await desk.answer(conversation, MINA, { type: "approve", digest: asked?.digest });
    expect(outcome).toMatchObject({ type: "sent" });

    expect(desk.writes(conversation).map(({ tool }) => tool)).toEqual([REPLY, TAG]);
    const part = desk.sandbox.world.parts(conversation).findLast(({ type }) => type === "comment");
    expect(part?.author).toMatchObject({ type: "admin", id: "5510001" });
    expect(part?.body).toContain("&lt;b&gt;");
    expect(outcome).toEqual({ type: "sent", partId: part?.id });
  });

  it("sends the edited text and only the follow-ups that were kept", async () => {
    const conversation = "215400000050";
    const { asked } = await desk.open(conversation, MINA);
    await desk.answer(conversation, MINA, {
      type: "edit",
      digest: asked?.digest,
      body: "My own words.",
      followUps: [],
    });
    const writes = desk.writes(conversation);
    expect(writes).toHaveLength(1);
    expect(writes[0]?.parameters).toMatchObject({ body: "<p>My own words.</p>", message_type: "comment" });
  });

  it("makes a new draft from an instruction, and the old one cannot be approved any more", async () => {
    const conversation = "215400000053";
    const first = await desk.open(conversation, MINA);
    const second = await desk.answer(conversation, MINA, { type: "revise", instruction: "be brief" });
    expect(second.asked).toMatchObject({ version: 2 });
    expect(second.asked?.body).toContain("(be brief)");
    expect(second.asked?.reviewId).not.toBe(first.asked?.reviewId);

    const refused = await desk.answer(conversation, MINA, { type: "approve", digest: first.asked?.digest });
    expect(refused.asked?.refusal).toMatch(/digest/);
    expect(desk.writes(conversation)).toEqual([]);
  });

  it.each([
    [{ type: "reject", reason: "Wrong tone." }, "rejected"],
    [{ type: "take_over" }, "taken_over"],
  ])("ends without a write on %j", async (answer, type) => {
    const conversation = type === "rejected" ? "215400000060" : "215400000065";
    await desk.open(conversation, MINA);
    expect((await desk.answer(conversation, MINA, answer)).outcome).toEqual({ type });
    expect(desk.writes(conversation)).toEqual([]);
  });

  it("records every decision in the ledger, which stays unbroken", async () => {
    const { db } = desk.runtime.store;
    const decided = (await listFacts(db, { conversationId: "215400000050" })).map(({ event, actor }) => [
      event,
      actor,
    ]);
    expect(decided).toEqual([
      ["review.opened", "countersign"],
      ["review.decided", MINA],
      ["delivery.sending", "countersign"],
      ["delivery.sent", MINA],
    ]);
    expect((await verifyLedger(db)).broken).toBeNull();
  });
});

describe("who may do what", () => {
  it("refuses a conversation that is assigned to somebody else", async () => {
    const { asked, outcome } = await desk.open("215400000017", JONAS);
    expect(asked).toBeNull();
    expect(outcome).toMatchObject({ type: "blocked", reason: expect.stringContaining("another teammate") });
  });

  it("refuses the answer of anybody but the teammate the review is for, and asks again", async () => {
    const conversation = "215400000019";
    await desk.open(conversation, PRIYA);
    const { asked, outcome } = await desk.answer(conversation, JONAS, { type: "approve" });
    expect(asked?.refusal).toContain(`${JONAS} may not decide it`);
    expect(outcome).toBeNull();
    expect(desk.writes(conversation)).toEqual([]);
    expect((await desk.answer(conversation, PRIYA, { type: "approve" })).outcome).toMatchObject({
      type: "sent",
    });
  });

  it("says that a teammate has not connected Intercom, and records it", async () => {
    const { outcome } = await desk.open("215400000014", SAM);
    expect(outcome).toMatchObject({ type: "blocked", reason: expect.stringMatching(/connect/i) });
    const facts = await listFacts(desk.runtime.store.db, { conversationId: "215400000014" });
    expect(facts.map(({ event }) => event)).toEqual(["conversation.blocked"]);
  });

  it("refuses a run without an identity, whatever its input says", async () => {
    const { configurable } = desk.config("215400000020", MINA);
    const anonymous = { configurable: { thread_id: configurable.thread_id, user: MINA } };
    await expect(desk.graph.invoke({ conversationId: "215400000020" }, anonymous)).rejects.toThrow(
      /no identity/,
    );
  });
});

describe("an answer that does not fit", () => {
  const conversation = "215400000020";

  it.each([
    ["a word", "yes"],
    ["an unknown decision", { type: "send" }],
    ["an edit without a body", { type: "edit", body: "  " }],
    [
      "an inbox edit that changes the recipient",
      [{ type: "edit", args: { action: "send_reply", args: { to: "me" } } }],
    ],
  ])("%s leaves the review open", async (_, answer) => {
    const { asked } = await desk.open(conversation, MINA);
    const after = await desk.answer(conversation, MINA, answer).catch(() => null);
    const again = await desk.open(conversation, MINA);
    expect(again.asked?.reviewId).toBe(asked?.reviewId);
    expect(after?.outcome ?? null).toBeNull();
    expect(desk.writes(conversation)).toEqual([]);
  });

  it("can be followed by one that does", async () => {
    await desk.answer(conversation, MINA, "yes").catch(() => null);
    expect((await desk.answer(conversation, MINA, { type: "reject", reason: "no" })).outcome).toEqual({
      type: "rejected",
    });
  });
});

describe("what is settled", () => {
  it("is not drafted again by the desk itself, though an internal note leaves the customer waiting", async () => {
    const conversation = "215400000062";
    await desk.open(conversation, MINA);
    await desk.answer(conversation, MINA, { type: "edit", body: "Looked into it." });
    const again = await desk.open(conversation, dispatcher(MINA));
    expect(again).toMatchObject({ asked: null, outcome: { type: "sent" } });
    await desk.sandbox.world.customerWrites(conversation, { body: "Any news?" });
    expect((await desk.open(conversation, dispatcher(MINA))).asked).toMatchObject({ version: 2 });
  });

  it("stays rejected until the customer writes again", async () => {
    const conversation = "215400000056";
    await desk.open(conversation, MINA);
    await desk.answer(conversation, MINA, { type: "reject", reason: "I will call them." });
    expect((await desk.open(conversation, dispatcher(MINA))).outcome).toEqual({ type: "rejected" });
    await desk.sandbox.world.customerWrites(conversation, { body: "Hello?" });
    expect((await desk.open(conversation, dispatcher(MINA))).asked).not.toBeNull();
  });
});

describe("a thread is a cache", () => {
  it("says where a draft waits to a client that starts on a thread of its own", async () => {
    const conversation = "215400000067";
    const { asked } = await desk.open(conversation, dispatcher(MINA));
    const own = {
      configurable: { ...desk.config(conversation, MINA).configurable, thread_id: randomUUID() },
    };
    const state = await desk.graph.invoke({ conversationId: conversation }, own);
    const [review] = await listReviews(desk.runtime.store.db, { conversationId: conversation });
    expect(review?.id).toBe(asked?.reviewId);
    expect(state).toMatchObject({
      outcome: { type: "blocked", reason: expect.stringContaining(review?.threadId ?? "no thread") },
    });
  });

  it("asks about the same review again after the thread was lost", async () => {
    const conversation = "215400000066";
    const before = await desk.open(conversation, MINA);
    desk.loseThreads();
    const after = await desk.open(conversation, MINA);
    expect(after.asked?.reviewId).toBe(before.asked?.reviewId);
    expect((await desk.answer(conversation, MINA, { type: "approve" })).outcome).toMatchObject({
      type: "sent",
    });
    const reviews = await listReviews(desk.runtime.store.db, { conversationId: conversation });
    expect(reviews).toHaveLength(1);
  });
});
