import { ScalekitClient } from "@scalekit-sdk/node";
import { createRemoteJWKSet, errors, jwtVerify } from "jose";
import { z } from "zod";
import type { ReadOutcome, Refusal, SignIn } from "./gateway.ts";
import { refuse } from "./refusals.ts";
import type { ClientOptions } from "./scalekit-client.ts";
import { refusalOf } from "./scalekit-errors.ts";

/** How far this machine's clock may be from Scalekit's, in seconds. */
const clockTolerance = 60;

/** Sign-in through the environment's OpenID Connect. Makes no call before somebody comes back with a code. */
export function createScalekitSignIn(options: ClientOptions): SignIn {
  const { environmentUrl, clientId, clientSecret, timeoutMs } = options;
  const issuer = environmentUrl.replace(/\/+$/, "");
  const client = new ScalekitClient(issuer, clientId, clientSecret, { timeoutMs });
  const keys = createRemoteJWKSet(new URL(`${issuer}/keys`), { timeoutDuration: timeoutMs });

  /** OpenID Connect Core, 3.1.3.7: signed by the environment, for this client, in date, and for this very sign-in. */
  async function readIdToken(
    token: string,
    nonce: string,
  ): Promise<ReadOutcome<{ identifier: string; name: string }>> {
    try {
      const { payload } = await jwtVerify(token, keys, {
        algorithms: ["RS256", "PS256", "ES256", "EdDSA"],
        issuer: [issuer, `${issuer}/`],
        audience: clientId,
        requiredClaims: ["exp", "iat", "sub", "nonce"],
        clockTolerance,
      });
      const claims = IdToken.safeParse(payload);
      if (!claims.success || claims.data.sub === clientId) return tokenRefused;
      const { sub, name, azp } = claims.data;
      if (claims.data.nonce !== nonce || (azp !== undefined && azp !== clientId)) return tokenRefused;
      return { kind: "ok", value: { identifier: sub, name }, executionId: null };
    } catch (error) {
      if (error instanceof errors.JWTClaimValidationFailed && error.claim === "iss") return issuerDiffers;
      if (error instanceof errors.JOSEError && !isOutage(error)) return tokenRefused;
      return refuse("scalekit_unavailable", "Scalekit's signing keys cannot be fetched.");
    }
  }

  return {
    authorizationUrl: ({ redirectUri, state, nonce, codeChallenge, again }) =>
      client.getAuthorizationUrl(redirectUri, {
        state,
        nonce,
        codeChallenge,
        codeChallengeMethod: "S256",
        ...(again && { prompt: "login" }),
      }),

    async redeem(code, { redirectUri, nonce, codeVerifier }) {
      let idToken: string;
      try {
        ({ idToken } = await client.authenticateWithCode(code, redirectUri, { codeVerifier }));
      } catch (error) {
        return exchangeRefusalOf(error);
      }
      return await readIdToken(idToken, nonce);
    },
  };
}

const IdToken = z.looseObject({
  sub: z.string().min(1).max(500),
  nonce: z.string(),
  azp: z.string().optional(),
  name: z
    .string()
    .nullish()
    .transform((name) => name ?? ""),
});

/** The token endpoint answers 400 for a code it does not take (RFC 6749, 5.2), and 401 for our own credentials. */
function exchangeRefusalOf(error: unknown): Refusal {
  if (InvalidGrant.safeParse(error).success) return codeRefused;
  if (NoToken.safeParse(error).success) return tokenRefused;
  return refusalOf(error);
}

const InvalidGrant = z.object({
  isAxiosError: z.literal(true),
  response: z.object({ status: z.literal(400), data: z.looseObject({ error: z.literal("invalid_grant") }) }),
});

/**
 * The SDK looks into the ID token before we can, and what is no token at all fails there. It loads a copy of the library
 * of its own, so the error is told by its code and not by its class.
 */
const NoToken = z.object({ code: z.string().regex(/^ERR_J(WT|WS|OSE)/) });

function isOutage(error: errors.JOSEError): boolean {
  return (
    error instanceof errors.JWKSTimeout ||
    error instanceof errors.JWKSInvalid ||
    error.code === errors.JOSEError.code
  );
}

const codeRefused: Refusal = {
  kind: "rejected",
  code: "sign_in_code_refused",
  reason: "Scalekit does not accept this sign-in: it has been used already, or took too long.",
  next: "Sign in again.",
};
const tokenRefused: Refusal = {
  kind: "rejected",
  code: "sign_in_token_refused",
  reason: "What Scalekit sent back does not prove who you are.",
  next: "Sign in again.",
};
const issuerDiffers: Refusal = {
  kind: "unavailable",
  code: "sign_in_issuer_differs",
  reason: "Scalekit signs under another address than the one Countersign is configured with.",
  next: "The operator must set SCALEKIT_ENVIRONMENT_URL to the address the environment signs its tokens under.",
};
