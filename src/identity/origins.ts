/** The `http.cors` of langgraph.json and of the server that is started in process. */
export interface CrossOrigin {
  allow_origins: string[];
  allow_credentials: boolean;
  expose_headers: string[];
  max_age: number;
}

/**
 * Lets pages of exactly these origins read answers; none when empty. Credentials stay off: nothing is proved by a cookie
 * across origins. Always give it to the server, which otherwise lets every page read.
 */
export function corsFor(origins: readonly string[]): CrossOrigin {
  return {
    allow_origins: [...origins],
    allow_credentials: false,
    expose_headers: ["content-location", "x-pagination-total", "x-pagination-next"],
    max_age: 600,
  };
}

const LOOPBACK_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i;

/** True when a `Host` header names this machine's loopback, by the names that cannot be rebound. */
export function isLoopbackHost(host: string): boolean {
  return LOOPBACK_HOST.test(host);
}

/**
 * The origin under which the browser sees this server; null when the request names no usable host. Beyond loopback that
 * is always https: a session is not given out over plain http, and a proxy that ends TLS passes plain requests on.
 */
export function originOf(headers: Headers): string | null {
  const host = headers.get("host")?.trim().toLowerCase() ?? "";
  if (!HOST.test(host)) return null;
  return new URL(`${isLoopbackHost(host) ? "http" : "https"}://${host}`).origin;
}

const HOST = /^([a-z0-9.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/;
