import { z } from "zod";
import { digestOf, JsonObject } from "./json.ts";

/** A fact for the ledger, before it has a place in it. */
export const AuditFact = z.object({
  /** Who did it: a teammate's identifier, or `countersign` for the desk itself. */
  actor: z.string(),
  /** What happened: `review.opened`, `review.decided`, `delivery.sent` and so on. */
  event: z.string(),
  /** The conversation it concerns, if any. */
  conversationId: z.string().nullable(),
  data: JsonObject,
});
export type AuditFact = z.infer<typeof AuditFact>;

/** A fact in its place: `hash` covers every other field, and `previous` is the hash before it. */
export const AuditEntry = AuditFact.extend({
  sequence: z.number().int().positive(),
  at: z.iso.datetime(),
  previous: z.string(),
  hash: z.string(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

/** What the first entry follows. */
export const GENESIS = "0".repeat(64);

export function hashEntry(entry: Omit<AuditEntry, "hash">): string {
  return digestOf({
    sequence: entry.sequence,
    at: entry.at,
    actor: entry.actor,
    event: entry.event,
    conversationId: entry.conversationId,
    data: entry.data,
    previous: entry.previous,
  });
}

/** The first entry whose hash or link does not hold, or null when the whole chain does. */
export function firstBrokenEntry(entries: readonly AuditEntry[], after: string = GENESIS): AuditEntry | null {
  let previous = after;
  let sequence = entries[0]?.sequence ?? 1;
  for (const entry of entries) {
    const intact =
      entry.previous === previous && entry.sequence === sequence && entry.hash === hashEntry(entry);
    if (!intact) return entry;
    previous = entry.hash;
    sequence += 1;
  }
  return null;
}
