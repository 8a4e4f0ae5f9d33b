import { and, desc, eq, getTableColumns, lt, max, sql, type SQL } from "drizzle-orm";
import { bigint, integer, uuid } from "drizzle-orm/pg-core";
import type { Plan } from "../domain/action.ts";
import type { Classification } from "../domain/classification.ts";
import type { Draft } from "../domain/draft.ts";
import type { Findings } from "../domain/findings.ts";
import { digestOf, Json } from "../domain/json.ts";
import { Review, ReviewSummary } from "../domain/review.ts";
import { appendFact } from "./audit.ts";
import { countersign, document, moment, storableText, text } from "./columns.ts";
import type { Database } from "./database.ts";
import { only, parseRow } from "./row.ts";

/** What lists need of the documents, which are large: the database keeps it beside them, as its migration says. */
const byDatabase = sql``;

export const reviews = countersign.table("reviews", {
  id: text("id").primaryKey(),
  /** Order of opening. */
  position: bigint("position", { mode: "number" }).generatedAlwaysAsIdentity(),
  threadId: uuid("thread_id").notNull(),
  workspaceId: text("workspace_id").notNull(),
  conversationId: text("conversation_id").notNull(),
  version: integer("version").notNull(),
  status: text("status").$type<Review["status"]>().notNull(),
  teammate: text("teammate").notNull(),
  teamId: text("team_id"),
  customer: text("customer").notNull(),
  title: text("title").notNull(),
  classification: document("classification").$type<Classification>().notNull(),
  findings: document("findings").$type<Findings>().notNull(),
  draft: document("draft").$type<Draft>().notNull(),
  plan: document("plan").$type<Plan>().notNull(),
  digest: text("digest").notNull(),
  notice: text("notice"),
  kept: text("kept"),
  createdAt: moment("created_at").notNull(),
  topic: text("topic").generatedAlwaysAs(byDatabase),
  /** 1 is the most urgent, 4 the least. */
  risk: integer("risk").generatedAlwaysAs(byDatabase),
  /** What the draft would send; an empty body sends nothing. */
  proposes: text("proposes").generatedAlwaysAs(byDatabase),
});

export interface ReviewFilter {
  teammate?: string;
  status?: Review["status"];
  workspaceId?: string;
  conversationId?: string;
  threadId?: string;
  /** At most so many, the newest ones; absent reads all. */
  limit?: number;
  /** Only reviews opened before the one with this id: the next page towards older ones. */
  before?: string;
}

/**
 * Opens a review and supersedes the one that was open for the same conversation, in one transaction with both facts.
 * Its version follows the highest one of the conversation. The same id again returns what is stored and changes
 * nothing, so that a step that is run twice opens one review.
 */
export async function openReview(
  db: Database,
  review: Omit<Review, "version" | "status" | "createdAt">,
  at: Date,
): Promise<Review> {
  const { workspaceId, conversationId } = review;
  return db.transaction(async (transaction) => {
    await lockConversation(transaction, workspaceId, conversationId);
    const known = await getReview(transaction, review.id);
    if (known) return known;
    const predecessor = await findOpenReview(transaction, workspaceId, conversationId);
    const superseded = predecessor !== null && (await closeReview(transaction, predecessor.id, "superseded"));
    const stored = await insert(transaction, review, at);
    if (superseded)
      await recordSuperseded(transaction, predecessor, `replaced by version ${stored.version}`, at);
    await recordOpened(transaction, stored, "countersign", at);
    return stored;
  });
}

/**
 * Takes an open review from its teammate for another, and opens its successor if there is one, in one transaction with
 * the facts. False when it was not open any more; nothing changed then. Of any number of callers one gets true.
 */
export async function pickUpReview(
  db: Database,
  taken: Review,
  by: string,
  successor: Omit<Review, "version" | "status" | "createdAt"> | null,
  at: Date,
): Promise<boolean> {
  const { id: reviewId, version, workspaceId, conversationId, teammate: from } = taken;
  return db.transaction(async (transaction) => {
    await lockConversation(transaction, workspaceId, conversationId);
    if (!(await closeReview(transaction, reviewId, "superseded"))) return false;
    const data = { reviewId, version, from, successor: successor?.id ?? null };
    await appendFact(transaction, { actor: by, event: "review.picked_up", conversationId, data }, at);
    if (successor) await recordOpened(transaction, await insert(transaction, successor, at), by, at);
    return true;
  });
}

export async function getReview(db: Database, id: string): Promise<Review | null> {
  const [row] = await db.select().from(reviews).where(eq(reviews.id, id));
  return row ? toReview(row) : null;
}

/** The review that waits for a decision on this conversation; there is at most one. */
export async function findOpenReview(
  db: Database,
  workspaceId: string,
  conversationId: string,
): Promise<Review | null> {
  const [row] = await db
    .select()
    .from(reviews)
    .where(
      and(
        eq(reviews.workspaceId, workspaceId),
        eq(reviews.conversationId, conversationId),
        eq(reviews.status, "open"),
      ),
    );
  return row ? toReview(row) : null;
}

