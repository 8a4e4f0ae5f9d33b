import { ScalekitClient, WebhookVerificationError } from "@scalekit-sdk/node";
import { z } from "zod";
import { VendorError } from "../domain/errors.ts";
import type { ConnectedAccount, ReadAccountEvent } from "./gateway.ts";
import type { ConnectionOptions } from "./scalekit-connections.ts";

/**
 * Reads Scalekit's signed webhooks with the SDK's own check: an HMAC over the raw body, its id and its time, which may
 * be five minutes off. A message can be sent again, so who acts on one must know its id.
 */
export function createAccountEventReader({
  environmentUrl,
  clientId,
  clientSecret,
  connection,
  timeoutMs,
  signingSecret,
}: ConnectionOptions & { signingSecret: string }): ReadAccountEvent {
  const client = new ScalekitClient(environmentUrl, clientId, clientSecret, { timeoutMs });

  function isSigned(headers: Headers, body: string): boolean {
    try {
      return client.verifyWebhookPayload(signingSecret, Object.fromEntries(headers), body);
    } catch (error) {
      if (error instanceof WebhookVerificationError) return false;
      throw error;
    }
  }

  return (headers, body) => {
    const id = headers.get("webhook-id");
    if (id === null || !isSigned(headers, body)) return null;
    const event = readEvent(body);
    const occurredAt = new Date(event.occurred_at);
    return { id, type: event.type, occurredAt, account: accountOf(event, connection) };
  };
}

/** What Scalekit signed and is not of this form is a change of theirs: it is not guessed at. */
function readEvent(body: string): z.infer<typeof Event> {
  try {
    return Event.parse(JSON.parse(body));
  } catch (cause) {
    throw new VendorError(
      "webhook_unreadable",
      "Scalekit sent an event that cannot be read.",
      "Compare the event in Scalekit's dashboard with what Countersign expects.",
      { cause },
    );
  }
}

const Event = z.looseObject({
  type: z.string().min(1).max(200),
  occurred_at: z.iso.datetime({ offset: true }),
  data: z.unknown(),
});

const Account = z.looseObject({
  id: z.string().min(1),
  identifier: z.string().min(1),
  status: z.string().optional(),
  connection_name: z.string().nullish(),
  provider: z.string().nullish(),
});

/** Deleted accounts are gone; of the other events only a status says anything. */
function accountOf(event: z.infer<typeof Event>, connection: string): ConnectedAccount | null {
  const account = Account.safeParse(event.data);
  if (!event.type.startsWith("connected_account.") || !account.success) return null;
  const { id, identifier, connection_name: name, provider, status } = account.data;
  if (name != null && name !== "" ? name !== connection : provider?.toUpperCase() !== "INTERCOM") return null;
  if (event.type === "connected_account.deleted") return { id, identifier, status: "disconnected" };
  const known = statuses[status?.toUpperCase() ?? ""];
  return known === undefined ? null : { id, identifier, status: known };
}

const statuses: Readonly<Record<string, ConnectedAccount["status"]>> = {
  ACTIVE: "active",
  EXPIRED: "expired",
  PENDING_AUTH: "pending",
  PENDING_VERIFICATION: "pending",
  DISCONNECTED: "disconnected",
};
