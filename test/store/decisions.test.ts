import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { sql } from "drizzle-orm";
import { planDigest } from "../../src/domain/action.ts";
import { digestOf, Json } from "../../src/domain/json.ts";
import { listFacts, verifyLedger } from "../../src/store/audit.ts";
import type { Database } from "../../src/store/database.ts";
import { findDecision, getDecision, recordDecision } from "../../src/store/decisions.ts";
import { listDeliveries } from "../../src/store/deliveries.ts";
import { getReview, openReview, supersedeReview } from "../../src/store/reviews.ts";
import { onBothEngines, openTestStore, type TestStore } from "./engines.ts";
import { approval, approveOne, AT, MINA, newConversation, plan, proposal } from "./fixtures.ts";

onBothEngines("decisions", (engine) => {
  let store: TestStore;
  let db: Database;

  beforeAll(async () => {
    store = await openTestStore(engine);
    db = store.db;
  });
  afterAll(() => store.close());

  const openOne = () => openReview(db, proposal(newConversation()), AT);

  it("records the decision, its queued deliveries and the fact, and closes the review", async () => {
    const review = await openOne();
    const proposed = approval(review, {}, 2);
    const outcome = await recordDecision(db, { ...proposed, deliveries: [...proposed.deliveries].reverse() });
    const deliveries = proposed.deliveries.map((delivery) => ({
      ...delivery,
      ...{ decisionId: proposed.decision.id, status: "queued", fence: 0, claimedAt: null, finishedAt: null },
      ...{ partId: null, executionId: null, reason: null },
    }));
    expect(outcome).toEqual({ recorded: true, decision: proposed.decision, deliveries });
    expect(await getDecision(db, proposed.decision.id)).toEqual(proposed.decision);
    expect(await findDecision(db, review.id)).toEqual(proposed.decision);
    expect(await listDeliveries(db, proposed.decision.id)).toEqual(deliveries);
    expect(await getReview(db, review.id)).toEqual({ ...review, status: "decided" });
    const facts = await listFacts(db, { conversationId: review.conversationId });
    expect(facts.at(-1)).toMatchObject({
      actor: MINA,
      event: "review.decided",
      at: proposed.decision.decidedAt,
      data: {
        reviewId: review.id,
        decisionId: proposed.decision.id,
        type: "approve",
        via: "api-token",
        shownDigest: review.digest,
        planDigest: proposed.decision.planDigest,
        contentDigest: digestOf(Json.parse(proposed.decision)),
      },
    });
  });

  it("records the stored plan with the digest that was approved", async () => {
    const { decision } = await approveOne(db, 2);
    const stored = await getDecision(db, decision.id);
    expect(planDigest(stored!.plan!)).toBe(decision.planDigest);
  });

  it("records a decision that writes nothing", async () => {
    const review = await openOne();
    const nothing = { type: "reject", plan: null, planDigest: null, comment: "not \0 true" } as const;
    const outcome = await recordDecision(db, approval(review, nothing));
    expect(outcome).toMatchObject({
      recorded: true,
      decision: { comment: "not \uFFFD true" },
      deliveries: [],
    });
  });

  it("records exactly one of twenty parallel decisions, and tells the others which", async () => {
    const review = await openOne();
    const proposals = Array.from({ length: 20 }, () => approval(review));
    const outcomes = await Promise.all(proposals.map((proposed) => recordDecision(db, proposed)));
    const winners = outcomes.flatMap((outcome) => (outcome.recorded ? [outcome.decision] : []));
    expect(winners).toHaveLength(1);
    for (const outcome of outcomes) {
      if (!outcome.recorded)
        expect(outcome).toEqual({ recorded: false, existing: winners[0], status: "decided" });
    }
    const lost = proposals.filter((proposed) => proposed.decision.id !== winners[0]!.id);
    for (const { decision } of lost) expect(await listDeliveries(db, decision.id)).toEqual([]);
    const facts = await listFacts(db, { conversationId: review.conversationId });
    expect(facts.filter((fact) => fact.event === "review.decided")).toHaveLength(1);
    expect((await verifyLedger(db)).broken).toBeNull();
  });

  it("either decides or supersedes a review when both happen at once", async () => {
    for (let round = 0; round < 5; round += 1) {
      const review = await openOne();
      const next = proposal(review.conversationId);
      const [outcome] = await Promise.all([recordDecision(db, approval(review)), openReview(db, next, AT)]);
      const status = outcome.recorded ? "decided" : "superseded";
      expect(await getReview(db, review.id)).toMatchObject({ status });
      expect(await getReview(db, next.id)).toMatchObject({ status: "open", version: 2 });
      const events = (await listFacts(db, { conversationId: review.conversationId })).map(
        (fact) => fact.event,
      );
      expect(events.filter((event) => event === `review.${status}`)).toHaveLength(1);
      expect(events).toHaveLength(3);
    }
  });

  it("does not record a decision about a superseded review", async () => {
    const review = await openOne();
    await supersedeReview(db, review.id, "the customer wrote again", AT);
    const outcome = await recordDecision(db, approval(review));
    expect(outcome).toEqual({ recorded: false, existing: null, status: "superseded" });
  });

  it("leaves nothing behind when the process dies before the commit", async () => {
    const review = await openOne();
    const proposed = approval(review);
    const before = await verifyLedger(db);
    const crash = db.transaction(async (transaction) => {
      await recordDecision(transaction, proposed);
      throw new Error("crash");
    });
    await expect(crash).rejects.toThrow("crash");
    expect(await getReview(db, review.id)).toEqual(review);
    expect(await findDecision(db, review.id)).toBeNull();
    expect(await listDeliveries(db, proposed.decision.id)).toEqual([]);
    expect(await verifyLedger(db)).toEqual(before);
    expect(await recordDecision(db, proposed)).toMatchObject({ recorded: true });
  });

  it("refuses what does not fit together, and records nothing of it", async () => {
    const review = await openOne();
    const good = approval(review, {}, 2);
    const other = plan("4711", 2);
    const [first, second] = good.deliveries;
    const bad = [
      { ...good, decision: { ...good.decision, planDigest: "0".repeat(64) } },
      { ...good, decision: { ...good.decision, planDigest: null } },
      { ...good, decision: { ...good.decision, plan: other, planDigest: planDigest(other) } },
      { ...good, decision: { ...good.decision, decidedBy: "tomas.oliveira@quillbook.example" } },
      { ...good, decision: { ...good.decision, reviewId: "another" } },
      { ...good, deliveries: [first!] },
      { ...good, deliveries: [first!, { ...second!, action: first!.action }] },
      { ...good, deliveries: [first!, { ...second!, position: 0 }] },
      { ...good, deliveries: [...good.deliveries, { ...second!, id: "extra", position: 2 }] },
      { ...good, decision: { ...good.decision, plan: null, planDigest: null } },
    ];
    for (const one of bad) {
      await expect(recordDecision(db, one)).rejects.toMatchObject({ code: "decision_inconsistent" });
    }
    expect(await getReview(db, review.id)).toEqual(review);
    const unknown = approval({ ...review, id: "unknown" });
    await expect(recordDecision(db, unknown)).rejects.toMatchObject({ code: "decision_inconsistent" });
  });

  it.each([
    ["a change", "update countersign.decisions set decided_by = 'someone'"],
    ["removal", "delete from countersign.decisions"],
    ["truncation", "truncate countersign.decisions cascade"],
  ])("refuses %s in the database itself", async (_, statement) => {
    const { decision } = await approveOne(db);
    await expect(db.execute(sql.raw(statement))).rejects.toHaveProperty("cause.code", "23001");
    expect(await getDecision(db, decision.id)).toEqual(decision);
  });

  it("refuses a second decision of a review in the database itself", async () => {
    const { decision } = await approveOne(db);
    const copy = sql`insert into countersign.decisions (id, review_id, type, decided_by, via, shown_digest, decided_at)
      select 'copy', review_id, 'reject', decided_by, via, shown_digest, decided_at
      from countersign.decisions where id = ${decision.id}`;
    await expect(db.execute(copy)).rejects.toHaveProperty("cause.code", "23505");
  });
});