/** Whole reviews, newest last. They are large: a list for the eye wants `listReviewSummaries`. */
export async function listReviews(db: Database, filter: ReviewFilter = {}): Promise<Review[]> {
  const query = db
    .select()
    .from(reviews)
    .where(matching(db, filter))
    .orderBy(desc(reviews.position))
    .$dynamic();
  const rows = await (filter.limit === undefined ? query : query.limit(filter.limit));
  return rows.reverse().map(toReview);
}

/** The same list without findings, draft and plan. */
export async function listReviewSummaries(db: Database, filter: ReviewFilter = {}): Promise<ReviewSummary[]> {
  const {
    findings: _findings,
    draft: _draft,
    plan: _plan,
    position: _position,
    ...columns
  } = getTableColumns(reviews);
  const query = db
    .select(columns)
    .from(reviews)
    .where(matching(db, filter))
    .orderBy(desc(reviews.position))
    .$dynamic();
  const rows = await (filter.limit === undefined ? query : query.limit(filter.limit));
  return rows.reverse().map((row) => parseRow(ReviewSummary, row, "reviews", row.id));
}

/** Closes an open review that nobody shall decide any more. False when it was not open. */
export async function supersedeReview(db: Database, id: string, reason: string, at: Date): Promise<boolean> {
  return db.transaction(async (transaction) => {
    const closed = await closeReview(transaction, id, "superseded");
    const review = closed ? await getReview(transaction, id) : null;
    if (review) await recordSuperseded(transaction, review, reason, at);
    return closed;
  });
}

/**
 * Takes an open review out of the way of the next one, by compare-and-set: of any number of callers one gets true.
 * Part of a larger transaction; it records no fact of its own.
 */
export async function closeReview(
  transaction: Database,
  id: string,
  status: "decided" | "superseded",
): Promise<boolean> {
  const closed = await transaction
    .update(reviews)
    .set({ status })
    .where(and(eq(reviews.id, id), eq(reviews.status, "open")))
    .returning({ id: reviews.id });
  return closed.length === 1;
}

/** Two processes that open a review of one conversation do it one after the other. */
async function lockConversation(
  transaction: Database,
  workspaceId: string,
  conversationId: string,
): Promise<void> {
  const key = `countersign:${workspaceId}:${conversationId}`;
  await transaction.execute(sql`select pg_advisory_xact_lock(hashtextextended(${storableText(key)}, 0))`);
}

async function insert(
  transaction: Database,
  review: Omit<Review, "version" | "status" | "createdAt">,
  at: Date,
): Promise<Review> {
  const [highest] = await transaction
    .select({ version: max(reviews.version) })
    .from(reviews)
    .where(
      and(eq(reviews.workspaceId, review.workspaceId), eq(reviews.conversationId, review.conversationId)),
    );
  const opened = Review.parse({
    ...review,
    version: (highest?.version ?? 0) + 1,
    status: "open",
    createdAt: at.toISOString(),
  });
  return toReview(only(await transaction.insert(reviews).values(opened).returning(), "reviews"));
}

async function recordOpened(transaction: Database, review: Review, actor: string, at: Date): Promise<void> {
  const { status: _, ...content } = review;
  await appendFact(
    transaction,
    {
      actor,
      event: "review.opened",
      conversationId: review.conversationId,
      data: {
        reviewId: review.id,
        threadId: review.threadId,
        version: review.version,
        teammate: review.teammate,
        topic: review.classification.topic,
        engine: review.draft.engine,
        digest: review.digest,
        contentDigest: digestOf(Json.parse(content)),
      },
    },
    at,
  );
}

async function recordSuperseded(
  transaction: Database,
  review: Review,
  reason: string,
  at: Date,
): Promise<void> {
  const { id: reviewId, version, conversationId } = review;
  await appendFact(
    transaction,
    { actor: "countersign", event: "review.superseded", conversationId, data: { reviewId, version, reason } },
    at,
  );
}

function matching(db: Database, filter: ReviewFilter): SQL | undefined {
  const { teammate, status, workspaceId, conversationId, threadId, before } = filter;
  const border = db
    .select({ position: reviews.position })
    .from(reviews)
    .where(eq(reviews.id, before ?? ""));
  return and(
    teammate === undefined ? undefined : eq(reviews.teammate, teammate),
    status === undefined ? undefined : eq(reviews.status, status),
    workspaceId === undefined ? undefined : eq(reviews.workspaceId, workspaceId),
    conversationId === undefined ? undefined : eq(reviews.conversationId, conversationId),
    threadId === undefined ? undefined : eq(reviews.threadId, threadId),
    before === undefined ? undefined : lt(reviews.position, border),
  );
}

function toReview(row: typeof reviews.$inferSelect): Review {
  return parseRow(Review, row, "reviews", row.id);
}
