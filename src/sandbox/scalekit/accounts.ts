import { randomBytes } from "node:crypto";
import { z } from "zod";
import { OperatorError } from "../../domain/errors.ts";
import type { Admin } from "../intercom/workspace.ts";

/** A way to Intercom that an environment offers; accounts are connected through one. */
export const Connection = z.object({ id: z.string(), name: z.string() });
export type Connection = z.infer<typeof Connection>;

/** The connection every environment has. */
export const CONNECTION = "intercom";

/** Scalekit's name for Intercom. */
export const PROVIDER = "INTERCOM";

/** Milliseconds an authorization link can be used for. */
const LINK_LIFETIME = 10 * 60 * 1000;

const AccountStatus = z.enum(["active", "expired", "pending_auth", "pending_verification", "disconnected"]);
export type AccountStatus = z.infer<typeof AccountStatus>;

/** A teammate's connected account: whose Intercom token Scalekit holds for which identifier. */
export const Account = z.object({
  id: z.string(),
  /** Name of the connection. */
  connection: z.string(),
  identifier: z.string(),
  status: AccountStatus,
  /** The Intercom admin who consented, and the token they gave; null before anyone did. */
  adminId: z.string().nullable(),
  token: z.string().nullable(),
  /** True when Intercom no longer takes the token; Scalekit does not know. */
  tokenRevoked: z.boolean(),
  /** Milliseconds since 1970. */
  updatedAt: z.number(),
  lastUsedAt: z.number().nullable(),
});
export type Account = z.infer<typeof Account>;

/** One authorization from link to verification. Each step can be taken once. */
export const AuthorizationRequest = z.object({
  /** What the link carries. */
  linkId: z.string(),
  accountId: z.string(),
  state: z.string().nullable(),
  userVerifyUrl: z.string().nullable(),
  /** Milliseconds since 1970. */
  expiresAt: z.number(),
  step: z.enum(["link", "consented", "verified"]),
  /** What the callback carries once consent was given. */
  authRequestId: z.string().nullable(),
  adminId: z.string().nullable(),
  token: z.string().nullable(),
});
export type AuthorizationRequest = z.infer<typeof AuthorizationRequest>;

/** The accounts and authorizations of an environment; changed in place. */
export interface AccountBook {
  accounts: Account[];
  authorizationRequests: AuthorizationRequest[];
  /** Every provider token there has ever been. */
  issuedTokens: string[];
}

/** The account a seeded admin starts with, or null for one who never began to connect. */
export function seededAccount(
  admin: Admin,
  connection: "active" | "pending" | "none",
  now: number,
): Account | null {
  if (connection === "none") return null;
  const account = newAccount(CONNECTION, admin.email, now);
  if (connection === "pending") return account;
  return { ...account, status: "active", adminId: admin.id, token: newProviderToken() };
}

export function newAccount(connection: string, identifier: string, now: number): Account {
  return {
    connection,
    id: `ca_${BigInt(`0x${randomBytes(8).toString("hex")}`)
      .toString()
      .slice(0, 18)}`,
    identifier,
    status: "pending_auth",
    adminId: null,
    token: null,
    tokenRevoked: false,
    updatedAt: now,
    lastUsedAt: null,
  };
}

/** A token that can be recognised wherever it should not be. */
function newProviderToken(): string {
  return `intercom-canary-${randomBytes(18).toString("hex")}`;
}

/** Begins an authorization. A broken account waits for it from then on; a working one keeps working meanwhile. */
export function beginAuthorization(
  book: AccountBook,
  account: Account,
  request: { state: string | null; userVerifyUrl: string | null; now: number },
): AuthorizationRequest {
  const authorization: AuthorizationRequest = {
    linkId: randomBytes(18).toString("base64url"),
    accountId: account.id,
    state: request.state,
    userVerifyUrl: request.userVerifyUrl,
    expiresAt: request.now + LINK_LIFETIME,
    step: "link",
    authRequestId: null,
    adminId: null,
    token: null,
  };
  book.authorizationRequests = book.authorizationRequests.filter(
    ({ expiresAt }) => expiresAt > request.now - LINK_LIFETIME,
  );
  book.authorizationRequests.push(authorization);
  if (account.status === "expired" || account.status === "disconnected") {
    setStatus(account, "pending_auth", request.now);
  }
  return authorization;
}

/** Notes who consented. The account becomes usable only when its user has been verified. */
export function consent(
  book: AccountBook,
  authorization: AuthorizationRequest,
  adminId: string,
  now: number,
): { authRequestId: string } {
  const authRequestId = `areq_${randomBytes(12).toString("hex")}`;
  const token = newProviderToken();
  book.issuedTokens.push(token);
  Object.assign(authorization, { step: "consented", authRequestId, adminId, token });
  const account = book.accounts.find(({ id }) => id === authorization.accountId);
  if (account) setStatus(account, "pending_verification", now);
  return { authRequestId };
}

export type Verification =
  { kind: "verified"; account: Account } | { kind: "unknown" } | { kind: "mismatch" };

/** Binds the consented token to the account if the user is the one the link was made for. Works once. */
export function verify(
  book: AccountBook,
  authRequestId: string,
  identifier: string,
  now: number,
): Verification {
  const authorization = book.authorizationRequests.find(
    (candidate) => candidate.authRequestId === authRequestId && candidate.step === "consented",
  );
  const account = book.accounts.find(({ id }) => id === authorization?.accountId);
  if (!authorization || !account || authorization.expiresAt < now) return { kind: "unknown" };
  if (account.identifier !== identifier) return { kind: "mismatch" };
  authorization.step = "verified";
  account.adminId = authorization.adminId;
  account.token = authorization.token;
  account.tokenRevoked = false;
  authorization.token = null;
  setStatus(account, "active", now);
  return { kind: "verified", account };
}

/** What a teammate, an administrator of Scalekit or Intercom itself can do to a grant. */
export type AccountChange = "active" | "expired" | "disconnected" | "token_revoked";

/** `token_revoked` is what Scalekit does not notice: the status stays, and Intercom refuses the token. */
export function changeAccount(account: Account, change: AccountChange, now: number): void {
  if (change === "token_revoked") {
    account.tokenRevoked = true;
    return;
  }
  if (change === "active" && account.token === null) {
    throw new OperatorError(
      "sandbox_never_connected",
      `${account.identifier} has given no consent that could be used again.`,
      "Connect the account through an authorization link.",
    );
  }
  if (change === "active") account.tokenRevoked = false;
  if (change === "disconnected") account.token = null;
  setStatus(account, change, now);
}

function setStatus(account: Account, status: AccountStatus, now: number): void {
  account.status = status;
  account.updatedAt = now;
}
