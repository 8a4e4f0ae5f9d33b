import { randomBytes } from "node:crypto";
import { z } from "zod";
import { JsonObject } from "../../domain/json.ts";

/** Who sends webhooks: Scalekit about connected accounts, Intercom about conversations. */
export const WebhookSender = z.enum(["scalekit", "intercom"]);
export type WebhookSender = z.infer<typeof WebhookSender>;

/** One webhook that is still to be delivered. */
export const Delivery = z.object({
  /** What a receiver knows repeated deliveries by. */
  id: z.string(),
  sender: WebhookSender,
  /** `connected_account.*` or Intercom's topic. */
  type: z.string(),
  /** Whose account it is about; null when it is about none. */
  identifier: z.string().nullable(),
  body: JsonObject,
  /** Attempts that were made. */
  attempts: z.number().int(),
});
export type Delivery = z.infer<typeof Delivery>;

const address = z.string().nullable().default(null);

/** Where webhooks go, what they are signed with, and those that are still to be delivered. */
export const Outbox = z.object({
  scalekit: z
    .object({
      url: address,
      secret: z.string().default(() => `whsec_${randomBytes(32).toString("base64")}`),
    })
    .prefault({}),
  intercom: z
    .object({
      url: address,
      /** The client secret of the Intercom app. */
      secret: z.string().default(() => randomBytes(20).toString("hex")),
    })
    .prefault({}),
  waiting: z.array(Delivery).default([]),
});
export type Outbox = z.infer<typeof Outbox>;
