import { z } from "zod";
import type { AuditEntry } from "../domain/audit.ts";

/** Something that happened to a teammate's Intercom connection, in the order of the ledger. */
export interface ConnectionEvent {
  /** The ledger's sequence. */
  sequence: number;
  /** `connection.changed`, `connection.verified`, `connection.disconnected` and so on. */
  event: string;
  /** What the connection is since then; null where the fact does not say. */
  status: string | null;
  actor: string;
  at: string;
}

const About = z.object({
  identifier: z.string(),
  status: z.string().optional(),
  /** Where a fact tells a change. */
  to: z.string().optional(),
});

/** The entries that are about one teammate's own connection. */
export function connectionEventsIn(entries: readonly AuditEntry[], teammate: string): ConnectionEvent[] {
  return entries.flatMap(({ sequence, event, actor, at, data }) => {
    if (!event.startsWith("connection.")) return [];
    const about = About.safeParse(data).data;
    if (about?.identifier !== teammate) return [];
    return { sequence, event, status: about.status ?? about.to ?? null, actor, at };
  });
}
