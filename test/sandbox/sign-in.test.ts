import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { ADA, BEN, openTestSandbox, type TestSandbox } from "./start.ts";

const callback = "http://127.0.0.1:4871/sign-in/callback";

let test: TestSandbox;
let ahead: number;
beforeEach(async () => {
  ahead = 0;
  test = await openTestSandbox({ clock: () => new Date(Date.now() + ahead) });
});
afterEach(() => test.sandbox.close());

/** What choosing a teammate on the page answers. */
function choose(url: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
  return fetch(url, { method: "POST", body: new URLSearchParams(fields), redirect: "manual", headers });
}

/** Signs in and returns where the browser is sent. */
async function signIn(options: Parameters<typeof test.client.getAuthorizationUrl>[1] = {}): Promise<URL> {
  const response = await choose(test.client.getAuthorizationUrl(callback, options), { identifier: ADA });
  expect(response.status).toBe(303);
  return new URL(response.headers.get("location")!);
}

async function codeOf(options?: Parameters<typeof signIn>[0]): Promise<string> {
  return (await signIn(options)).searchParams.get("code")!;
}

/** Exchanges a code with the request the SDK makes. */
async function exchange(code: string, codeVerifier?: string) {
  const { url, clientId, clientSecret } = test.sandbox;
  const body = new URLSearchParams({
    code,
    redirect_uri: callback,
    grant_type: "authorization_code",
    client_id: clientId,
    client_secret: clientSecret,
    ...(codeVerifier !== undefined && { code_verifier: codeVerifier }),
  });
  const response = await fetch(`${url}/oauth/token`, { method: "POST", body });
  expect(response.status).toBe(200);
  expect(response.headers.get("cache-control")).toBe("no-store");
  return (await response.json()) as { access_token: string; id_token: string; expires_in: number };
}

/** What a token says, vouched for by the published keys and made for the application here. */
async function claimsOf(token: string): Promise<Record<string, unknown>> {
  const { url, clientId } = test.sandbox;
  const keys = createRemoteJWKSet(new URL(`${url}/keys`));
  return (await jwtVerify(token, keys, { issuer: url, audience: clientId })).payload;
}

/** Jest cannot load the library the SDK reads tokens with, so plain Node does it. */
async function exchangeInOwnProcess(code: string, codeVerifier: string): Promise<unknown> {
  const script = `
    import sdk from "@scalekit-sdk/node";
    const [url, id, secret, code, callback, codeVerifier] = process.argv.slice(1);
    const client = new sdk.ScalekitClient(url, id, secret);
    const answer = await client.authenticateWithCode(code, callback, { codeVerifier });
    const options = { issuer: url, audience: [id] };
    const identity = await client.validateToken(answer.idToken, options);
    const access = await client.validateToken(answer.accessToken, options);
    console.log(JSON.stringify({ user: answer.user, expiresIn: answer.expiresIn, identity, access }));`;
  const { url, clientId, clientSecret } = test.sandbox;
  const given = [url, clientId, clientSecret, code, callback, codeVerifier];
  const cwd = resolve(import.meta.dirname, "../..");
  const child = spawn("node", ["--input-type=module", "-e", script, ...given], { cwd });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  await new Promise((done) => child.once("close", done));
  return JSON.parse(text);
}

function pkce() {
  const codeVerifier = randomBytes(32).toString("base64url");
  const codeChallenge = createHash("sha256").update(codeVerifier).digest("base64url");
  return { codeVerifier, codeChallenge, codeChallengeMethod: "S256" };
}

