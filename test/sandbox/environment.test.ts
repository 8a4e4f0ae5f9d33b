import { connect } from "node:http2";
import { get as httpGet, Agent } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { ScalekitClient } from "@scalekit-sdk/node";
import { createRemoteJWKSet, jwtVerify, type JWTPayload } from "jose";
import { ADA, control, newClient, openTestSandbox, refusalOf, type TestSandbox } from "./start.ts";

let test: TestSandbox;
beforeAll(async () => {
  test = await openTestSandbox();
});
afterAll(() => test.sandbox.close());

function tokenRequest(fields: Record<string, string>): Promise<Response> {
  return fetch(`${test.sandbox.url}/oauth/token`, { method: "POST", body: new URLSearchParams(fields) });
}

/** What a token says, if the key set the environment publishes vouches for it. */
async function verify(token: string): Promise<JWTPayload | null> {
  const keys = createRemoteJWKSet(new URL(`${test.sandbox.url}/keys`));
  return jwtVerify(token, keys).then(
    ({ payload }) => payload,
    () => null,
  );
}

describe("the token endpoint", () => {
  it("gives the application a short-lived token", async () => {
    const { clientId, clientSecret } = test.sandbox;
    const response = await tokenRequest({
      grant_type: "client_credentials",
      client_id: clientId,
      client_secret: clientSecret,
    });
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.json()).toMatchObject({ token_type: "Bearer", expires_in: 600 });
  });

  it("refuses a wrong secret with 401 and another grant with 400", async () => {
    const { clientId, clientSecret } = test.sandbox;
    const grant = { grant_type: "client_credentials", client_id: clientId };
    expect((await tokenRequest({ ...grant, client_secret: "wrong" })).status).toBe(401);
    expect((await tokenRequest({ ...grant, client_id: "other", client_secret: clientSecret })).status).toBe(
      401,
    );
    const other = { client_id: clientId, client_secret: clientSecret, grant_type: "password" };
    expect((await tokenRequest(other)).status).toBe(400);
  });

  it("makes the stock client fail when its secret is wrong", async () => {
    const { url, clientId } = test.sandbox;
    const client = new ScalekitClient(url, clientId, "wrong");
    const outcome = client.actions.listConnectedAccounts({ connectionName: "intercom" });
    await expect(outcome).rejects.toMatchObject({ name: "AxiosError", response: { status: 401 } });
  });
});

describe("access tokens", () => {
  it("of a teammate name the teammate, the application and the environment", async () => {
    const claims = await verify(await test.sandbox.mintAccessToken(ADA));
    const { url, clientId } = test.sandbox;
    expect(claims).toMatchObject({ sub: ADA, iss: url, aud: clientId, email: ADA });
  });

  it("are not valid once they expired, were changed or come from another environment", async () => {
    const expired = await test.sandbox.mintAccessToken(ADA, -10);
    const other = await openTestSandbox();
    const foreign = await other.sandbox.mintAccessToken(ADA);
    await other.sandbox.close();
    const [header, , signature] = (await test.sandbox.mintAccessToken(ADA)).split(".");
    const forged = `${header}.${Buffer.from(JSON.stringify({ sub: "ben@tiny.example" })).toString("base64url")}.${signature}`;
    for (const token of [expired, foreign, forged]) {
      expect(await verify(token)).toBeNull();
    }
  });

  it("of a teammate open no door of the application", async () => {
    const token = await test.sandbox.mintAccessToken(ADA);
    const session = connect(test.sandbox.url);
    const stream = session.request({
      ":method": "POST",
      ":path": "/scalekit.v1.tools.ToolService/ListTools",
      "content-type": "application/grpc",
      te: "trailers",
      authorization: `Bearer ${token}`,
    });
    const trailers = await new Promise<Record<string, unknown>>((resolve) => {
      stream.on("trailers", resolve).resume();
      stream.end(Buffer.alloc(5));
    });
    session.destroy();
    expect(trailers["grpc-status"]).toBe("16");
  });

  it("are fetched anew by the stock client when they have expired", async () => {
    let ahead = 0;
    const moving = await openTestSandbox({ clock: () => new Date(Date.now() + ahead) });
    await moving.run("identify_admin");
    ahead = 3_600_000;
    expect(await moving.run("identify_admin")).toMatchObject({ type: "admin", id: "11" });
    await moving.sandbox.close();
  });
});

