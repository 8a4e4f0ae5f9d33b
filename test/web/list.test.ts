import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { sql } from "drizzle-orm";
import type { Review } from "../../src/domain/review.ts";
import type { Database } from "../../src/store/database.ts";
import { countInbox, listInbox } from "../../src/store/inbox.ts";
import { lastSequence, listReviewEvents } from "../../src/store/review-events.ts";
import { findOutcomes } from "../../src/store/review-outcomes.ts";
import { openReview } from "../../src/store/reviews.ts";
import { onBothEngines, openTestStore, type TestStore } from "../store/engines.ts";
import { approveOne, AT, MINA, newConversation, proposal } from "../store/fixtures.ts";

type Urgency = Review["classification"]["urgency"];

onBothEngines("the inbox's list", (engine) => {
  let store: TestStore;
  let db: Database;

  beforeAll(async () => {
    store = await openTestStore(engine);
    db = store.db;
  });
  afterAll(() => store.close());

  const open = (teammate: string, urgency: Urgency, changes: Partial<Review> = {}, topic = "payouts") => {
    const proposed = proposal(newConversation(), { teammate, ...changes });
    return openReview(
      db,
      { ...proposed, classification: { ...proposed.classification, urgency, topic } },
      AT,
    );
  };

  it("shows the most urgent first and the longest waiting of those, page by page, each once", async () => {
    const teammate = "paging@quillbook.example";
    const opened: Review[] = [];
    for (const urgency of ["low", "urgent", "normal", "high", "urgent", "low", "high"] as const) {
      opened.push(await open(teammate, urgency));
    }
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await listInbox(db, { whose: { teammate }, status: "open", limit: 2, after });
      seen.push(...page.reviews.map(({ id }) => id));
      after = page.next ?? undefined;
      // One that arrives between two pages disturbs none of the others.
      if (seen.length === 4) await open(teammate, "urgent");
    } while (after !== undefined);
    expect(seen).toEqual([1, 4, 3, 6, 2, 0, 5].map((index) => opened[index]!.id));
  });

  it("filters by topic, urgency and words, and counts", async () => {
    const teammate = "filters@quillbook.example";
    const wanted = await open(teammate, "high", { title: "100% of my payout_1", customer: "Ana Silva" });
    await open(teammate, "low", { title: "Something else" }, "invoices");
    const ids = async (filter: object) =>
      (await listInbox(db, { whose: { teammate }, status: "open", limit: 9, ...filter })).reviews.map(
        ({ id }) => id,
      );
    expect(await ids({ topic: "payouts" })).toEqual([wanted.id]);
    expect(await ids({ urgency: "high" })).toEqual([wanted.id]);
    expect(await ids({ search: "ana PAYOUT" })).toEqual([wanted.id]);
    expect(await ids({ search: "100%" })).toEqual([wanted.id]);
    expect(await ids({ search: "payout%1" })).toEqual([]);
    expect(await ids({ search: "' or true --" })).toEqual([]);
    expect(await ids({ topic: "nothing" })).toEqual([]);
    expect(await countInbox(db, { whose: { teammate }, status: "open" })).toEqual({
      total: 2,
      urgencies: { high: 1, low: 1 },
      topics: { payouts: 1, invoices: 1 },
    });
  });

  it("reads what a customer wrote as no more than text: quotation marks, NUL and half an emoji", async () => {
    const teammate = "hostile@quillbook.example";
    const asks = ['","urgency":"urgent","topic":"spam"', "NUL \0", "half \ud83d"];
    const proposed = proposal(newConversation(), { teammate });
    proposed.draft.body = 'NUL \0 "body":"" "channel":"note"';
    await openReview(
      db,
      { ...proposed, classification: { ...proposed.classification, urgency: "low", topic: "payouts", asks } },
      AT,
    );
    const { reviews } = await listInbox(db, { whose: { teammate }, status: "open", limit: 9 });
    expect(reviews).toMatchObject([
      { proposes: "comment", classification: { urgency: "low", topic: "payouts" } },
    ]);
    expect(
      (await listInbox(db, { whose: { teammate }, status: "open", limit: 9, urgency: "urgent" })).reviews,
    ).toEqual([]);
    expect((await countInbox(db, { whose: { teammate }, status: "open" })).topics).toEqual({ payouts: 1 });
  });

  it("says what became of the decided ones", async () => {
    const { review, decision } = await approveOne(db, 2);
    const outcome = (await findOutcomes(db, [review.id])).get(review.id);
    expect(outcome).toMatchObject({ decisionId: decision.id, type: "approve", decidedBy: MINA });
    expect(outcome?.deliveries.map(({ status }) => status)).toEqual(["queued", "queued"]);
    expect((await findOutcomes(db, [])).size).toBe(0);
  });

  it("tells each teammate what happens to their reviews, and nothing of anybody else's", async () => {
    const before = await lastSequence(db);
    const theirs = await open("other@quillbook.example", "high");
    const { review } = await approveOne(db);
    const mine = await listReviewEvents(db, MINA, before);
    expect(mine.events.map(({ event, reviewId }) => [event, reviewId])).toEqual([
      ["review.opened", review.id],
      ["review.decided", review.id],
    ]);
    expect(JSON.stringify(mine)).not.toContain(theirs.id);
    expect(mine.sequence).toBe(await lastSequence(db));
    expect((await listReviewEvents(db, MINA, mine.sequence)).events).toEqual([]);
  });

  it("goes through ten thousand page by page, and counts them", async () => {
    const pattern = await open("busy@quillbook.example", "high");
    await db.execute(sql`
      insert into countersign.reviews (id, thread_id, workspace_id, conversation_id, version, status, teammate, customer,
        title, classification, findings, draft, plan, digest, notice, kept, created_at)
      select 'bulk' || n, thread_id, workspace_id, 'bulk' || n, 1, 'open', teammate, customer, title, classification,
        findings, draft, plan, digest, notice, kept, created_at
      from countersign.reviews, generate_series(1, 10000) as n where id = ${pattern.id}`);
    await db.execute(sql`analyze countersign.reviews`);
    const filter = { whose: { teammate: pattern.teammate }, status: "open", limit: 50 } as const;
    const first = await listInbox(db, filter);
    expect(first.reviews).toHaveLength(50);
    const second = await listInbox(db, { ...filter, after: first.next ?? undefined });
    expect(new Set([...first.reviews, ...second.reviews].map(({ id }) => id)).size).toBe(100);
    expect((await countInbox(db, filter)).total).toBe(10_001);
  });
});
