import { createHmac } from "node:crypto";
import { z } from "zod";
import type { RandomBytes } from "./tokens.ts";
import { isSameSecret } from "./tokens.ts";

/** What somebody leaves Countersign for. A state of one is none of the other. */
type Journey = "sign-in" | "connect";

const LONGEST_ADDRESS = 1500;
const Claims = z.tuple([z.string(), z.number().int(), z.string()]);

/**
 * The `state` somebody takes along when they leave for Scalekit: where they come back to, until when, and a seal that only
 * the browser that left can match, because the key is in its cookie.
 */
export function createReturnState(
  journey: Journey,
  browserSecret: string,
  { to, until }: { to: string; until: Date },
  randomBytes: RandomBytes,
): string {
  const salt = Buffer.from(randomBytes(9)).toString("base64url");
  const claims = JSON.stringify([salt, Math.floor(until.getTime() / 1000), shortened(to)]);
  const text = Buffer.from(claims).toString("base64url");
  return `${text}.${seal(journey, browserSecret, text)}`;
}

/** Where a state leads back to; null when this browser did not leave with it, or took too long. */
export function readReturnState(
  journey: Journey,
  browserSecret: string,
  state: string,
  now: Date,
): { to: string } | null {
  const [text = "", given = "", ...rest] = state.split(".");
  if (rest.length > 0 || !isSameSecret(given, seal(journey, browserSecret, text))) return null;
  const [, until, to] = Claims.parse(JSON.parse(Buffer.from(text, "base64url").toString()));
  return now.getTime() / 1000 < until ? { to } : null;
}

/**
 * The address on this server that `to` names; the start page when it names none. Whatever is written in it, it leads
 * nowhere else, and not back into a sign-in.
 */
export function localAddress(to: string, origin: string): URL {
  const start = new URL("/", origin);
  if (!to.startsWith("/") || !URL.canParse(to, origin)) return start;
  const address = new URL(to, origin);
  const journeys = /^\/+(sign-in|connect)(\/|$)/;
  return address.origin === start.origin && !journeys.test(address.pathname) ? address : start;
}

/** The whole state must fit into an address. */
function shortened(to: string): string {
  return to.length > LONGEST_ADDRESS ? "/" : to;
}

function seal(journey: Journey, browserSecret: string, text: string): string {
  return createHmac("sha256", browserSecret).update(`countersign ${journey}\n${text}`).digest("base64url");
}
