import { Client } from "@langchain/langgraph-sdk";
import { v5 } from "@langchain/core/utils/uuid";
import type { WorkBoard } from "./work-board.ts";

/** Where the LangGraph server is, and in whose name to call it. */
export interface Server {
  url: string;
  /** Asked anew for each series of calls: a dispatcher's token lives for a minute. */
  token: () => string;
}

/** The server as the desk itself calls it: what it starts stands on the board. */
export interface Dispatcher extends Server {
  work: WorkBoard;
}

/** The graph's name in langgraph.json, which is also its assistant's. */
export const GRAPH = "support";

const NAMESPACE = "5f0d9a5e-6f0c-5b52-9f5e-0c9a1c8f1b7e";

/** The one thread of a conversation. The same everywhere and for ever, so that opening twice is opening once. */
export function threadIdOf(workspaceId: string, conversationId: string): string {
  return v5(`${workspaceId}/${conversationId}`, NAMESPACE);
}

/** A client that tries once: a request that was lost is reported, never repeated behind the caller's back. */
export function clientOf({ url, token }: Server): Client {
  return new Client({
    apiUrl: url,
    apiKey: null,
    defaultHeaders: { authorization: `Bearer ${token()}` },
    callerOptions: { maxRetries: 0 },
  });
}
