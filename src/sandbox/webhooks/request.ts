import { createHmac } from "node:crypto";
import type { Delivery, Outbox } from "./outbox.ts";

/** One attempt at a delivery as its sender makes it: body and signature. `at` is in Unix seconds. */
export function requestOf(
  outbox: Outbox,
  delivery: Delivery,
  at: number,
): { body: string; headers: Record<string, string> } {
  if (delivery.sender === "scalekit") {
    const body = JSON.stringify(delivery.body);
    const key = Buffer.from(outbox.scalekit.secret.slice("whsec_".length), "base64");
    const signature = createHmac("sha256", key).update(`${delivery.id}.${at}.${body}`).digest("base64");
    return {
      body,
      headers: {
        "content-type": "application/json",
        "webhook-id": delivery.id,
        "webhook-timestamp": String(at),
        "webhook-signature": `v1,${signature}`,
      },
    };
  }
  const body = JSON.stringify({ ...delivery.body, delivery_attempts: delivery.attempts });
  const signature = createHmac("sha1", outbox.intercom.secret).update(body).digest("hex");
  return {
    body,
    headers: { "content-type": "application/json", "x-hub-signature": `sha1=${signature}` },
  };
}