describe("signing in", () => {
  it("shows every teammate on a page that loads nothing, runs nothing foreign and is framed by nobody", async () => {
    const response = await fetch(test.client.getAuthorizationUrl(callback, { state: "s" }));
    const text = await response.text();
    for (const person of test.sandbox.world.accounts()) expect(text).toContain(person.identifier);
    const policy = response.headers.get("content-security-policy")!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    // Browsers hold a redirect that follows a form to this too.
    expect(policy).toContain("form-action 'self' http://127.0.0.1:4871");
  });

  it("gives the SDK an identity with the nonce and an access token of the environment, in exchange for the code", async () => {
    const { codeVerifier, ...challenge } = pkce();
    const back = await signIn({ state: "a state", nonce: "a nonce", ...challenge });
    expect(back.origin + back.pathname).toBe(callback);
    expect(back.searchParams.get("state")).toBe("a state");
    const code = back.searchParams.get("code")!;
    expect(await exchangeInOwnProcess(code, codeVerifier)).toMatchObject({
      user: { id: ADA, email: ADA, emailVerified: true, name: "Ada Lane" },
      expiresIn: 600,
      identity: { sub: ADA, nonce: "a nonce", azp: test.sandbox.clientId },
      access: { sub: ADA },
    });
  });

  it("binds both tokens to one session and to each other, and the nonce to the identity alone", async () => {
    const answer = await exchange(await codeOf({ nonce: "a nonce" }));
    const identity = await claimsOf(answer.id_token);
    const access = await claimsOf(answer.access_token);
    expect(access.sid).toBe(identity.sid);
    expect(access).not.toHaveProperty("nonce");
    const half = createHash("sha256").update(answer.access_token).digest().subarray(0, 16);
    expect(identity.at_hash).toBe(half.toString("base64url"));
  });

  it("says only what was asked for", async () => {
    const answer = await exchange(await codeOf({ scopes: ["openid"] }));
    const identity = await claimsOf(answer.id_token);
    expect(identity).toMatchObject({ sub: ADA });
    expect(Object.keys(identity)).not.toEqual(expect.arrayContaining(["email"]));
    expect(Object.keys(identity)).not.toEqual(expect.arrayContaining(["name"]));
  });

  it("begins the list with the teammate the application expects", async () => {
    const page = await fetch(test.client.getAuthorizationUrl(callback, { loginHint: BEN }));
    const text = await page.text();
    expect(text.indexOf(BEN)).toBeLessThan(text.indexOf(ADA));
  });

  it("tells the application when the person does not want to, and asks again for a person who is none", async () => {
    const url = test.client.getAuthorizationUrl(callback, { state: "s" });
    const cancelled = await choose(url, { decision: "cancel" });
    const back = new URL(cancelled.headers.get("location")!);
    expect(Object.fromEntries(back.searchParams)).toEqual({ error: "access_denied", state: "s" });
    expect((await choose(url, { identifier: "nobody@tiny.example" })).status).toBe(400);
  });

  it("refuses a form that another page sent", async () => {
    const url = test.client.getAuthorizationUrl(callback, { state: "s" });
    const foreign = await choose(url, { identifier: ADA }, { origin: "https://evil.example" });
    expect(foreign.status).toBe(403);
    expect(foreign.headers.get("location")).toBeNull();
    const own = await choose(url, { identifier: ADA }, { origin: test.sandbox.url });
    expect(own.status).toBe(303);
  });

  it.each([
    ["another application", { client_id: "skc_1" }],
    ["an address on another machine", { redirect_uri: "https://evil.example/callback" }],
    ["an address that hides its host", { redirect_uri: "http://127.0.0.1:80@evil.example/" }],
    ["an address that is none", { redirect_uri: "javascript:alert(1)" }],
  ])("sends nobody anywhere for %s", async (_, change) => {
    const url = new URL(test.client.getAuthorizationUrl(callback, { state: "s" }));
    for (const [name, value] of Object.entries(change)) url.searchParams.set(name, value);
    for (const response of [
      await fetch(url, { redirect: "manual" }),
      await choose(url.toString(), { identifier: ADA }),
    ]) {
      expect(response.status).toBe(400);
      expect(response.headers.get("location")).toBeNull();
    }
  });

  it.each([
    ["unsupported_response_type", { response_type: "token" }],
    ["invalid_scope", { scope: "email" }],
    ["invalid_request", { code_challenge: "x", code_challenge_method: "plain" }],
    ["invalid_request", { code_challenge: "x".repeat(43) }],
    ["invalid_request", { code_challenge: "short", code_challenge_method: "S256" }],
    ["login_required", { prompt: "none" }],
  ])("answers the application with %s", async (error, change) => {
    const url = new URL(test.client.getAuthorizationUrl(callback, { state: "s" }));
    for (const [name, value] of Object.entries(change)) url.searchParams.set(name, value);
    const response = await fetch(url, { redirect: "manual" });
    const back = new URL(response.headers.get("location")!);
    expect(back.searchParams.get("error")).toBe(error);
    expect(back.searchParams.get("state")).toBe("s");
    expect(back.searchParams.has("code")).toBe(false);
  });
});