describe("the control endpoints", () => {
  it("refuse every request without the control key", async () => {
    const bare = await fetch(`${test.sandbox.url}/sandbox/faults`, { method: "DELETE" });
    expect(bare.status).toBe(403);
    const wrong = await fetch(`${test.sandbox.url}/sandbox/writes`, {
      headers: { "x-sandbox-key": "guess" },
    });
    expect(wrong.status).toBe(403);
    expect(bare.headers.get("access-control-allow-origin")).toBeNull();
  });

  it("say what is wrong with a request", async () => {
    const broken = await control(test.sandbox, "POST", "/faults", {
      tool: "list_tags",
      effect: { kind: "magic" },
    });
    expect(broken.status).toBe(400);
    expect(await broken.text()).toContain("effect");
    const missing = await control(test.sandbox, "POST", "/conversations/999/messages", { body: "Hello" });
    expect(missing.status).toBe(404);
    expect(await missing.text()).toContain("no conversation 999");
  });

  it("let the customer write, and an administrator mint a teammate's token", async () => {
    const written = await control(test.sandbox, "POST", "/conversations/1002/messages", {
      body: "Still late!",
    });
    expect(written.status).toBe(201);
    expect(test.sandbox.world.parts("1002").at(-1)).toMatchObject({
      type: "comment",
      body: "<p>Still late!</p>",
    });
    const minted = await control(test.sandbox, "POST", "/tokens", { identifier: ADA });
    const { access_token: token } = (await minted.json()) as { access_token: string };
    expect(await verify(token)).toMatchObject({ sub: ADA });
  });
});

describe("the port", () => {
  it("serves HTTP/1.1 and gRPC at once", async () => {
    const [keys, tags] = await Promise.all([fetch(`${test.sandbox.url}/keys`), test.run("list_tags")]);
    expect(await keys.json()).toMatchObject({ keys: [{ kty: "RSA", alg: "RS256" }] });
    expect(tags.data).toHaveLength(2);
  });

  it("publishes no private part of its key", async () => {
    const text = await (await fetch(`${test.sandbox.url}/keys`)).text();
    expect(Object.keys((JSON.parse(text) as { keys: object[] }).keys[0]!).sort()).toEqual(
      ["alg", "e", "kid", "kty", "n", "use"].sort(),
    );
  });

  it("is refused with what to do when it is taken", async () => {
    const port = Number(new URL(test.sandbox.url).port);
    await expect(openTestSandbox({ port })).rejects.toMatchObject({ code: "sandbox_port_in_use" });
  });

  it("is free again after closing, whatever connections were still open", async () => {
    const closing = await openTestSandbox();
    const agent = new Agent({ keepAlive: true });
    await new Promise((resolve) => {
      httpGet(`${closing.sandbox.url}/keys`, { agent }, (response) => response.resume().on("end", resolve));
    });
    await closing.run("identify_admin");
    closing.sandbox.faults.add({ tool: "list_tags", effect: { kind: "hang" } });
    const hanging = closing.run("list_tags").catch(refusalOf);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const began = Date.now();
    await closing.sandbox.close();
    expect(Date.now() - began).toBeLessThan(1_000);
    expect(await hanging).toHaveProperty("kind");
    agent.destroy();
    await expect(fetch(`${closing.sandbox.url}/keys`)).rejects.toThrow();
  });

  it("is served to many callers at once", async () => {
    const client = newClient(test.sandbox);
    const answers = await Promise.all(
      Array.from({ length: 40 }, () =>
        client.tools.executeTool({
          toolName: "intercom_retrieve_conversation",
          identifier: ADA,
          params: { conversation_id: "1001" },
        }),
      ),
    );
    expect(new Set(answers.map(({ executionId }) => executionId)).size).toBe(40);
  });
});
