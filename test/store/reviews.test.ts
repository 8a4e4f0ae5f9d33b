import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { sql } from "drizzle-orm";
import { randomUUID } from "node:crypto";
import { digestOf, Json } from "../../src/domain/json.ts";
import type { Review } from "../../src/domain/review.ts";
import { listFacts, verifyLedger } from "../../src/store/audit.ts";
import type { Database } from "../../src/store/database.ts";
import {
  findOpenReview,
  getReview,
  listReviews,
  listReviewSummaries,
  openReview,
  supersedeReview,
} from "../../src/store/reviews.ts";
import { onBothEngines, openTestStore, type TestStore } from "./engines.ts";
import { AT, newConversation, proposal } from "./fixtures.ts";

onBothEngines("reviews", (engine) => {
  let store: TestStore;
  let db: Database;

  beforeAll(async () => {
    store = await openTestStore(engine);
    db = store.db;
  });
  afterAll(() => store.close());

  it("gives back an opened review as it was put in, with the fact", async () => {
    const proposed = proposal(newConversation(), { kept: "Hello", notice: "the customer wrote again" });
    const opened = await openReview(db, proposed, AT);
    expect(opened).toEqual({
      ...proposed,
      version: 1,
      status: "open",
      createdAt: "2026-11-20T09:30:00.125Z",
    });
    expect(await getReview(db, opened.id)).toEqual(opened);
    expect(await findOpenReview(db, opened.workspaceId, opened.conversationId)).toEqual(opened);
    const { status: _, ...content } = opened;
    const facts = await listFacts(db, { conversationId: opened.conversationId });
    expect(facts).toHaveLength(1);
    expect(facts[0]).toMatchObject({
      actor: "countersign",
      event: "review.opened",
      at: opened.createdAt,
      data: {
        reviewId: opened.id,
        version: 1,
        digest: opened.digest,
        contentDigest: digestOf(Json.parse(content)),
      },
    });
  });

  it("keeps customers' text that PostgreSQL's own JSON and text refuse", async () => {
    const proposed = proposal(newConversation(), { customer: "A\0na", title: "cut \ud83d" });
    proposed.draft.body = "NUL \0 and half an emoji \ud83d";
    const opened = await openReview(db, proposed, AT);
    expect(opened).toMatchObject({
      customer: "A\uFFFDna",
      title: "cut \uFFFD",
      draft: { body: proposed.draft.body },
    });
    expect(await getReview(db, opened.id)).toEqual(opened);
  });

  it("supersedes the open review of the conversation and counts versions on", async () => {
    const conversation = newConversation();
    const first = await openReview(db, proposal(conversation), AT);
    const second = await openReview(db, proposal(conversation), AT);
    expect(second.version).toBe(2);
    expect(await getReview(db, first.id)).toEqual({ ...first, status: "superseded" });
    const facts = await listFacts(db, { conversationId: conversation });
    expect(facts.map((fact) => fact.event)).toEqual(["review.opened", "review.superseded", "review.opened"]);
    const elsewhere = await openReview(db, { ...proposal(conversation), workspaceId: "other" }, AT);
    expect(elsewhere.version).toBe(1);
    expect(await getReview(db, second.id)).toMatchObject({ status: "open" });
  });

  it("opens one review for one id, however often it is asked to", async () => {
    const proposed = proposal(newConversation());
    const opened = await Promise.all(Array.from({ length: 10 }, () => openReview(db, proposed, AT)));
    for (const one of opened) expect(one).toEqual(opened[0]);
    await supersedeReview(db, proposed.id, "closed", AT);
    expect(await openReview(db, proposed, AT)).toEqual({ ...opened[0], status: "superseded" });
    expect(await listFacts(db, { conversationId: proposed.conversationId })).toHaveLength(2);
  });

  it("keeps one open review of a conversation under parallel openings", async () => {
    const conversation = newConversation();
    await Promise.all(Array.from({ length: 20 }, () => openReview(db, proposal(conversation), AT)));
    const all = await listReviews(db, { conversationId: conversation });
    expect(all.map((review) => review.version)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect(all.map((review) => review.status)).toEqual([...Array<string>(19).fill("superseded"), "open"]);
    expect((await verifyLedger(db)).broken).toBeNull();
  });

  it("supersedes an open review once, with the reason in the ledger", async () => {
    const { id, conversationId } = await openReview(db, proposal(newConversation()), AT);
    const answers = await Promise.all(Array.from({ length: 5 }, () => supersedeReview(db, id, "spam", AT)));
    expect(answers.filter(Boolean)).toHaveLength(1);
    expect(await supersedeReview(db, "nobody's", "spam", AT)).toBe(false);
    const facts = await listFacts(db, { conversationId });
    expect(facts.at(-1)).toMatchObject({
      event: "review.superseded",
      data: { reviewId: id, reason: "spam" },
    });
    expect(facts).toHaveLength(2);
  });

  it("leaves nothing behind when the transaction around it fails", async () => {
    const conversation = newConversation();
    const before = await openReview(db, proposal(conversation), AT);
    const crash = db.transaction(async (transaction) => {
      await openReview(transaction, proposal(conversation), AT);
      throw new Error("crash");
    });
    await expect(crash).rejects.toThrow("crash");
    expect(await listReviews(db, { conversationId: conversation })).toEqual([before]);
    expect(await listFacts(db, { conversationId: conversation })).toHaveLength(1);
  });

  it("lists by each filter, newest last, in pages, and without documents", async () => {
    const teammate = `${randomUUID()}@quillbook.example`;
    const threadId = randomUUID();
    const opened: Review[] = [];
    for (const changes of [{}, { threadId }, {}, {}]) {
      opened.push(await openReview(db, proposal(newConversation(), { teammate, ...changes }), AT));
    }
    await supersedeReview(db, opened[0]!.id, "closed", AT);
    const ids = async (filter: Parameters<typeof listReviews>[1]) =>
      (await listReviews(db, { teammate, ...filter })).map((review) =>
        opened.findIndex(({ id }) => id === review.id),
      );
    expect(await ids({})).toEqual([0, 1, 2, 3]);
    expect(await ids({ status: "open" })).toEqual([1, 2, 3]);
    expect(await ids({ status: "open", limit: 2 })).toEqual([2, 3]);
    expect(await ids({ limit: 2, before: opened[2]!.id })).toEqual([0, 1]);
    expect(await ids({ before: "nobody's" })).toEqual([]);
    expect(await ids({ threadId })).toEqual([1]);
    expect(await ids({ conversationId: opened[3]!.conversationId })).toEqual([3]);
    expect(await ids({ workspaceId: "other" })).toEqual([]);
    const { findings: _findings, draft: _draft, plan: _plan, ...summary } = opened[3]!;
    expect(await listReviewSummaries(db, { teammate, limit: 1 })).toEqual([
      { ...summary, proposes: "comment" },
    ]);
  });

  it.each([
    ["a change of what was shown", "update countersign.reviews set title = 'other'"],
    [
      "opening a closed one again",
      "update countersign.reviews set status = 'open' where status = 'superseded'",
    ],
    ["removal", "delete from countersign.reviews"],
    ["truncation", "truncate countersign.reviews cascade"],
  ])("refuses %s in the database itself", async (_, statement) => {
    await openReview(db, proposal(newConversation()), AT);
    await expect(db.execute(sql.raw(statement))).rejects.toHaveProperty("cause.code", "23001");
  });

  it("names table and row when a stored row does not fit", async () => {
    const { id } = await openReview(db, proposal(newConversation()), AT);
    const tampered = db.transaction(async (transaction) => {
      await transaction.execute(sql`alter table countersign.reviews disable trigger all`);
      await transaction.execute(sql`update countersign.reviews set draft = '{"body": 7}' where id = ${id}`);
      await getReview(transaction, id);
    });
    await expect(tampered).rejects.toMatchObject({ code: "stored_row_invalid", actor: "developer" });
    await expect(tampered).rejects.toThrow(new RegExp(`${id} of the table reviews.*draft\\.body`));
  });

  it("finds its pages among ten thousand open reviews", async () => {
    const pattern = await openReview(
      db,
      proposal(newConversation(), { teammate: "busy@quillbook.example" }),
      AT,
    );
    await db.execute(sql`
      insert into countersign.reviews (id, thread_id, workspace_id, conversation_id, version, status, teammate, customer,
        title, classification, findings, draft, plan, digest, notice, kept, created_at)
      select 'bulk' || n, thread_id, workspace_id, 'bulk' || n, 1, 'open', teammate, customer, title, classification,
        findings, ('{"abstained":false,"body":"' || repeat(md5(n::text), 300) || '","channel":"comment","engine":"offline",' ||
        '"followUps":[],"sentences":[],"warnings":[]}')::json, plan, digest, notice,
        kept, created_at
      from countersign.reviews, generate_series(1, 10000) as n where id = ${pattern.id}`);
    const page = await listReviews(db, { teammate: pattern.teammate, status: "open", limit: 50 });
    const summaries = await listReviewSummaries(db, { status: "open", limit: 200 });
    const one = await listReviews(db, { conversationId: "bulk5000" });
    expect([page.length, summaries.length, one.length]).toEqual([50, 200, 1]);
    expect(page.at(-1)?.id).toBe("bulk10000");
  });
});
