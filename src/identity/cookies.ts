interface Cookie {
  name: string;
  path: string;
  /** The origin it is set for. Beyond loopback it is sent over TLS alone. */
  origin: string;
}

/** A `Set-Cookie` header: out of reach of scripts, and not sent along by what other sites start, but their links. */
export function cookieFor(cookie: Cookie & { value: string; seconds: number }): string {
  const { name, value, path, seconds, origin } = cookie;
  const secure = origin.startsWith("https:") ? "; Secure" : "";
  return `${name}=${value}; Path=${path}; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure}`;
}

/** The `Set-Cookie` header that removes one. */
export function expiredCookie(cookie: Cookie): string {
  return cookieFor({ ...cookie, value: "", seconds: 0 });
}

/** The values of all cookies of a name, as sent. A browser sends several when they were set for different paths. */
export function readCookies(headers: Headers, name: string): string[] {
  return (headers.get("cookie") ?? "").split(";").flatMap((pair) => {
    const at = pair.indexOf("=");
    return pair.slice(0, at).trim() === name ? [pair.slice(at + 1).trim()] : [];
  });
}
