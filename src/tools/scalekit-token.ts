import { decodeJwt, errors } from "jose";

/** How much of a token's life it is used for. */
const usableShare = 0.8;

/** Countersign's own access token at Scalekit, fetched when it is needed and kept while it lasts. */
export interface TokenCache {
  /** A token that is good for now. Only one fetch is ever under way. Throws what `fetchToken` throws. */
  get(): Promise<string>;
  /** Forgets `token`, because the server did not accept it. */
  forget(token: string): void;
}

export function createTokenCache(fetchToken: () => Promise<string>): TokenCache {
  let kept: { token: string; usableUntil: number } | null = null;
  let underWay: Promise<string> | null = null;

  async function fetchAndKeep(): Promise<string> {
    const askedAt = performance.now();
    try {
      const token = await fetchToken();
      kept = { token, usableUntil: askedAt + usableShare * lifetimeOf(token) };
      return token;
    } finally {
      underWay = null;
    }
  }

  return {
    get() {
      if (kept !== null && performance.now() < kept.usableUntil) return Promise.resolve(kept.token);
      return (underWay ??= fetchAndKeep());
    },
    forget(token) {
      if (kept?.token === token) kept = null;
    },
  };
}

/** Milliseconds from issue to expiry, whatever this machine's clock says; 0 for a token that does not tell. */
function lifetimeOf(token: string): number {
  try {
    const { exp, iat } = decodeJwt(token);
    return exp !== undefined && iat !== undefined ? Math.max(0, exp - iat) * 1000 : 0;
  } catch (error) {
    if (error instanceof errors.JWTInvalid) return 0;
    throw error;
  }
}
