import { z } from "zod";
import { Teammate } from "./teammate.ts";

/**
 * How a teammate's Intercom connection stands. `active` works. `revoked`: Scalekit holds a grant that Intercom no longer
 * takes. `refused`: it led to another workspace than the desk's. `none`: they never began to connect.
 */
export const ConnectionStatus = z.enum([
  "active",
  "pending",
  "expired",
  "disconnected",
  "revoked",
  "refused",
  "none",
  "unknown",
]);
export type ConnectionStatus = z.infer<typeof ConnectionStatus>;

/** What was last learned of a teammate's connection, and when it was so. */
export const KnownConnection = z.object({
  identifier: z.string().min(1),
  /** Scalekit's id of the connected account; null when there is none. */
  accountId: z.string().nullable(),
  status: ConnectionStatus,
  asOf: z.iso.datetime(),
});
export type KnownConnection = z.infer<typeof KnownConnection>;

/** A teammate's connection as it is shown to them. Never holds a credential. */
export const Connection = z.object({
  status: ConnectionStatus,
  /** Who they are in Intercom, as last identified; null before the first time. */
  teammate: Teammate.pick({
    adminId: true,
    name: true,
    email: true,
    hasInboxSeat: true,
    teamIds: true,
    workspaceId: true,
  }).nullable(),
  /** Why it does not work and what to do; null when it works. */
  problem: z.object({ code: z.string(), message: z.string(), next: z.string() }).nullable(),
});
export type Connection = z.infer<typeof Connection>;