describe("a code", () => {
  const refused = { response: { status: 400, data: { error: "invalid_grant" } } };

  it("can be exchanged once", async () => {
    const code = await codeOf();
    await exchange(code);
    await expect(test.client.authenticateWithCode(code, callback)).rejects.toMatchObject(refused);
  });

  it("is spent by an exchange that failed", async () => {
    const { codeVerifier, ...challenge } = pkce();
    const code = await codeOf(challenge);
    await expect(test.client.authenticateWithCode(code, callback)).rejects.toMatchObject(refused);
    const right = test.client.authenticateWithCode(code, callback, { codeVerifier });
    await expect(right).rejects.toMatchObject(refused);
  });

  it("is refused with another verifier, or with one where none was announced", async () => {
    const { codeVerifier, ...challenge } = pkce();
    const wrong = { codeVerifier: pkce().codeVerifier };
    const other = test.client.authenticateWithCode(await codeOf(challenge), callback, wrong);
    await expect(other).rejects.toMatchObject(refused);
    const unannounced = test.client.authenticateWithCode(await codeOf(), callback, { codeVerifier });
    await expect(unannounced).rejects.toMatchObject(refused);
  });

  it("is refused with another return address, and a minute later", async () => {
    const elsewhere = test.client.authenticateWithCode(await codeOf(), `${callback}/other`);
    await expect(elsewhere).rejects.toMatchObject(refused);
    const code = await codeOf();
    ahead = 61_000;
    await expect(test.client.authenticateWithCode(code, callback)).rejects.toMatchObject(refused);
  });

  it("of another environment, or without the client's secret, gives nothing", async () => {
    const code = await codeOf();
    const other = await openTestSandbox();
    await expect(other.client.authenticateWithCode(code, callback)).rejects.toMatchObject(refused);
    await other.sandbox.close();
    const body = { grant_type: "authorization_code", client_id: test.sandbox.clientId, code };
    const stolen = await fetch(`${test.sandbox.url}/oauth/token`, {
      method: "POST",
      body: new URLSearchParams({ ...body, redirect_uri: callback }),
    });
    expect(stolen.status).toBe(401);
  });
});

describe("signing out", () => {
  it("sends back to the application with its state", async () => {
    const { id_token: idToken } = await exchange(await codeOf());
    ahead = 3_600_000;
    const url = test.client.getLogoutUrl({
      idTokenHint: idToken,
      postLogoutRedirectUri: "http://localhost:4871/",
      state: "out",
    });
    const response = await fetch(url, { redirect: "manual" });
    expect(response.headers.get("location")).toBe("http://localhost:4871/?state=out");
  });

  it("stays here without an address, and refuses a foreign address or a token that is none", async () => {
    expect(await (await fetch(test.client.getLogoutUrl())).text()).toContain("Signed out");
    const foreign = test.client.getLogoutUrl({ postLogoutRedirectUri: "https://evil.example/" });
    expect((await fetch(foreign, { redirect: "manual" })).status).toBe(400);
    const forged = test.client.getLogoutUrl({ idTokenHint: "a.b.c", postLogoutRedirectUri: callback });
    expect((await fetch(forged, { redirect: "manual" })).status).toBe(400);
    const accessToken = await test.sandbox.mintAccessToken(ADA);
    expect((await fetch(test.client.getLogoutUrl({ idTokenHint: accessToken }))).status).toBe(400);
  });
});

it("describes itself as OpenID Connect wants it", async () => {
  const { url } = test.sandbox;
  const described = await (await fetch(`${url}/.well-known/openid-configuration`)).json();
  expect(described).toMatchObject({
    issuer: url,
    authorization_endpoint: `${url}/oauth/authorize`,
    token_endpoint: `${url}/oauth/token`,
    jwks_uri: `${url}/keys`,
    code_challenge_methods_supported: ["S256"],
  });
});
