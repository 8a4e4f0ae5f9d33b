import { createRemoteJWKSet, errors, jwtVerify } from "jose";
import { VendorError } from "../domain/errors.ts";

export interface AccessTokenOptions {
  environmentUrl: string;
  /** The client whose users the tokens are for. */
  clientId: string;
}

/**
 * Checks access tokens of the environment against its published keys, which are fetched again when a token names a
 * new one. A token must be signed, in date, and made for this client: a token for another application of the same
 * environment names the same person, but was not given to us.
 */
export function createTokenVerifier({ environmentUrl, clientId }: AccessTokenOptions) {
  const keys = createRemoteJWKSet(new URL("keys", withSlash(environmentUrl)));

  return async function verifyAccessToken(token: string): Promise<{ identifier: string } | null> {
    try {
      const { payload } = await jwtVerify(token, keys, {
        algorithms: ["RS256", "PS256", "ES256", "EdDSA"],
        audience: clientId,
        requiredClaims: ["exp", "sub"],
      });
      const { sub } = payload;
      // An id token tells a page who signed in; it is not given to anybody to call us with.
      if ("nonce" in payload || "at_hash" in payload) return null;
      // Countersign's own token is in the client's name, which is nobody's.
      return sub === undefined || sub === "" || sub === clientId ? null : { identifier: sub };
    } catch (error) {
      if (error instanceof errors.JOSEError && !isOutage(error)) return null;
      throw new VendorError(
        "keys_unavailable",
        "Scalekit's signing keys cannot be fetched, so no sign-in can be checked.",
        "Try again later; your access token may be fine.",
      );
    }
  };
}

/** Errors about the key set or its fetching; every other error of the library is about the token. */
function isOutage(error: errors.JOSEError): boolean {
  return (
    error instanceof errors.JWKSTimeout ||
    error instanceof errors.JWKSInvalid ||
    error.code === errors.JOSEError.code
  );
}

function withSlash(url: string): string {
  return url.endsWith("/") ? url : `${url}/`;
}
