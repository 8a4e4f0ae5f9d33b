import { randomBytes } from "node:crypto";

/** Milliseconds a code can be exchanged for. */
const CODE_LIFETIME = 60_000;

/** Who signed in, and what the request they did it for was bound to. */
export interface SignIn {
  identifier: string;
  name: string;
  redirectUri: string;
  scopes: readonly string[];
  nonce: string | null;
  /** PKCE challenge, made with S256. */
  codeChallenge: string | null;
  /** Milliseconds since 1970. */
  at: number;
}

/** The codes that were given out and not yet exchanged. A code can be tried once, rightly or wrongly. */
export interface SignInCodes {
  issue(signIn: SignIn): string;
  take(code: string, now: number): SignIn | null;
}

export function createSignInCodes(): SignInCodes {
  const waiting = new Map<string, SignIn>();
  return {
    issue(signIn) {
      for (const [code, { at }] of waiting) if (at + CODE_LIFETIME <= signIn.at) waiting.delete(code);
      const code = `code_${randomBytes(24).toString("base64url")}`;
      waiting.set(code, signIn);
      return code;
    },
    take(code, now) {
      const signIn = waiting.get(code);
      waiting.delete(code);
      return signIn && now < signIn.at + CODE_LIFETIME ? signIn : null;
    },
  };
}
