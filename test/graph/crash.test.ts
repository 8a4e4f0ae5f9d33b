import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { reconcile } from "../../src/delivery/reconcile.ts";
import type { Decision } from "../../src/domain/decision.ts";
import { decide } from "../../src/review/decide.ts";
import { claimDelivery, listDeliveries, listUnfinished } from "../../src/store/deliveries.ts";
import { verifyLedger } from "../../src/store/audit.ts";
import { dispatcher, MINA, openTestDesk, teammate, type TestDesk } from "../support/desk.ts";
import { plainEngines } from "../support/engines.ts";

const REPLY = "intercom_reply_to_conversation";

let desk: TestDesk;

beforeAll(async () => {
  desk = await openTestDesk({ engines: plainEngines() });
});

afterAll(async () => {
  await desk.close();
});

/** Records an approval and stops there, as a process does that is killed in that instant. */
async function approveAndDie(conversation: string): Promise<Decision> {
  const { asked } = await desk.open(conversation, MINA);
  const decided = await decide(desk.runtime, teammate(MINA), asked?.reviewId ?? "", { type: "approve" });
  if (!decided.accepted) throw new Error(decided.report.message);
  desk.loseThreads();
  return decided.decision;
}

describe("a process that is killed", () => {
  it("after a decision was recorded has it carried out by the next one, once", async () => {
    const conversation = "215400000015";
    await approveAndDie(conversation);
    expect(desk.writes(conversation)).toEqual([]);
    expect((await desk.open(conversation, dispatcher(MINA))).outcome).toMatchObject({ type: "sent" });
    expect((await desk.open(conversation, dispatcher(MINA))).outcome).toMatchObject({ type: "sent" });
    expect(desk.writes(conversation).filter(({ tool }) => tool === REPLY)).toHaveLength(1);
  });

  it("after it claimed a delivery has it looked for, not sent again, and put before its teammate", async () => {
    const conversation = "215400000046";
    const decision = await approveAndDie(conversation);
    const [reply] = await listDeliveries(desk.runtime.store.db, decision.id);
    await claimDelivery(desk.runtime.store.db, reply?.id ?? "", desk.runtime.clock());

    expect((await desk.open(conversation, dispatcher(MINA))).outcome).toMatchObject({ type: "unknown" });
    desk.passTime(2 * desk.runtime.restMs + 1000);
    expect(await reconcile(desk.runtime)).toMatchObject([{ status: "failed" }]);
    expect(await listUnfinished(desk.runtime.store.db)).toEqual([]);
    expect(desk.writes(conversation)).toEqual([]);
    const { asked } = await desk.open(conversation, dispatcher(MINA));
    expect(asked).toMatchObject({ version: 2, notice: expect.stringContaining("Nothing was sent") });
  });

  it("between the reply and its follow-up leaves the follow-up to the next one, and the reply alone", async () => {
    const conversation = "215400000050";
    desk.sandbox.faults.add({
      tool: "intercom_attach_tag_to_conversation",
      effect: { kind: "grpc", code: "unavailable" },
    });
    await desk.open(conversation, MINA);
    const { outcome } = await desk.answer(conversation, MINA, { type: "approve" });
    expect(outcome).toMatchObject({ type: "unknown" });
    desk.passTime(desk.runtime.restMs + 1000);
    await reconcile(desk.runtime);
    const after = await desk.open(conversation, dispatcher(MINA));
    expect(after).toMatchObject({ asked: null, outcome: { type: "incomplete" } });
    expect(desk.writes(conversation).map(({ tool }) => tool)).toEqual([REPLY]);
  });

  it("leaves an unbroken ledger", async () => {
    expect((await verifyLedger(desk.runtime.store.db)).broken).toBeNull();
  });
});
