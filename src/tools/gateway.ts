import type { Actor } from "../domain/capability.ts";
import type { JsonObject } from "../domain/json.ts";

/** In whose name a call is made: their identifier at Scalekit, and the connected account it is pinned to. */
export interface Caller {
  identifier: string;
  connectedAccountId: string;
}

/**
 * Why nothing came back. `needs_connection`: the teammate must connect Intercom again. `denied`: not allowed, by our
 * policy or by Intercom. `rate_limited` and `unavailable`: later may work. `rejected`: asking again changes nothing.
 * `code` is stable, `reason` a plain sentence, `next` what to do; none of them ever holds a credential.
 */
export interface Refusal {
  kind: "needs_connection" | "denied" | "rate_limited" | "unavailable" | "rejected";
  code: string;
  reason: string;
  next: string;
}

interface Answered<T> {
  kind: "ok";
  value: T;
  /** Scalekit's id of the execution, for its own logs; null where there is none. */
  executionId: string | null;
}

export type ReadOutcome<T> = Answered<T> | Refusal;

/**
 * How a write ended. `not_executed`: it never reached Scalekit. `rejected`: the server said no. `unknown`: it may
 * have happened, so it must never be sent again, only looked for.
 */
export type WriteOutcome =
  | Answered<JsonObject>
  | {
      kind: "not_executed" | "rejected" | "unknown";
      code: string;
      reason: string;
      next: string;
      executionId: string | null;
    };

/** A tool as its actor sees it: arguments that code sets are not in the schema. */
export interface ToolDefinition {
  name: string;
  description: string;
  /** JSON Schema of the arguments. */
  inputSchema: JsonObject;
}

/** Whether a teammate's Intercom connection stands. Never holds a credential. */
export interface ConnectedAccount {
  id: string;
  identifier: string;
  status: "active" | "expired" | "pending" | "disconnected" | "unknown";
}

/** The only way to Intercom. Every call is checked against the capability policy before anything leaves. */
export interface ToolGateway {
  /** Reads as `as`. Aliases are resolved, pinned arguments set, the answer cleaned of hidden text and bounded. */
  read(actor: Actor, as: Caller, tool: string, args: JsonObject): Promise<ReadOutcome<JsonObject>>;
  /** Writes as `as`, for delivery alone: one attempt, never repeated. `runId` travels with it for Scalekit's logs. */
  write(as: Caller, tool: string, args: JsonObject, options: { runId: string }): Promise<WriteOutcome>;
  /** The tools `actor` may use as `as`. Throws an OperatorError naming a required tool the connection lacks. */
  listTools(actor: Actor, as: Caller): Promise<ReadOutcome<ToolDefinition[]>>;
  /** Every connected account of the connection, with its status. */
  listAccounts(): Promise<ReadOutcome<ConnectedAccount[]>>;
  /** The connected account of one teammate, or null when they never began to connect. */
  findAccount(identifier: string): Promise<ReadOutcome<ConnectedAccount | null>>;
  /**
   * Whose access token of the configured environment this is; null for any token that is not. Throws a VendorError
   * when the environment's keys cannot be fetched: that is an outage, not a bad token.
   */
  verifyAccessToken(token: string): Promise<{ identifier: string } | null>;
}

/** What the gateway writes to the log: names, codes and durations; never arguments, answers or credentials. */
export interface GatewayLog {
  debug(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
}
