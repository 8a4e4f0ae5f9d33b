import { and, asc, desc, eq, getTableColumns, ilike, inArray, or, sql, type SQL } from "drizzle-orm";
import { Classification } from "../domain/classification.ts";
import { type Review, ReviewSummary } from "../domain/review.ts";
import { storableText } from "./columns.ts";
import type { Database } from "./database.ts";
import { proposes, reviews } from "./reviews.ts";
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

const ranks = ["urgent", "high", "normal", "low"] as const;

/** 1 is the most urgent. The same expression as in the index. */
const risk = sql<number>`array_position(array['urgent', 'high', 'normal', 'low'], substring(${reviews.classification}::text from '"urgency":"([a-z]+)"'))`;
const topicOf = sql<string>`substring(${reviews.classification}::text from '"topic":"([^"]*)"')`;
/** The end of the canonical text from the topic on: cheap to cut out, so that ten thousand can be counted. */
const ending = sql<string>`substr(${reviews.classification}::text, position('"topic":"' in ${reviews.classification}::text))`;
const Ending = Classification.pick({ topic: true, urgency: true });

/**
 * Reviews as an inbox shows them: those that wait by risk, then by age; the others newest first. A page
 * takes the same time however many wait, and none is shown twice when new ones arrive between two pages.
 */
export async function listInbox(db: Database, filter: InboxFilter): Promise<InboxPage> {
  const { findings: _findings, draft: _draft, plan: _plan, ...columns } = getTableColumns(reviews);
  const waiting = filter.status === "open";
  const rows = await db
    .select({ ...columns, proposes, risk })
    .from(reviews)
    .where(and(matching(filter), following(filter)))
    .orderBy(...(waiting ? [asc(risk), asc(reviews.position)] : [desc(reviews.position)]))
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
    .select({ ending, number: sql<number>`count(*)::int` })
    .from(reviews)
    .where(matching({ whose, status, search }))
    .groupBy(ending);
  const counts: InboxCounts = { total: 0, urgencies: {}, topics: {} };
  for (const { ending: end, number } of rows) {
    const { topic, urgency } = Ending.parse(JSON.parse(`{${end}`));
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
    topic === undefined ? undefined : sql`${topicOf} = ${topic}`,
    urgency === undefined ? undefined : sql`${risk} = ${ranks.indexOf(urgency) + 1}`,
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
  const [rank = 0, position = 0] = after.split(".").map(Number);
  if (status !== "open") return sql`${reviews.position} < ${position}`;
  return sql`(${risk}, ${reviews.position}) > (${rank}::int, ${position}::bigint)`;
}

function holding(word: string): SQL | undefined {
  const pattern = `%${word.replace(/[\\%_]/g, "\\$&")}%`;
  return or(
    ilike(reviews.title, pattern),
    ilike(reviews.customer, pattern),
    ilike(reviews.conversationId, pattern),
  );
}
