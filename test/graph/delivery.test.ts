import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { deliver } from "../../src/delivery/deliver.ts";
import { reconcile } from "../../src/delivery/reconcile.ts";
import { listReviews } from "../../src/store/reviews.ts";
import { findDecision } from "../../src/store/decisions.ts";
import { listDeliveries, listUnfinished } from "../../src/store/deliveries.ts";
import { dispatcher, JONAS, MINA, openTestDesk, PRIYA, type TestDesk } from "../support/desk.ts";
import { plainEngines } from "../support/engines.ts";

const REPLY = "intercom_reply_to_conversation";
const APPROVE = { type: "approve" };

let desk: TestDesk;

beforeAll(async () => {
  desk = await openTestDesk({ engines: plainEngines() });
});

afterEach(() => {
  desk.sandbox.faults.clear();
});

afterAll(async () => {
  await desk.close();
});

describe("a draft that is no longer what was read", () => {
  it("is not sent after the customer wrote again; the approved text is kept beside a new draft", async () => {
    const conversation = "215400000015";
    const { asked } = await desk.open(conversation, MINA);
    await desk.sandbox.world.customerWrites(conversation, { body: "Never mind, I found it." });
    const after = await desk.answer(conversation, MINA, { type: "edit", body: "My words." });
    expect(desk.writes(conversation)).toEqual([]);
    expect(after.asked?.reviewId).not.toBe(asked?.reviewId);
    expect(after.asked).toMatchObject({
      kept: "My words.",
      notice: expect.stringContaining("wrote after this draft was made"),
    });
  });

  it("is not sent after a colleague answered by hand", async () => {
    const conversation = "215400000046";
    await desk.open(conversation, MINA);
    await desk.sandbox.world.adminWrites(conversation, { adminId: "5510004", body: "I have this one." });
    const { asked } = await desk.answer(conversation, MINA, APPROVE);
    expect(asked?.notice).toContain("Jonas Weber wrote");
    expect(desk.writes(conversation)).toEqual([]);
  });

  it("is not sent into a conversation that was closed", async () => {
    const conversation = "215400000050";
    await desk.open(conversation, MINA);
    await desk.sandbox.world.closeConversation(conversation, "5510004");
    const { outcome } = await desk.answer(conversation, MINA, APPROVE);
    expect(outcome).toMatchObject({ type: "blocked", reason: expect.stringContaining("closed") });
    expect(desk.writes(conversation)).toEqual([]);
  });

  it("is not sent into a conversation that was assigned to a colleague", async () => {
    const conversation = "215400000053";
    await desk.open(conversation, MINA);
    await desk.sandbox.world.assignConversation(conversation, "5510001", { type: "admin", id: "5510004" });
    const { outcome } = await desk.answer(conversation, MINA, APPROVE);
    expect(outcome).toMatchObject({ type: "blocked" });
    expect(desk.writes(conversation)).toEqual([]);
    expect((await desk.open(conversation, dispatcher(JONAS))).asked).not.toBeNull();
  });

  it("is not sent after what it answers was redacted", async () => {
    const conversation = "215400000060";
    await desk.open(conversation, MINA);
    const [part] = desk.sandbox.world.parts(conversation);
    await desk.sandbox.world.redactPart(
      conversation,
      part?.id ?? desk.sandbox.world.conversation(conversation).source.id,
    );
    const { asked } = await desk.answer(conversation, MINA, APPROVE);
    expect(asked?.notice).toMatch(/redacted/);
    expect(desk.writes(conversation)).toEqual([]);
  });
});

describe("a connection that is gone", () => {
  it.each([
    ["expired", "215400000017"],
    ["token_revoked", "215400000019"],
  ] as const)(
    "(%s) is noticed before anything is decided, and stops nobody else",
    async (change, conversation) => {
      const { asked } = await desk.open(conversation, PRIYA);
      await desk.sandbox.world.changeAccount(PRIYA, change);
      const refused = await desk.answer(conversation, PRIYA, APPROVE);
      expect(refused.asked?.refusal).toMatch(/connect/i);
      expect(desk.writes(conversation)).toEqual([]);

      expect((await desk.open("215400000025", JONAS)).asked).not.toBeNull();

      await desk.sandbox.world.changeAccount(PRIYA, "active");
      const reopened = await desk.open(conversation, PRIYA);
      expect(reopened.asked?.body).toBe(asked?.body);
      expect((await desk.answer(conversation, PRIYA, APPROVE)).outcome).toMatchObject({ type: "sent" });
    },
  );

  it("sends nothing when it goes between the decision and the write, and gives the text back", async () => {
    const conversation = "215400000042";
    await desk.open(conversation, MINA);
    desk.sandbox.faults.add({
      ...{ tool: "retrieve_conversation", identifier: MINA },
      effect: { kind: "account", change: "token_revoked" },
    });
    const stopped = await desk.answer(conversation, MINA, { type: "edit", body: "Keep these words." });
    expect(stopped.asked).toMatchObject({
      body: "Keep these words.",
      notice: expect.stringMatching(/Nothing was sent: .*connect/i),
    });
    expect(desk.writes(conversation)).toEqual([]);

    await desk.sandbox.world.changeAccount(MINA, "active");
    expect((await desk.answer(conversation, MINA, APPROVE)).outcome).toMatchObject({ type: "sent" });
  });
});

