import { createDispatchToken } from "../identity/tokens.ts";
import type { Server } from "./client.ts";

export interface DispatcherDependencies {
  identity: { dispatchKey: Uint8Array };
  clock: () => Date;
}

/** The server at `url` in one teammate's name, called by the desk itself: it may start runs, and never decide. */
export function dispatcherFor(
  { identity, clock }: DispatcherDependencies,
  url: string,
  identifier: string,
): Server {
  return { url, token: () => createDispatchToken(identifier, identity.dispatchKey, clock()) };
}
