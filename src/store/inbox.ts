import { and, asc, desc, eq, getTableColumns, ilike, inArray, or, sql, type SQL } from "drizzle-orm";
import { z } from "zod";
import { Classification } from "../domain/classification.ts";
import { type Review, ReviewSummary } from "../domain/review.ts";
import { storableText } from "./columns.ts";
import type { Database } from "./database.ts";
import { reviews } from "./reviews.ts";
import { parseRow } from "./row.ts";

/** Whose reviews: a teammate's, those of conversations with these teams whoever has them, or everybody's. */
export type Whose = { teammate: string } | { teams: readonly string[] } | "everybody";

export interface InboxFilter {
  whose: Whose;
  status: Review["status"];
  topic?: string | undefined;
  urgency?: Classification["urgency"] | undefined;
  /** Words of the title, the customer's name or the conversation's id, as typed. */
  search?: string | undefined;
  /** `next` of the page before. */
  after?: string | undefined;
  limit: number;
}

export interface InboxPage {
  reviews: ReviewSummary[];
  /** Where the next page begins; null on the last one. */
  next: string | null;
}

export interface InboxCounts {
  total: number;
  urgencies: Record<string, number>;
  topics: Record<string, number>;
}

/** In the order of risk, which counts from 1. */
const urgencies = ["urgent", "high", "normal", "low"] as const satisfies Classification["urgency"][];
const Counted = z.object({
  risk: z.number().int().min(1).max(urgencies.length),
  topic: Classification.shape.topic,
  number: z.number().int(),
});

/**
 * Reviews as an inbox shows them: those that wait by risk, then by age; the others newest first. A page
 * takes the same time however many wait, and none is shown twice when new ones arrive between two pages.
 */
export async function listInbox(db: Database, filter: InboxFilter): Promise<InboxPage> {
  const { findings: _findings, draft: _draft, plan: _plan, ...columns } = getTableColumns(reviews);
  const waiting = filter.status === "open";
  const rows = await db
    .select(columns)
    .from(reviews)
    .where(and(matching(filter), following(filter)))
    .orderBy(...(waiting ? [asc(reviews.risk), asc(reviews.position)] : [desc(reviews.position)]))
    .limit(filter.limit + 1);
  const page = rows.slice(0, filter.limit);
  const last = page.at(-1);
  return {
    reviews: page.map((row) => parseRow(ReviewSummary, row, "reviews", row.id)),
    next: last && rows.length > filter.limit ? `${last.risk}.${last.position}` : null,
  };
}

/** How many there are, in all and by urgency and topic. The filter's own urgency, topic and place do not count. */
export async function countInbox(
  db: Database,
  { whose, status, search }: Pick<InboxFilter, "whose" | "status" | "search">,
): Promise<InboxCounts> {
  const rows = await db
    .select({ risk: reviews.risk, topic: reviews.topic, number: sql<number>`count(*)::int` })
    .from(reviews)
    .where(matching({ whose, status, search }))
    .groupBy(reviews.risk, reviews.topic);
  const counts: InboxCounts = { total: 0, urgencies: {}, topics: {} };
  for (const row of rows) {
    const { risk, topic, number } = parseRow(Counted, row, "reviews", "counted");
    const urgency = urgencies[risk - 1] ?? "low";
    counts.total += number;
    counts.urgencies[urgency] = (counts.urgencies[urgency] ?? 0) + number;
    counts.topics[topic] = (counts.topics[topic] ?? 0) + number;
  }
  return counts;
}

function matching(filter: Omit<InboxFilter, "limit" | "after">): SQL | undefined {
  const { whose, status, topic, urgency, search } = filter;
  const words = storableText(search ?? "")
    .split(/\s+/)
    .filter((word) => word !== "");
  return and(
    belongingTo(whose),
    // Written out, so that the index of the waiting ones is recognised.
    status === "open" ? sql`${reviews.status} = 'open'` : eq(reviews.status, status),
    topic === undefined ? undefined : eq(reviews.topic, topic),
    urgency === undefined ? undefined : eq(reviews.risk, urgencies.indexOf(urgency) + 1),
    ...words.map(holding),
  );
}

function belongingTo(whose: Whose): SQL | undefined {
  if (whose === "everybody") return undefined;
  if ("teammate" in whose) return eq(reviews.teammate, whose.teammate);
  return inArray(reviews.teamId, [...whose.teams]);
}

function following({ status, after }: InboxFilter): SQL | undefined {
  if (after === undefined) return undefined;
  const [risk = 0, position = 0] = after.split(".").map(Number);
  if (status !== "open") return sql`${reviews.position} < ${position}`;
  return sql`(${reviews.risk}, ${reviews.position}) > (${risk}::int, ${position}::bigint)`;
}

function holding(word: string): SQL | undefined {
  const pattern = `%${word.replace(/[\\%_]/g, "\\$&")}%`;
  return or(
    ilike(reviews.title, pattern),
    ilike(reviews.customer, pattern),
    ilike(reviews.conversationId, pattern),
  );
}
