import { and, asc, eq, gt, sql } from "drizzle-orm";
import { bigint, boolean } from "drizzle-orm/pg-core";
import { AuditEntry, AuditFact, firstBrokenEntry, GENESIS, hashEntry } from "../domain/audit.ts";
import { canonicalJson, type JsonObject } from "../domain/json.ts";
import { countersign, document, moment, storableText, text } from "./columns.ts";
import type { Database } from "./database.ts";
import { only, parseRow } from "./row.ts";

export const ledger = countersign.table("ledger", {
  sequence: bigint("sequence", { mode: "number" }).primaryKey(),
  at: moment("at").notNull(),
  actor: text("actor").notNull(),
  event: text("event").notNull(),
  conversationId: text("conversation_id"),
  data: document("data").$type<JsonObject>().notNull(),
  previous: text("previous").notNull(),
  hash: text("hash").notNull(),
});

/** One row: the last entry's sequence and hash. Its lock puts appending transactions in a line. */
export const ledgerHead = countersign.table("ledger_head", {
  single: boolean("single").primaryKey().default(true),
  sequence: bigint("sequence", { mode: "number" }).notNull(),
  hash: text("hash").notNull(),
  at: moment("at").notNull(),
});

/**
 * Appends a fact to the ledger. Call it inside the transaction that makes the fact true, and last: from here until
 * that transaction ends every other one that appends waits. On its own it is a transaction by itself.
 */
export async function appendFact(db: Database, fact: AuditFact, at: Date): Promise<AuditEntry> {
  const { actor, event, conversationId, data } = AuditFact.parse(fact);
  return db.transaction(async (transaction) => {
    const head = only(await transaction.select().from(ledgerHead).for("update"), "ledger_head");
    const unsigned = {
      sequence: head.sequence + 1,
      at: at.toISOString(),
      actor: storableText(actor),
      event: storableText(event),
      conversationId: conversationId === null ? null : storableText(conversationId),
      data,
      previous: head.hash,
    };
    const entry = { ...unsigned, hash: hashEntry(unsigned) };
    await transaction.insert(ledger).values(entry);
    await transaction
      .update(ledgerHead)
      .set({ sequence: entry.sequence, hash: entry.hash, at: entry.at })
      .where(eq(ledgerHead.sequence, head.sequence));
    return entry;
  });
}

/** Entries in order: of one conversation, after a sequence, at most `limit`. Absent bounds read everything. */
export async function listFacts(
  db: Database,
  filter: { conversationId?: string; after?: number; limit?: number } = {},
): Promise<AuditEntry[]> {
  const query = db
    .select()
    .from(ledger)
    .where(
      and(
        filter.conversationId === undefined ? undefined : eq(ledger.conversationId, filter.conversationId),
        filter.after === undefined ? undefined : gt(ledger.sequence, filter.after),
      ),
    )
    .orderBy(asc(ledger.sequence))
    .$dynamic();
  const rows = await (filter.limit === undefined ? query : query.limit(filter.limit));
  return rows.map((row) => parseRow(AuditEntry, row, "ledger", row.sequence));
}

export interface LedgerVerification {
  /** Entries that hold, from the first one on. */
  entries: number;
  /** Hash of the last entry that holds. Kept elsewhere, it proves later that the ledger was not rewritten whole. */
  head: string;
  /**
   * The first entry that does not hold. Where entries are missing at the end there is none to show: then it is a
   * stand-in with the event `ledger.missing`, the first missing sequence, and how many are missing.
   */
  broken: AuditEntry | null;
}

/**
 * Reads the whole ledger in pages and checks every byte, link and number of it, and that it ends where its head says.
 * Others may go on appending meanwhile.
 */
export async function verifyLedger(db: Database): Promise<LedgerVerification> {
  let intact = { entries: 0, head: GENESIS };
  for (;;) {
    // The head is read before the page: an entry and its head are stored together, so from this moment on the ledger
    // has at least as many entries as this head says, and this head knows every entry that was read before.
    const [end = NO_HEAD] = await db.select().from(ledgerHead);
    if (end.sequence < intact.entries) {
      return { entries: end.sequence, head: end.hash, broken: await entryAt(db, end.sequence + 1) };
    }
    const page = await readPage(db, intact.entries);
    const broken = firstBroken(page, intact.entries, intact.head);
    const holding = broken ? page.slice(0, page.indexOf(broken)) : page;
    intact = { entries: intact.entries + holding.length, head: holding.at(-1)?.hash ?? intact.head };
    if (broken) return { ...intact, broken: toEntry(broken) };
    if (page.length === PAGE || intact.entries > end.sequence) continue;
    if (intact.entries === end.sequence && intact.head === end.hash) return { ...intact, broken: null };
    if (intact.entries === end.sequence && end.sequence > 0) {
      return { ...intact, broken: await entryAt(db, end.sequence) };
    }
    return { ...intact, broken: missingEntry(intact, end) };
  }
}

const PAGE = 500;
/** What the ledger ends with when its head row is gone: nothing that any chain fits. */
const NO_HEAD = { sequence: 0, hash: "", at: "1970-01-01T00:00:00.000Z" };

interface StoredEntry extends AuditEntry {
  /** `data` as its bytes stand in the table. */
  text: string;
}

function readPage(db: Database, after: number): Promise<StoredEntry[]> {
  const { sequence, at, actor, event, conversationId, data, previous, hash } = ledger;
  const fields = { sequence, at, actor, event, conversationId, data, previous, hash };
  return db
    .select({ ...fields, text: sql<string>`${ledger.data}::text` })
    .from(ledger)
    .where(gt(ledger.sequence, after))
    .orderBy(asc(ledger.sequence))
    .limit(PAGE);
}

function firstBroken(page: readonly StoredEntry[], entries: number, head: string): StoredEntry | null {
  const [first] = page;
  if (first && first.sequence !== entries + 1) return first;
  const unlinked = firstBrokenEntry(page, head);
  const changed = (entry: StoredEntry) => entry.text !== canonicalJson(entry.data);
  return page.find((entry) => entry.sequence === unlinked?.sequence || changed(entry)) ?? null;
}

async function entryAt(db: Database, sequence: number): Promise<AuditEntry> {
  return only(await db.select().from(ledger).where(eq(ledger.sequence, sequence)), "ledger");
}

function toEntry({ text: _, ...entry }: StoredEntry): AuditEntry {
  return entry;
}

function missingEntry(
  intact: { entries: number; head: string },
  end: { sequence: number; hash: string; at: string },
): AuditEntry {
  return {
    sequence: intact.entries + 1,
    at: end.at,
    actor: "countersign",
    event: "ledger.missing",
    conversationId: null,
    data: { missing: Math.max(1, end.sequence - intact.entries) },
    previous: intact.head,
    hash: end.hash,
  };
}
