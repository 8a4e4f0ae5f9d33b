import { inArray } from "drizzle-orm";
import { z } from "zod";
import type { AuditEntry } from "../domain/audit.ts";
import { ledgerHead, listFacts } from "./audit.ts";
import { connectionEventsIn, type ConnectionEvent } from "./connection-events.ts";
import type { Database } from "./database.ts";
import { decisions } from "./decisions.ts";
import { reviews } from "./reviews.ts";

/** Something that happened to a review, in the order of the ledger. */
export interface ReviewEvent {
  /** The ledger's sequence. */
  sequence: number;
  /** `review.opened`, `review.superseded`, `review.decided`, `delivery.sent` and so on. */
  event: string;
  reviewId: string;
  conversationId: string;
  actor: string;
  at: string;
}

export interface ReviewEvents {
  events: ReviewEvent[];
  /** What happened to the teammate's own connection, in the same stretch of the ledger. */
  connections: ConnectionEvent[];
  /** How far the ledger was read: what to ask after next time. */
  sequence: number;
  /** True when there is more to read at once. */
  more: boolean;
}

const About = z.object({ reviewId: z.string().optional(), decisionId: z.string().optional() });
const PAGE = 500;

/** The sequence of the ledger's last entry; 0 when it is empty. */
export async function lastSequence(db: Database): Promise<number> {
  const [head] = await db.select({ sequence: ledgerHead.sequence }).from(ledgerHead);
  return head?.sequence ?? 0;
}

/** What happened to one teammate's reviews after a sequence. Nothing of anybody else's. */
export async function listReviewEvents(db: Database, teammate: string, after: number): Promise<ReviewEvents> {
  const entries = await listFacts(db, { after, limit: PAGE });
  const about = entries.flatMap((entry) => aboutOf(entry) ?? []);
  const reviewOf = await reviewsOfDecisions(
    db,
    about.flatMap(({ decisionId }) => decisionId ?? []),
  );
  const located = about.flatMap(({ entry, reviewId, decisionId }) => {
    const found = reviewId ?? reviewOf.get(decisionId ?? "");
    return found === undefined ? [] : [{ entry, reviewId: found }];
  });
  const owned = await ownedBy(
    db,
    teammate,
    located.map(({ reviewId }) => reviewId),
  );
  return {
    events: located
      .filter(({ reviewId }) => owned.has(reviewId))
      .map(({ entry: { sequence, event, conversationId, actor, at }, reviewId }) => {
        return { sequence, event, reviewId, conversationId: conversationId ?? "", actor, at };
      }),
    connections: connectionEventsIn(entries, teammate),
    sequence: entries.at(-1)?.sequence ?? after,
    more: entries.length === PAGE,
  };
}

function aboutOf(entry: AuditEntry) {
  if (!/^(review|delivery)\./.test(entry.event)) return null;
  const { data } = About.safeParse(entry.data);
  return data ? { entry, ...data } : null;
}

async function reviewsOfDecisions(db: Database, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({ id: decisions.id, reviewId: decisions.reviewId })
    .from(decisions)
    .where(inArray(decisions.id, [...new Set(ids)]));
  return new Map(rows.map(({ id, reviewId }) => [id, reviewId]));
}

async function ownedBy(db: Database, teammate: string, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db
    .select({ id: reviews.id, owner: reviews.teammate })
    .from(reviews)
    .where(inArray(reviews.id, [...new Set(ids)]));
  return new Set(rows.filter(({ owner }) => owner === teammate).map(({ id }) => id));
}
