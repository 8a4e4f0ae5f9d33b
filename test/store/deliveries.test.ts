import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { sql } from "drizzle-orm";
import { DeliveryStatus } from "../../src/domain/delivery.ts";
import { listFacts, verifyLedger } from "../../src/store/audit.ts";
import type { Database } from "../../src/store/database.ts";
import {
  claimDelivery,
  type FinishedDelivery,
  finishDelivery,
  getDelivery,
  listDeliveries,
  listUnfinished,
} from "../../src/store/deliveries.ts";
import { onBothEngines, openTestStore, type TestStore } from "./engines.ts";
import { approveOne, AT, MINA } from "./fixtures.ts";

const LATER = new Date("2026-11-20T09:31:00.000Z");

onBothEngines("deliveries", (engine) => {
  let store: TestStore;
  let db: Database;

  beforeAll(async () => {
    store = await openTestStore(engine);
    db = store.db;
  });
  afterAll(() => store.close());

  const queueOne = async () => (await approveOne(db)).deliveries[0]!;
  const sent = (id: string, changes: Partial<FinishedDelivery> = {}): FinishedDelivery => ({
    ...{ id, fence: 1, from: "sending", to: "sent", partId: "p10", executionId: "ex1", reason: null },
    ...{ actor: MINA, at: LATER },
    ...changes,
  });

  it("is claimed, sent and recorded, with a fact for each", async () => {
    const { review, deliveries } = await approveOne(db);
    const queued = deliveries[0]!;
    const claimed = await claimDelivery(db, queued.id, AT);
    expect(claimed).toEqual({ ...queued, status: "sending", fence: 1, claimedAt: AT.toISOString() });
    expect(await finishDelivery(db, sent(queued.id))).toBe(true);
    expect(await getDelivery(db, queued.id)).toEqual({
      ...claimed,
      ...{ status: "sent", partId: "p10", executionId: "ex1", finishedAt: LATER.toISOString() },
    });
    const facts = await listFacts(db, { conversationId: review.conversationId });
    expect(facts.slice(2)).toMatchObject([
      { actor: "countersign", event: "delivery.sending", data: { deliveryId: queued.id, fence: 1 } },
      {
        actor: MINA,
        event: "delivery.sent",
        at: LATER.toISOString(),
        data: { partId: "p10", executionId: "ex1" },
      },
    ]);
  });

  it("is claimed by one of twenty", async () => {
    const { id } = await queueOne();
    const claims = await Promise.all(Array.from({ length: 20 }, () => claimDelivery(db, id, AT)));
    expect(claims.filter((claim) => claim !== null)).toHaveLength(1);
    expect(await getDelivery(db, id)).toMatchObject({ status: "sending", fence: 1 });
    expect(await claimDelivery(db, "unknown", AT)).toBeNull();
    expect((await verifyLedger(db)).broken).toBeNull();
  });

  it("is finished by one of twenty", async () => {
    const { id } = await queueOne();
    await claimDelivery(db, id, AT);
    const endings = Array.from({ length: 20 }, (_, index) =>
      finishDelivery(db, sent(id, { partId: String(index) })),
    );
    expect((await Promise.all(endings)).filter(Boolean)).toHaveLength(1);
  });

  it("records nothing under an older fence, or from a status it no longer has", async () => {
    const { id } = await queueOne();
    const claimed = await claimDelivery(db, id, AT);
    const before = await verifyLedger(db);
    expect(await finishDelivery(db, sent(id, { fence: 0 }))).toBe(false);
    expect(await finishDelivery(db, sent(id, { fence: 2 }))).toBe(false);
    expect(await finishDelivery(db, sent(id, { from: "unknown" }))).toBe(false);
    expect(await finishDelivery(db, sent(id, { from: "queued", to: "stale" }))).toBe(false);
    expect(await finishDelivery(db, sent("unknown"))).toBe(false);
    expect(await getDelivery(db, id)).toEqual(claimed);
    expect(await verifyLedger(db)).toEqual(before);
  });

  it("goes from unknown to sent by reconciliation, and is never claimed again", async () => {
    const { id } = await queueOne();
    await claimDelivery(db, id, AT);
    const lost = sent(id, { to: "unknown", partId: null, executionId: null, reason: "the connection broke" });
    expect(await finishDelivery(db, lost)).toBe(true);
    expect(await getDelivery(db, id)).toMatchObject({
      status: "unknown",
      finishedAt: null,
      reason: lost.reason,
    });
    expect(await claimDelivery(db, id, LATER)).toBeNull();
    expect(await finishDelivery(db, sent(id, { from: "unknown" }))).toBe(true);
    expect(await getDelivery(db, id)).toMatchObject({ status: "sent", reason: null, fence: 1 });
    expect(await claimDelivery(db, id, LATER)).toBeNull();
  });

  it("goes no way that a delivery may not go", async () => {
    const { id, fence } = await queueOne();
    const impossible = sent(id, { from: "queued", fence });
    await expect(finishDelivery(db, impossible)).rejects.toMatchObject({
      code: "delivery_transition_invalid",
    });
    expect(await finishDelivery(db, { ...impossible, to: "skipped", reason: "the reply was not sent" })).toBe(
      true,
    );
    expect(await claimDelivery(db, id, AT)).toBeNull();
  });

  it("keeps its claim when the fact cannot be recorded", async () => {
    const { id } = await queueOne();
    const claimed = await claimDelivery(db, id, AT);
    const crash = db.transaction(async (transaction) => {
      await finishDelivery(transaction, sent(id));
      throw new Error("crash");
    });
    await expect(crash).rejects.toThrow("crash");
    expect(await getDelivery(db, id)).toEqual(claimed);
    expect(await finishDelivery(db, sent(id))).toBe(true);
  });

  it("is listed while it is unfinished, in the order of its plan", async () => {
    const { decision, deliveries } = await approveOne(db, 3);
    const ids = deliveries.map((delivery) => delivery.id);
    const unfinished = async () =>
      (await listUnfinished(db)).filter((one) => one.decisionId === decision.id).map((one) => one.id);
    expect(await unfinished()).toEqual(ids);
    await claimDelivery(db, ids[0]!, AT);
    await claimDelivery(db, ids[1]!, AT);
    await finishDelivery(db, sent(ids[0]!));
    await finishDelivery(db, sent(ids[1]!, { to: "unknown" }));
    expect(await unfinished()).toEqual(ids.slice(1));
    await finishDelivery(db, sent(ids[1]!, { from: "unknown", to: "failed" }));
    await finishDelivery(db, sent(ids[2]!, { from: "queued", to: "skipped", fence: 0 }));
    expect(await unfinished()).toEqual([]);
    expect((await listDeliveries(db, decision.id)).map((one) => one.status)).toEqual([
      "sent",
      "failed",
      "skipped",
    ]);
  });

  it("refuses every other change in the database itself", async () => {
    const { id } = await queueOne();
    const change = (assignment: string) =>
      db.execute(sql.raw(`update countersign.deliveries set ${assignment} where id = '${id}'`));
    const refused = async (assignment: string) => {
      await expect(change(assignment)).rejects.toHaveProperty("cause.code", "23001");
    };
    for (const status of ["queued", "sent", "unknown"]) await refused(`status = '${status}'`);
    await refused("status = 'sending'");
    await refused("status = 'sending', fence = fence + 2");
    await refused("status = 'sending', fence = fence + 1, action = '{}'");
    await refused("fence = fence + 1");
    await claimDelivery(db, id, AT);
    await refused("status = 'queued'");
    await refused("status = 'sent', fence = fence + 1");
    await finishDelivery(db, sent(id));
    for (const status of DeliveryStatus.options) await refused(`status = '${status}', fence = fence + 1`);
    for (const status of DeliveryStatus.options) await refused(`status = '${status}'`);
    await expect(db.execute(sql`delete from countersign.deliveries`)).rejects.toHaveProperty(
      "cause.code",
      "23001",
    );
    await expect(db.execute(sql`truncate countersign.deliveries`)).rejects.toHaveProperty(
      "cause.code",
      "23001",
    );
  });
});
