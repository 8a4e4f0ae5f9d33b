import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import { DefectError } from "../domain/errors.ts";

/**
 * Where this server can be called by itself: the socket the request came in by. Never what the request says of its host,
 * because what the server sends there carries a token.
 */
export function ownAddress(context: Context): string {
  const { incoming } = context.env as Partial<HttpBindings>;
  const { localAddress, localPort } = incoming?.socket ?? {};
  if (localAddress === undefined || localPort === undefined) {
    throw new DefectError("address_unknown", "The request came by no socket.", "Report it.");
  }
  const host = localAddress.includes(":") ? `[${localAddress}]` : localAddress;
  return `http://${host}:${localPort}`;
}
