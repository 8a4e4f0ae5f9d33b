import { z } from "zod";
import { Action } from "./action.ts";

/**
 * `queued` → `sending` → `sent` | `failed` | `unknown`; `unknown` → `sent` | `failed` by reconciliation alone.
 * `stale` was never sent: the conversation moved on. `skipped` was not sent because an earlier action was not.
 */
export const DeliveryStatus = z.enum(["queued", "sending", "sent", "failed", "unknown", "stale", "skipped"]);
export type DeliveryStatus = z.infer<typeof DeliveryStatus>;

/** One action of one approved plan, on its way. */
export const Delivery = z.object({
  id: z.string(),
  decisionId: z.string(),
  /** Place in the plan, from 0. */
  position: z.number().int().nonnegative(),
  action: Action,
  status: DeliveryStatus,
  /** Grows with each claim; a writer holding an older one may record nothing. */
  fence: z.number().int().nonnegative(),
  claimedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
  /** Id of the part Intercom stored, once known. */
  partId: z.string().nullable(),
  executionId: z.string().nullable(),
  /** Why it is not `sent`, for a person. */
  reason: z.string().nullable(),
});
export type Delivery = z.infer<typeof Delivery>;

/** How the delivery of a whole plan ended; the graph routes on it. */
export const Outcome = z.discriminatedUnion("type", [
  z.object({ type: z.literal("sent"), partId: z.string().nullable() }),
  z.object({ type: z.literal("stale"), reason: z.string() }),
  z.object({ type: z.literal("failed"), reason: z.string() }),
  /** The reply was sent; a follow-up was not. */
  z.object({ type: z.literal("incomplete"), reason: z.string() }),
  z.object({ type: z.literal("unknown"), reason: z.string() }),
  z.object({ type: z.literal("rejected") }),
  z.object({ type: z.literal("taken_over") }),
  z.object({ type: z.literal("blocked"), reason: z.string() }),
]);
export type Outcome = z.infer<typeof Outcome>;
