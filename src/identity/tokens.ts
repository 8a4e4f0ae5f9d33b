import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { Principal } from "../domain/teammate.ts";

/** A source of random bytes; `randomBytes` of node:crypto in the program. */
export type RandomBytes = (size: number) => Uint8Array;

/** How long a dispatch or delegation token is accepted, in seconds. Each serves one request that starts at once. */
export const DISPATCH_SECONDS = 60;

const TOKEN_BYTES = 32;
const API_PREFIX = "cst_";
const DEVELOPMENT_PREFIX = "csdev_";
const DISPATCH_PREFIX = "csdsp_";
const DELEGATION_PREFIX = "csdel_";
const SESSION_PREFIX = "csses_";

const DispatchClaims = z.tuple([z.string().min(1), z.number().int()]);
const DelegationClaims = z.tuple([z.string().min(1), Principal.shape.via, z.number().int()]);

/** Whose token this is by its looks. `foreign` was not made here: perhaps an access token of Scalekit. */
export type TokenFamily = "api" | "development" | "dispatch" | "delegation" | "foreign";

export function familyOf(token: string): TokenFamily {
  if (token.startsWith(API_PREFIX)) return "api";
  if (token.startsWith(DEVELOPMENT_PREFIX)) return "development";
  if (token.startsWith(DISPATCH_PREFIX)) return "dispatch";
  if (token.startsWith(DELEGATION_PREFIX)) return "delegation";
  return "foreign";
}

/** A new API token and the only thing to keep of it. The token itself is shown once and stored nowhere. */
export function createApiToken(randomBytes: RandomBytes): { token: string; hash: string } {
  const token = API_PREFIX + encode(randomBytes(TOKEN_BYTES));
  return { token, hash: hashToken(token) };
}

/** A new token for the sandbox's development teammate. */
export function createDevelopmentToken(randomBytes: RandomBytes): string {
  return DEVELOPMENT_PREFIX + encode(randomBytes(TOKEN_BYTES));
}

/** A new session's token, for the browser's cookie alone, and the only thing to keep of it. */
export function createSessionToken(randomBytes: RandomBytes): { token: string; hash: string } {
  const token = SESSION_PREFIX + encode(randomBytes(TOKEN_BYTES));
  return { token, hash: hashToken(token) };
}

/** SHA-256 of a token in lower-case hex. A token holds 256 random bits, so it needs neither salt nor stretching. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** A token with which the desk itself may start runs in the name of one teammate, for the next minute. */
export function createDispatchToken(identifier: string, key: Uint8Array, now: Date): string {
  return sealed(DISPATCH_PREFIX, [identifier, endOf(now)], key);
}

/** The teammate a dispatch token names, or null when it was not made with `key`, was changed or is too old. */
export function readDispatchToken(token: string, key: Uint8Array, now: Date): string | null {
  const claims = DispatchClaims.safeParse(opened(DISPATCH_PREFIX, token, key));
  if (!claims.success) return null;
  const [identifier, expires] = claims.data;
  return isBefore(now, expires) ? identifier : null;
}

/**
 * A token that stands for a teammate who has just been authenticated, for the next minute: with it one of our routes
 * calls the LangGraph server in their own name. Never give it out.
 */
export function createDelegationToken(
  principal: Principal & { kind: "teammate" },
  key: Uint8Array,
  now: Date,
): string {
  return sealed(DELEGATION_PREFIX, [principal.identity, principal.via, endOf(now)], key);
}

/** The teammate a delegation token stands for, as they proved themselves; null when it is not good. */
export function readDelegationToken(token: string, key: Uint8Array, now: Date): Principal | null {
  const claims = DelegationClaims.safeParse(opened(DELEGATION_PREFIX, token, key));
  if (!claims.success) return null;
  const [identity, via, expires] = claims.data;
  return isBefore(now, expires) ? { identity, kind: "teammate", via } : null;
}

/** Compares two secrets in a time that tells neither where they differ nor how long they are. */
export function isSameSecret(left: string, right: string): boolean {
  return timingSafeEqual(
    createHash("sha256").update(left).digest(),
    createHash("sha256").update(right).digest(),
  );
}

function endOf(now: Date): number {
  return Math.floor(now.getTime() / 1000) + DISPATCH_SECONDS;
}

function isBefore(now: Date, expires: number): boolean {
  return now.getTime() / 1000 < expires;
}

function sealed(prefix: string, claims: readonly unknown[], key: Uint8Array): string {
  const text = encode(Buffer.from(JSON.stringify(claims)));
  return `${prefix}${text}.${sign(prefix, text, key)}`;
}

/** What was sealed under this prefix; null unless the seal is whole. */
function opened(prefix: string, token: string, key: Uint8Array): unknown {
  if (!token.startsWith(prefix)) return null;
  const [text, signature, ...rest] = token.slice(prefix.length).split(".");
  if (!text || !signature || rest.length > 0) return null;
  if (!isSameSecret(signature, sign(prefix, text, key))) return null;
  return JSON.parse(Buffer.from(text, "base64url").toString());
}

/** The prefix is under the seal: a token of one kind is none of the other. */
function sign(prefix: string, text: string, key: Uint8Array): string {
  return createHmac("sha256", key).update(`countersign ${prefix}\n${text}`).digest("base64url");
}

function encode(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}
