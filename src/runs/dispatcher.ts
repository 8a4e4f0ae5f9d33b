import { createDispatchToken } from "../identity/tokens.ts";
import type { Dispatcher } from "./client.ts";
import type { WorkBoard } from "./work-board.ts";

export interface DispatcherDependencies {
  identity: { dispatchKey: Uint8Array };
  clock: () => Date;
  work: WorkBoard;
}

/** The server at `url` in one teammate's name, called by the desk itself: it may start runs, and never decide. */
export function dispatcherFor(
  { identity, clock, work }: DispatcherDependencies,
  url: string,
  identifier: string,
): Dispatcher {
  return { url, work, token: () => createDispatchToken(identifier, identity.dispatchKey, clock()) };
}
