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

/** How teammates connect their own Intercom. Apart from the gateway: agents and delivery have no use for it. */
export interface ConnectionGateway {
  /**
   * A link to Intercom's consent for this identifier; it works once, until `expiresAt` (null when Scalekit does not
   * say). Who consented comes back to `verifyUrl` with `state`, and nothing is connected before `verify`.
   */
  createLink(
    identifier: string,
    back: { state: string; verifyUrl: string },
  ): Promise<ReadOutcome<{ url: string; expiresAt: Date | null }>>;
  /** Connects what was consented to, for exactly this identifier. A consent that was given for another is refused. */
  verify(identifier: string, authorizationRequestId: string): Promise<ReadOutcome<null>>;
  /** Takes the grant away from an account. The account stays, and can be connected again. */
  disconnect(accountId: string): Promise<ReadOutcome<null>>;
}

/** A sign-in under way, as the browser carries it to Scalekit. */
export interface SignInRequest {
  redirectUri: string;
  state: string;
  nonce: string;
  /** The SHA-256 of the verifier, as PKCE's S256 wants it. */
  codeChallenge: string;
  /** True to have the person prove who they are again, whoever is signed in there. */
  again: boolean;
}

/** Sign-in at the Scalekit environment, through OpenID Connect. */
export interface SignIn {
  /** Where to send the browser. */
  authorizationUrl(request: SignInRequest): string;
  /** Who came back with `code`. The tokens that prove it are checked here and kept nowhere. */
  redeem(
    code: string,
    back: { redirectUri: string; nonce: string; codeVerifier: string },
  ): Promise<ReadOutcome<{ identifier: string; name: string }>>;
}

/** A change of a connected account, as Scalekit announces it. */
export interface AccountEvent {
  /** Scalekit's id of the message: the same however often it is sent. */
  id: string;
  type: string;
  occurredAt: Date;
  /** Null when it says nothing of how an account of our connection stands. */
  account: ConnectedAccount | null;
}

/** Reads Scalekit's webhooks. Null for a message that Scalekit did not sign, or not within the last minutes. */
export type ReadAccountEvent = (headers: Headers, body: string) => AccountEvent | null;

/** Something that happened in Intercom, as its webhooks announce it. A hint to look, and nothing to go by. */
export interface ConversationEvent {
  /** Intercom's id of the message: the same however often it is sent. */
  id: string;
  topic: string;
  workspaceId: string;
  /** Null when it is about no conversation. */
  conversation: { id: string; assigneeId: string | null } | null;
}

/** Reads Intercom's webhooks. Null for a message that Intercom did not sign. */
export type ReadConversationEvent = (headers: Headers, body: string) => ConversationEvent | null;

/** What the gateway writes to the log: names, codes and durations; never arguments, answers or credentials. */
export interface GatewayLog {
  debug(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
}
