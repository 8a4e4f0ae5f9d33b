import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";

/** A source of random bytes; `randomBytes` of node:crypto in the program. */
export type RandomBytes = (size: number) => Uint8Array;

/** How long a dispatch token is accepted, in seconds. One is made for each request, so this only covers slow clocks. */
export const DISPATCH_SECONDS = 60;

const TOKEN_BYTES = 32;
const API_PREFIX = "cst_";
const DEVELOPMENT_PREFIX = "csdev_";
const DISPATCH_PREFIX = "csdsp_";

const DispatchClaims = z.tuple([z.string().min(1), z.number().int()]);

/** Whose token this is by its looks. `foreign` was not made here: perhaps an access token of Scalekit. */
export type TokenFamily = "api" | "development" | "dispatch" | "foreign";

export function familyOf(token: string): TokenFamily {
  if (token.startsWith(API_PREFIX)) return "api";
  if (token.startsWith(DEVELOPMENT_PREFIX)) return "development";
  if (token.startsWith(DISPATCH_PREFIX)) return "dispatch";
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

/** SHA-256 of a token in lower-case hex. A token holds 256 random bits, so it needs neither salt nor stretching. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** A token with which the desk itself may start runs in the name of one teammate, for the next minute. */
export function createDispatchToken(identifier: string, key: Uint8Array, now: Date): string {
  const expires = Math.floor(now.getTime() / 1000) + DISPATCH_SECONDS;
  const claims = encode(Buffer.from(JSON.stringify([identifier, expires])));
  return `${DISPATCH_PREFIX}${claims}.${sign(claims, key)}`;
}

/** The teammate a dispatch token names, or null when it was not made with `key`, was changed or is too old. */
export function readDispatchToken(token: string, key: Uint8Array, now: Date): string | null {
  const [claims, signature, ...rest] = token.slice(DISPATCH_PREFIX.length).split(".");
  if (familyOf(token) !== "dispatch" || !claims || !signature || rest.length > 0) return null;
  if (!isSameSecret(signature, sign(claims, key))) return null;
  const [identifier, expires] = DispatchClaims.parse(JSON.parse(Buffer.from(claims, "base64url").toString()));
  return now.getTime() / 1000 < expires ? identifier : null;
}

/** Compares two secrets in a time that tells neither where they differ nor how long they are. */
export function isSameSecret(left: string, right: string): boolean {
  return timingSafeEqual(
    createHash("sha256").update(left).digest(),
    createHash("sha256").update(right).digest(),
  );
}

function sign(claims: string, key: Uint8Array): string {
  return createHmac("sha256", key).update(`countersign dispatch\n${claims}`).digest("base64url");
}

function encode(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}
