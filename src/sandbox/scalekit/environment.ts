import { createHash, randomBytes, randomUUID } from "node:crypto";
import type { JWTPayload } from "jose";
import { exportJWK, generateKeyPair, importJWK, jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import type { SignIn } from "./sign-in-codes.ts";

/** One Scalekit environment: its only application and the key it signs tokens with. */
export const Environment = z.object({
  id: z.string(),
  clientId: z.string(),
  clientSecret: z.string(),
  keyId: z.string(),
  /** Private RS256 key (JWK). */
  signingKey: z.record(z.string(), z.string()),
  /** Tokens teammates sign in with while developing, by identifier. */
  developmentTokens: z.record(z.string(), z.string()),
});
export type Environment = z.infer<typeof Environment>;

/** Seconds an access token lives. */
export const TOKEN_LIFETIME = 600;

/** A new environment with fresh credentials; each of the identifiers gets a development token. */
export async function createEnvironment(identifiers: readonly string[]): Promise<Environment> {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  const jwk = z.record(z.string(), z.string()).parse(await exportJWK(privateKey));
  return {
    id: `env_${digits()}`,
    clientId: `skc_${digits()}`,
    clientSecret: `sandbox_${randomBytes(24).toString("base64url")}`,
    keyId: `snk_${digits()}`,
    signingKey: jwk,
    developmentTokens: Object.fromEntries(
      identifiers.map((identifier) => [identifier, `csdev_${randomBytes(24).toString("base64url")}`]),
    ),
  };
}

export interface TokenIssuer {
  /** A token of the application itself: what the SDK makes its calls with. */
  issueForApplication(): Promise<string>;
  /** A teammate's access token: its subject is their identifier. */
  issueForTeammate(identifier: string, lifetimeSeconds: number): Promise<string>;
  /** What a sign-in gives: an access token as above, and who signed in. */
  issueForSignIn(signIn: SignIn, code: string): Promise<{ accessToken: string; idToken: string }>;
  /** Whether a token says who signed in and was signed here; it may have expired. */
  isIdToken(token: string): Promise<boolean>;
  /** Whether a token is one of the application's, signed here and not yet expired. */
  isApplicationToken(token: string): Promise<boolean>;
  /** The key set (JWKS) that verifies all of them. */
  publicKeys: { keys: Record<string, string>[] };
}

export async function createTokenIssuer(
  environment: Environment,
  issuer: () => string,
  clock: () => Date,
): Promise<TokenIssuer> {
  const { kty = "", n = "", e = "" } = environment.signingKey;
  const publicKey = { kty, n, e, alg: "RS256", use: "sig", kid: environment.keyId };
  const signing = await importJWK(environment.signingKey, "RS256");
  const verifying = await importJWK(publicKey, "RS256");
  const issue = (subject: string, claims: JWTPayload, lifetimeSeconds: number) => {
    const now = Math.floor(clock().getTime() / 1000);
    return new SignJWT(claims)
      .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: environment.keyId })
      .setIssuer(issuer())
      .setSubject(subject)
      .setAudience(environment.clientId)
      .setJti(`tkn_${randomUUID()}`)
      .setIssuedAt(now)
      .setExpirationTime(now + lifetimeSeconds)
      .sign(signing);
  };
  return {
    publicKeys: { keys: [publicKey] },
    issueForApplication: () =>
      issue(environment.clientId, { client_id: environment.clientId }, TOKEN_LIFETIME),
    issueForTeammate: (identifier, lifetimeSeconds) =>
      issue(identifier, { email: identifier, sid: `ses_${randomUUID()}` }, lifetimeSeconds),
    async issueForSignIn(signIn, code) {
      const { identifier, name, scopes, nonce, at } = signIn;
      const sid = `ses_${randomUUID()}`;
      const accessToken = await issue(identifier, { email: identifier, sid }, TOKEN_LIFETIME);
      const [givenName = "", ...familyNames] = name.split(" ");
      const claims = {
        sid,
        azp: environment.clientId,
        amr: ["pwd"],
        auth_time: Math.floor(at / 1000),
        at_hash: halfHash(accessToken),
        c_hash: halfHash(code),
        ...(nonce !== null && { nonce }),
        ...(scopes.includes("email") && { email: identifier, email_verified: true }),
        ...(scopes.includes("profile") && {
          name,
          given_name: givenName,
          family_name: familyNames.join(" "),
          preferred_username: identifier,
        }),
      };
      return { accessToken, idToken: await issue(identifier, claims, TOKEN_LIFETIME) };
    },
    async isIdToken(token) {
      try {
        // A hint stays good when its token has expired; at this date none has.
        const currentDate = new Date(0);
        const options = { issuer: issuer(), audience: environment.clientId, currentDate };
        const { payload } = await jwtVerify(token, verifying, options);
        return payload.at_hash !== undefined;
      } catch {
        return false;
      }
    },
    async isApplicationToken(token) {
      try {
        const options = { issuer: issuer(), audience: environment.clientId, currentDate: clock() };
        const { payload } = await jwtVerify(token, verifying, options);
        return payload.sub === environment.clientId && payload.client_id === environment.clientId;
      } catch {
        return false;
      }
    },
  };
}

/** How OpenID Connect ties an ID token to what was given out beside it. */
function halfHash(token: string): string {
  return createHash("sha256").update(token).digest().subarray(0, 16).toString("base64url");
}

function digits(): string {
  return BigInt(`0x${randomBytes(8).toString("hex")}`)
    .toString()
    .padStart(18, "7")
    .slice(0, 18);
}