describe("a write that goes wrong", () => {
  it("is failed, not repeated, when Intercom refuses it, and waits for its teammate again", async () => {
    const conversation = "215400000025";
    await desk.open(conversation, JONAS);
    desk.sandbox.faults.add({ tool: REPLY, effect: { kind: "tool_error", status: 422 } });
    const { asked } = await desk.answer(conversation, JONAS, APPROVE);
    expect(asked?.notice).toContain("Nothing was sent");
    expect(desk.sandbox.world.calls({ tool: REPLY, identifier: JONAS })).toHaveLength(1);
    expect((await desk.answer(conversation, JONAS, APPROVE)).outcome).toMatchObject({ type: "sent" });
  });

  it.each([
    ["an answer that is lost after the commit", "after", "sent", "215400000030"],
    ["a failure before the commit", "before", "failed", "215400000040"],
  ] as const)(
    "is unknown on %s, sent at most once, and settled by reading back",
    async (_, when, settled, conversation) => {
      await desk.open(conversation, JONAS);
      desk.sandbox.faults.add({ tool: REPLY, when, effect: { kind: "grpc", code: "unavailable" } });
      const { outcome } = await desk.answer(conversation, JONAS, APPROVE);
      expect(outcome).toMatchObject({ type: "unknown" });

      expect(await reconcile(desk.runtime)).toMatchObject([{ status: "waiting" }]);
      desk.passTime(desk.runtime.restMs + 1000);
      expect(await reconcile(desk.runtime)).toMatchObject([{ status: settled }]);

      if (settled === "failed") expect(await listUnfinished(desk.runtime.store.db)).toEqual([]);

      const after = await desk.open(conversation, dispatcher(JONAS));
      const replies = desk.writes(conversation).filter(({ tool }) => tool === REPLY);
      expect(replies).toHaveLength(settled === "sent" ? 1 : 0);
      if (settled === "sent") expect(after.outcome).toMatchObject({ type: "sent" });
      else expect(after.asked?.notice).toContain("Nothing was sent");
    },
  );
});

describe("deliver believes only the store", () => {
  it("sends nothing for a decision that was never recorded", async () => {
    const before = desk.sandbox.world.writes().length;
    expect(await deliver(desk.runtime, "made-up")).toMatchObject({ type: "failed" });
    expect(desk.sandbox.world.writes()).toHaveLength(before);
  });

  it("sends nothing when thread state is forged to point at deliver", async () => {
    const conversation = "215400000051";
    const { asked } = await desk.open(conversation, JONAS);
    const config = desk.config(conversation, JONAS);
    await desk.graph.updateState(
      config,
      { decided: "approve", decisionId: asked?.reviewId, outcome: null },
      "review",
    );
    await desk.graph.invoke(null, config);
    expect(desk.writes(conversation)).toEqual([]);
  });

  it("sends once, however often and from wherever it is called", async () => {
    const conversation = "215400000057";
    await desk.open(conversation, JONAS);
    await desk.answer(conversation, JONAS, APPROVE);
    const [review] = await listReviews(desk.runtime.store.db, { conversationId: conversation });
    const decision = await findDecision(desk.runtime.store.db, review?.id ?? "");
    await Promise.all([1, 2, 3].map(() => deliver(desk.runtime, decision?.id ?? "")));
    expect(desk.writes(conversation).filter(({ tool }) => tool === REPLY)).toHaveLength(1);
    const deliveries = await listDeliveries(desk.runtime.store.db, decision?.id ?? "");
    expect(deliveries.map(({ status }) => status)).toEqual(["sent", "sent"]);
  });
});
