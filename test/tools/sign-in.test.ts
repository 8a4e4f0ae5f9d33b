import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { deadUrl } from "./gateway.ts";

const clientId = "skc_1";
const clientSecret = "a-secret-of-the-client";
const nonce = "the nonce";
const back = { redirectUri: "http://localhost/sign-in/callback", nonce, codeVerifier: "v".repeat(43) };

let environment: Awaited<ReturnType<typeof startEnvironment>>;
beforeEach(async () => {
  environment = await startEnvironment();
});
afterEach(() => environment.close());

let redeeming: ReturnType<typeof startRedeeming>;
beforeAll(() => {
  redeeming = startRedeeming();
});
afterAll(() => redeeming.stop());

const redeem = (code: string, environmentUrl = environment.url) =>
  redeeming.ask({ environment: { environmentUrl, clientId, clientSecret, timeoutMs: 1_000 }, code, back });

describe("redeeming a code", () => {
  it("names who signed in, and shows the verifier to Scalekit alone", async () => {
    expect(await redeem("good")).toEqual({
      kind: "ok",
      value: { identifier: "mina", name: "Mina Park" },
      executionId: null,
    });
    expect(Object.fromEntries(environment.asked[0]!)).toEqual({
      grant_type: "authorization_code",
      code: "good",
      redirect_uri: back.redirectUri,
      client_id: clientId,
      client_secret: clientSecret,
      code_verifier: back.codeVerifier,
    });
  });

  it("knows an environment that is written with a slash at its end", async () => {
    expect(await redeem("good", `${environment.url}/`)).toMatchObject({ kind: "ok" });
  });

  it("proves nobody by an ID token that is not for this very sign-in", async () => {
    const now = Math.floor(Date.now() / 1000);
    const stranger = await startEnvironment();
    const wrong: Record<string, string | undefined> = {
      "another nonce": await environment.sign({ nonce: "another" }),
      "no nonce": await environment.sign({ nonce: undefined }),
      "another client": await environment.sign({ aud: ["skc_2"] }),
      "made by another client": await environment.sign({ aud: [clientId, "skc_2"], azp: "skc_2" }),
      "no client": await environment.sign({ aud: undefined }),
      "no subject": await environment.sign({ sub: undefined }),
      "an empty subject": await environment.sign({ sub: "" }),
      "Countersign itself": await environment.sign({ sub: clientId }),
      "out of date": await environment.sign({ exp: now - 120 }),
      "never ending": await environment.sign({ exp: undefined }),
      "not valid yet": await environment.sign({ nbf: now + 600 }),
      "another key": await stranger.sign({ iss: environment.url }),
      unsigned: unsigned({ ...environment.claims(), iss: environment.url }),
      "no token": "nothing",
      "nothing at all": undefined,
    };
    for (const [name, token] of Object.entries(wrong)) {
      environment.idToken = async () => token;
      expect([name, await redeem("good")]).toEqual([
        name,
        expect.objectContaining({ kind: "rejected", code: "sign_in_token_refused" }),
      ]);
    }
    await stranger.close();
  });

  it("tells the operator when Scalekit signs under another address", async () => {
    environment.idToken = () => environment.sign({ iss: "https://auth.acme.example" });
    expect(await redeem("good")).toMatchObject({
      code: "sign_in_issuer_differs",
      next: expect.stringContaining("SCALEKIT_ENVIRONMENT_URL"),
    });
  });

  it("tells a code that is not taken from credentials that are not, and both from an outage", async () => {
    environment.answer = { status: 400, body: { error: "invalid_grant" } };
    expect(await redeem("used")).toMatchObject({ code: "sign_in_code_refused" });
    environment.answer = { status: 401, body: { error: "invalid_client" } };
    expect(await redeem("c")).toMatchObject({ code: "scalekit_credentials_refused" });
    environment.answer = { status: 503, body: {} };
    expect(await redeem("c")).toMatchObject({ code: "scalekit_unavailable" });
    environment.answer = null;
    environment.keysStatus = 503;
    expect(await redeem("good")).toMatchObject({ code: "scalekit_unavailable" });
    expect(await redeem("c", await deadUrl())).toMatchObject({ code: "scalekit_unavailable" });
  });
});

/** A token endpoint and a key set, as an environment has them. */
async function startEnvironment() {
  const keys = await generateKeyPair("RS256");
  const jwk = { ...(await exportJWK(keys.publicKey)), alg: "RS256", use: "sig", kid: "k1" };
  const opened = {
    url: "",
    asked: [] as URLSearchParams[],
    answer: null as { status: number; body: object } | null,
    keysStatus: 200,
    claims: (): Record<string, unknown> => {
      const now = Math.floor(Date.now() / 1000);
      return {
        sub: "mina",
        name: "Mina Park",
        aud: [clientId],
        azp: clientId,
        nonce,
        iat: now,
        exp: now + 600,
      };
    },
    sign: (changes: Record<string, unknown> = {}): Promise<string> =>
      new SignJWT({ iss: opened.url, ...opened.claims(), ...changes })
        .setProtectedHeader({ alg: "RS256", kid: "k1" })
        .sign(keys.privateKey),
    idToken: (): Promise<string | undefined> => opened.sign(),
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const json = (status: number, body: object) =>
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
      if (request.url === "/keys") return json(opened.keysStatus, { keys: [jwk] });
      opened.asked.push(new URLSearchParams(Buffer.concat(chunks).toString()));
      if (opened.answer) return json(opened.answer.status, opened.answer.body);
      return json(200, { access_token: "a", id_token: await opened.idToken(), expires_in: 60 });
    })();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  opened.url = `http://127.0.0.1:${typeof address === "object" ? (address?.port ?? 0) : 0}`;
  return opened;
}

function unsigned(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none" })}.${part(claims)}.`;
}

/** The product's own sign-in in a process of its own: jest cannot load the library the SDK reads tokens with. */
function startRedeeming() {
  const script = join(import.meta.dirname, "../server/fixtures/redeem.ts");
  const child = spawn(process.execPath, ["--import", "tsx", script], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const exited = once(child, "exit");
  return {
    async ask(request: object): Promise<unknown> {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const line = await lines.next();
      if (line.done) throw new Error("the process that redeems codes has stopped");
      return JSON.parse(line.value);
    },
    async stop(): Promise<void> {
      child.stdin.end();
      await exited;
    },
  };
}
