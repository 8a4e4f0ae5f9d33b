import type { Core } from "./core.ts";

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Whether a host name leads to this machine, or is the one the sandbox was told to listen on. */
export function isOwnHostname(core: Core, hostname: string): boolean {
  return LOOPBACK.has(hostname) || hostname === new URL(core.url).hostname;
}

/**
 * Where a request comes from: a page of the sandbox, another page, or no page at all. A request that reached the sandbox
 * under a foreign name (DNS rebinding) comes from another page, whatever it says.
 */
export function originOf(core: Core, request: Request): "own" | "foreign" | "none" {
  const host = request.headers.get("host") ?? "";
  if (!URL.canParse(`http://${host}`)) return "foreign";
  const own = new URL(`http://${host}`);
  if (!isOwnHostname(core, own.hostname) || own.port !== new URL(core.url).port) return "foreign";
  const origin = request.headers.get("origin");
  if (origin === null) return "none";
  return origin === own.origin ? "own" : "foreign";
}
