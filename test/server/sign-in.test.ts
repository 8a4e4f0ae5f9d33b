import { createHmac } from "node:crypto";
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { z } from "zod";
import { startSandbox, type Sandbox } from "../../src/sandbox/sandbox.ts";
import { prepareFolder } from "../store/engines.ts";
import { openBrowser, type Browser, type Visit } from "./fixtures/browser.ts";
import { call, clientFor } from "./fixtures/call.ts";
import { tokenOf } from "./fixtures/identity.ts";
import { startFixture, type FixtureServer } from "./fixtures/start.ts";

const MINA = "mina.park@quillbook.example";
const TOMAS = "tomas.oliveira@quillbook.example";
const JONAS = "jonas.weber@quillbook.example";
const LEILA = "leila.haddad@quillbook.example";
const SAM = "sam.okafor@quillbook.example";
const PRIYA = "priya.nair@quillbook.example";

let sandbox: Sandbox;
let server: FixtureServer;
let folder: string;

beforeAll(async () => {
  sandbox = await startSandbox({
    port: 0,
    host: "127.0.0.1",
    workspaceFolder: fileURLToPath(new URL("../../src/sandbox/workspace", import.meta.url)),
    stateFile: null,
    clock: () => new Date(),
    shiftToNow: true,
  });
  folder = await prepareFolder();
  server = await startFixture("people", {
    SCALEKIT_URL: sandbox.url,
    SCALEKIT_ID: sandbox.clientId,
    SCALEKIT_SECRET: sandbox.clientSecret,
    WEBHOOK_SECRET: sandbox.webhookSecrets.scalekit,
    STORE_FOLDER: folder,
    API_TEAMMATE: JONAS,
  });
});

afterAll(async () => {
  await server.stop();
  await sandbox.close();
  await rm(folder, { recursive: true, force: true });
});

async function signedIn(identifier: string): Promise<Browser> {
  const browser = openBrowser(server.url);
  expect((await browser.signIn(identifier)).status).toBe(303);
  return browser;
}

const Facts = z.array(
  z.object({ actor: z.string(), event: z.string(), data: z.record(z.string(), z.unknown()) }),
);

async function facts(identifier: string) {
  const { text } = await call(server, "GET", "/facts", { token: tokenOf("api") });
  return Facts.parse(JSON.parse(text)).filter(({ data }) => data.identifier === identifier);
}

const events = async (identifier: string) => (await facts(identifier)).map(({ event }) => event);
const problem = (code: string) => expect.objectContaining({ code });
const sessionOf = (browser: Browser) => browser.cookies.get("countersign_session") ?? "";

describe("signing in", () => {
  it("goes to Scalekit and back to where the person was, with a cookie that scripts cannot read", async () => {
    const browser = openBrowser(server.url);
    const begun = await browser.get(`/sign-in?to=${encodeURIComponent("/reviews/7?tab=facts#2")}`);
    expect(begun.status).toBe(303);
    const asked = new URL(begun.location);
    expect(asked.origin).toBe(sandbox.url);
    expect(Object.fromEntries(asked.searchParams)).toMatchObject({
      redirect_uri: `${server.url}/sign-in/callback`,
      response_type: "code",
      scope: "openid profile email",
      code_challenge_method: "S256",
      state: expect.stringMatching(/^.{40,}$/),
      nonce: expect.stringMatching(/^.{40,}$/),
      code_challenge: expect.stringMatching(/^.{43}$/),
    });
    const done = await browser.get(await browser.submit(begun.location, { identifier: MINA }));
    expect([done.status, done.location]).toEqual([303, `${server.url}/reviews/7?tab=facts#2`]);
    expect(done.headers.get("cache-control")).toBe("no-store");
    expect(browser.lastSet[0]).toMatch(
      /^countersign_session=csses_[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Lax$/,
    );
    expect([...browser.cookies.keys()]).toEqual(["countersign_session"]);
    expect((await browser.get("/api/me")).json).toMatchObject({
      identity: MINA,
      kind: "teammate",
      via: "session",
      name: "Mina Park",
      csrf: expect.stringMatching(/^[\w-]{43}$/),
      connection: { status: "active", teammate: { adminId: "5510001" }, problem: null },
    });
    expect(await events(MINA)).toEqual(expect.arrayContaining(["session.created"]));
  });

  it("asks for https and marks the cookies Secure as soon as the server is not this machine's own", async () => {
    const { headers, location } = await openBrowser(server.url).get("/sign-in", {
      host: "desk.acme.example",
    });
    // fetch does not let a host be set: a plain request does.
    expect(location).toContain(encodeURIComponent(server.url));
    expect(headers.getSetCookie()[0]).not.toContain("Secure");
    const answer = await raw("/sign-in", { host: "desk.acme.example" });
    expect(answer.location).toContain(encodeURIComponent("https://desk.acme.example/sign-in/callback"));
    expect(answer.cookie).toMatch(/; HttpOnly; SameSite=Lax; Secure$/);
    expect((await call(server, "GET", "/sign-in", { headers: { host: "a b" } })).status).toBe(400);
  });

  it("leads nowhere but to this server", async () => {
    for (const to of [
      "https://evil.example/",
      "//evil.example",
      "/\\evil.example",
      "/\t/evil.example",
      "javascript:alert(1)",
      "/sign-in?to=/sign-in",
      "/connect/verify?state=1",
      `/${"a".repeat(4000)}`,
      "",
    ]) {
      const done = await openBrowser(server.url).signIn(MINA, to);
      expect([to, done.status, done.location]).toEqual([to, 303, `${server.url}/`]);
    }
    const done = await openBrowser(server.url).signIn(MINA, "/.//evil.example");
    expect(new URL(done.location).origin).toBe(server.url);
    expect(done.location.startsWith("//")).toBe(false);
  });

  it("signs nobody in whose browser did not begin it, or that came back already", async () => {
    const attacker = openBrowser(server.url);
    const begun = await attacker.get("/sign-in");
    const back = await attacker.submit(begun.location, { identifier: TOMAS });
    const victim = openBrowser(server.url);
    for (const browser of [victim, openBrowser(server.url)]) {
      if (browser === victim) await victim.get("/sign-in");
      const refused = await browser.get(back);
      expect([refused.status, refused.headers.get("content-type")]).toEqual([
        400,
        expect.stringContaining("text/html"),
      ]);
      expect(sessionOf(browser)).toBe("");
    }
    expect((await attacker.get(back)).status).toBe(303);
    const used = openBrowser(server.url);
    expect((await used.get(back)).status).toBe(400);
    // The second return of the same browser finds it signed in.
    expect([(await attacker.get(back)).status, (await attacker.get(back)).location]).toEqual([
      303,
      `${server.url}/`,
    ]);
  });

  it("takes no code that another browser's sign-in gave, though the state is right", async () => {
    const attacker = openBrowser(server.url);
    const theirs = new URL(
      await attacker.submit((await attacker.get("/sign-in")).location, { identifier: TOMAS }),
    );
    const victim = openBrowser(server.url);
    const own = new URL(await victim.submit((await victim.get("/sign-in")).location, { identifier: MINA }));
    own.searchParams.set("code", theirs.searchParams.get("code") ?? "");
    const refused = await victim.get(own.href);
    expect([refused.status, sessionOf(victim)]).toEqual([403, ""]);
    expect(refused.text).toContain("has been used already, or took too long");
  });

  it("says so on a page that runs nothing when it is cancelled, changed or fails at Scalekit", async () => {
    const browser = openBrowser(server.url);
    const begin = async () => (await browser.get("/sign-in")).location;
    const cancelled = await browser.get(await browser.submit(await begin(), { decision: "cancel" }));
    expect([cancelled.status, cancelled.text.includes("cancelled")]).toEqual([403, true]);
    expect(cancelled.headers.get("content-security-policy")).toMatch(
      /^default-src 'none'; style-src 'sha256-/,
    );
    const state = new URL(await begin()).searchParams.get("state") ?? "";
    const path = (parameters: Record<string, string>) =>
      `/sign-in/callback?${new URLSearchParams(parameters).toString()}`;
    const hostile = await browser.get(path({ state, error: "<script>alert(1)</script>" }));
    expect([hostile.status, hostile.text.includes("<script>alert")]).toEqual([403, false]);
    expect((await browser.get(path({ state, code: "no-such-code" }))).status).toBe(403);
    for (const changed of ["", `${state}x`, state.replace(/^./, "x"), `.${state.split(".")[1] ?? ""}`, "."]) {
      expect((await browser.get(path({ state: changed, code: "c" }))).status).toBe(400);
    }
    const back = await browser.submit(await begin(), { identifier: MINA });
    sandbox.faults.add({ tool: "oauth/token", effect: { kind: "http", status: 503 } });
    expect((await browser.get(back)).status).toBe(503);
    sandbox.faults.clear();
    expect(sessionOf(browser)).toBe("");
  });

  it("works in two tabs at once", async () => {
    const browser = openBrowser(server.url);
    const first = (await browser.get("/sign-in?to=/one")).location;
    const second = (await browser.get("/sign-in?to=/two")).location;
    expect((await browser.get(await browser.submit(first, { identifier: MINA }))).location).toBe(
      `${server.url}/one`,
    );
    expect((await browser.get(await browser.submit(second, { identifier: MINA }))).location).toBe(
      `${server.url}/`,
    );
    expect((await browser.get("/sign-in?to=/three")).location).toBe(`${server.url}/three`);
  });
});

describe("a session", () => {
  it("changes something only for its own page", async () => {
    const browser = await signedIn(MINA);
    const other = await signedIn(TOMAS);
    const attempts: Record<string, Record<string, string>> = {
      "no token": { "x-countersign-csrf": "" },
      "a foreign token": { "x-countersign-csrf": other.csrf },
      "the session itself": { "x-countersign-csrf": sessionOf(browser) },
      "another origin": { origin: "https://evil.example" },
      "the same host on another port": { origin: "http://127.0.0.1:1" },
      "no origin": { origin: "null" },
    };
    for (const [name, headers] of Object.entries(attempts)) {
      for (const path of ["/delegate", "/threads", "/sign-out", "/api/connection/link"]) {
        const refused = await browser.post(path, {}, headers);
        expect([name, path, refused.status, refused.json]).toEqual([
          name,
          path,
          403,
          problem("csrf_refused"),
        ]);
      }
    }
    expect((await browser.post("/delegate")).status).toBe(200);
    expect((await browser.get("/api/me")).status).toBe(200);
  });

  it("is not read by pages of other origins, which includes websockets", async () => {
    const browser = await signedIn(MINA);
    const made = z.looseObject({ thread_id: z.string() }).parse((await browser.post("/threads")).json);
    const path = `/threads/${made.thread_id}`;
    expect((await browser.get(path)).status).toBe(200);
    expect((await browser.get(path, { origin: server.url })).status).toBe(200);
    for (const origin of ["https://evil.example", "null"]) {
      expect((await browser.get(path, { origin })).status).toBe(403);
      expect((await browser.get(`${path}/stream/events`, { origin })).status).toBe(403);
    }
  });

  it("is the same teammate for the LangGraph API, and leaves nothing of itself there", async () => {
    const browser = await signedIn(MINA);
    const made = z.looseObject({ thread_id: z.string() }).parse((await browser.post("/threads")).json);
    const run = { assistant_id: "support", input: { conversationId: "1" } };
    expect((await browser.post(`/threads/${made.thread_id}/runs/wait`, run)).status).toBe(200);
    const state = await browser.get(`/threads/${made.thread_id}/state`);
    expect(state.json).toMatchObject({ values: { seen: { identity: MINA, kind: "teammate" } } });
    const runs = await browser.get(`/threads/${made.thread_id}/runs`);
    for (const { text } of [state, runs]) {
      expect(text).not.toContain(sessionOf(browser));
      expect(text).not.toContain(browser.csrf);
    }
    const other = await signedIn(TOMAS);
    expect((await other.get(`/threads/${made.thread_id}`)).status).toBe(404);
    expect((await other.post(`/threads/${made.thread_id}/runs/wait`, run)).status).toBe(404);
  });

  it("lends its name to a route of ours for a minute", async () => {
    const browser = await signedIn(MINA);
    const token = (await browser.post("/delegate")).text;
    expect(token).toMatch(/^csdel_/);
    const client = clientFor(server, token);
    const { thread_id: thread } = await client.threads.create();
    expect(await client.threads.get(thread)).toMatchObject({ metadata: { owner: MINA } });
    expect((await call(server, "GET", "/api/me", { token })).json).toMatchObject({
      identity: MINA,
      kind: "teammate",
      via: "session",
      csrf: null,
    });
    expect((await call(server, "GET", "/api/me", { token: `${token}x` })).status).toBe(401);
  });

  it("is nobody's when it was forged, guessed, doubled or sent as a token", async () => {
    const browser = await signedIn(MINA);
    const good = sessionOf(browser);
    const guessed = `csses_${"a".repeat(43)}`;
    for (const cookie of [
      `countersign_session=${guessed}`,
      "countersign_session=",
      `countersign_session=${good}x`,
      `countersign_session=${good.toUpperCase()}`,
      `countersign_session=${guessed}; countersign_session=${good}`,
      `countersign_session=${good}; countersign_session=${guessed}`,
    ]) {
      const refused = await call(server, "GET", "/api/me", { headers: { cookie } });
      expect([cookie, refused.status, refused.json]).toEqual([cookie, 401, problem("session_over")]);
    }
    expect((await call(server, "GET", "/api/me", { token: good })).status).toBe(401);
    expect((await call(server, "GET", "/api/me", { headers: { "x-api-key": good } })).status).toBe(401);
    expect((await call(server, "GET", "/api/me")).json).toEqual(problem("no_credential"));
  });

  it("yields to a token, right or wrong", async () => {
    const browser = await signedIn(MINA);
    const withToken = (token: string) => browser.get("/api/me", { authorization: `Bearer ${token}` });
    expect((await withToken(tokenOf("api"))).json).toMatchObject({
      identity: JONAS,
      via: "api-token",
      csrf: null,
    });
    expect((await withToken("cst_wrong")).status).toBe(401);
  });

  it("ends when the person signs out, who must then prove who they are again", async () => {
    const browser = await signedIn(PRIYA);
    const cookie = `countersign_session=${sessionOf(browser)}`;
    expect((await browser.post("/sign-out")).status).toBe(204);
    expect(sessionOf(browser)).toBe("");
    expect((await call(server, "GET", "/api/me", { headers: { cookie } })).json).toEqual(
      problem("session_over"),
    );
    expect(await events(PRIYA)).toEqual(expect.arrayContaining(["session.created", "session.ended"]));
    const again = await browser.get("/sign-in");
    expect(new URL(again.location).searchParams.get("prompt")).toBe("login");
    await browser.signIn(PRIYA);
    expect([...browser.cookies.keys()]).toEqual(["countersign_session"]);
    expect((await call(server, "POST", "/sign-out", { token: tokenOf("api") })).json).toEqual(
      problem("session_required"),
    );
  });
});

describe("connecting Intercom", () => {
  const Link = z.object({ link: z.string(), expiresAt: z.iso.datetime() });
  const linkFor = async (browser: Browser, to = "/") =>
    Link.parse((await browser.post("/api/connection/link", { to })).json).link;
  const allow = (browser: Browser, link: string, adminId: string) =>
    browser.submit(link, { decision: "allow", admin_id: adminId });
  const shown = async (browser: Browser) => (await browser.get("/api/connection")).json;

  it("goes from link over consent and verification to who they are in Intercom, and back to where they were", async () => {
    const sam = await signedIn(SAM);
    expect(await shown(sam)).toMatchObject({
      status: "pending",
      teammate: null,
      problem: problem("connection_pending"),
    });
    const back = await allow(sam, await linkFor(sam, "/reviews/9?x=1"), "5510006");
    const verified = await sam.get(back);
    expect([verified.status, verified.location]).toEqual([303, `${server.url}/reviews/9?x=1`]);
    const connected = {
      status: "active",
      teammate: { adminId: "5510006", name: "Sam Okafor", hasInboxSeat: true, workspaceId: "qb7x2m1k" },
      problem: null,
    };
    expect(await shown(sam)).toMatchObject(connected);
    expect((await sam.get("/api/me")).json).toMatchObject({ connection: connected });
    expect(await facts(SAM)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ event: "connection.requested", actor: SAM }),
        expect.objectContaining({
          event: "connection.verified",
          actor: SAM,
          data: expect.objectContaining({ adminId: "5510006", workspaceId: "qb7x2m1k", status: "active" }),
        }),
      ]),
    );
    const replayed = await sam.get(back);
    expect([replayed.status, replayed.text.includes("used already")]).toEqual([403, true]);
  });

  it("connects nothing for whoever else comes back with the consent", async () => {
    const tomas = await signedIn(TOMAS);
    const back = await allow(tomas, await linkFor(tomas), "5510001");
    const mina = await signedIn(MINA);
    const nobody = openBrowser(server.url);
    expect((await nobody.get(back)).status).toBe(401);
    expect((await mina.get(back)).status).toBe(400);
    const signedInAgain = await signedIn(TOMAS);
    expect((await signedInAgain.get(back)).status).toBe(400);
    // With a state of her own she still gets nothing: the consent was asked for by somebody else.
    const own = new URL(new URL(await allow(mina, await linkFor(mina), "5510001")));
    own.searchParams.set("auth_request_id", new URL(back).searchParams.get("auth_request_id") ?? "");
    const refused = await mina.get(own.href);
    expect([refused.status, refused.text.includes("made for somebody else")]).toEqual([403, true]);
    for (const change of ["state", "auth_request_id"]) {
      const changed = new URL(back);
      changed.searchParams.delete(change);
      expect([400, 403]).toContain((await tomas.get(changed.href)).status);
    }
    expect((await tomas.get(back)).status).toBe(303);
    await mina.get(await allow(mina, await linkFor(mina), "5510001"));
    expect(await shown(mina)).toMatchObject({ status: "active", teammate: { adminId: "5510001" } });
    await tomas.get(await allow(tomas, await linkFor(tomas), "5510002"));
    expect(await shown(tomas)).toMatchObject({ status: "active", teammate: { adminId: "5510002" } });
  });

  it("tells who denied it, and changes nothing", async () => {
    const leila = await signedIn(LEILA);
    const denied = await leila.get(
      await leila.submit(await linkFor(leila, "/settings"), { decision: "deny" }),
    );
    expect([denied.status, denied.text.includes(`href="${server.url}/settings"`)]).toEqual([403, true]);
    expect(await shown(leila)).toMatchObject({ status: "active", teammate: { hasInboxSeat: false } });
  });

  it("finds a revoked grant by asking Intercom, leaves others alone, and connects again", async () => {
    const priya = await signedIn(PRIYA);
    expect(await shown(priya)).toMatchObject({ status: "active" });
    await sandbox.world.changeAccount(PRIYA, "token_revoked");
    expect(await shown(priya)).toMatchObject({
      status: "revoked",
      teammate: { adminId: "5510003" },
      problem: problem("grant_revoked"),
    });
    expect((await priya.get("/api/me")).json).toMatchObject({ connection: { status: "revoked" } });
    expect(await shown(await signedIn(LEILA))).toMatchObject({ status: "active" });
    await priya.get(await allow(priya, await linkFor(priya), "5510003"));
    expect(await shown(priya)).toMatchObject({ status: "active" });
    expect(await facts(PRIYA)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          event: "connection.changed",
          data: expect.objectContaining({ from: "active", to: "revoked", source: "read" }),
        }),
      ]),
    );
  });

  it("ends when the person disconnects, and only theirs", async () => {
    const sam = await signedIn(SAM);
    expect((await sam.post("/api/connection/disconnect")).json).toMatchObject({
      status: "disconnected",
      problem: problem("disconnected"),
    });
    const statuses = Object.fromEntries(
      sandbox.world.accounts().map(({ identifier, status }) => [identifier, status]),
    );
    expect(statuses).toMatchObject({ [SAM]: "disconnected", [JONAS]: "active" });
    expect(await events(SAM)).toContain("connection.disconnected");
    await sam.get(await allow(sam, await linkFor(sam), "5510006"));
    expect(await shown(sam)).toMatchObject({ status: "active" });
  });

  it("is begun by a signed-in browser only, and returns to this server only", async () => {
    const token = tokenOf("api");
    const asked = await call(server, "POST", "/api/connection/link", { token, body: {} });
    expect([asked.status, asked.json]).toEqual([403, problem("session_required")]);
    const leila = await signedIn(LEILA);
    for (const body of [{ to: "https://evil.example" }, { to: 1 }, { identifier: MINA }, [], "x"]) {
      expect((await leila.post("/api/connection/link", body)).status).toBe(422);
    }
    const back = await allow(leila, await linkFor(leila, "//evil.example"), "5510005");
    expect((await leila.get(back)).location).toBe(`${server.url}/`);
  });

  it("shows and keeps no credential of Intercom's", async () => {
    const { text } = await call(server, "GET", "/facts", { token: tokenOf("api") });
    for (const secret of sandbox.world.providerTokens()) expect(text).not.toContain(secret);
    expect(text).not.toMatch(/csses_|eyJ/);
  });
});

describe("Scalekit's webhooks", () => {
  const known = async (browser: Browser) => {
    const { connection } = z
      .looseObject({ connection: z.looseObject({ status: z.string() }) })
      .parse((await browser.get("/api/me")).json);
    return connection.status;
  };

  it("tell of a connection that ended, before anybody asks", async () => {
    const jonas = await signedIn(JONAS);
    expect((await jonas.get("/api/connection")).json).toMatchObject({ status: "active" });
    await sandbox.world.setWebhook("scalekit", `${server.url}/webhooks/scalekit`);
    await sandbox.world.changeAccount(JONAS, "expired");
    const deadline = Date.now() + 10_000;
    while ((await known(jonas)) === "active" && Date.now() < deadline) await sleep(50);
    expect(await known(jonas)).toBe("expired");
    expect(await facts(JONAS)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          event: "connection.changed",
          data: expect.objectContaining({ from: "active", to: "expired", source: "webhook" }),
        }),
      ]),
    );
    await sandbox.world.setWebhook("scalekit", null);
    await sandbox.world.changeAccount(JONAS, "active");
    expect((await jonas.get("/api/connection")).json).toMatchObject({ status: "active" });
  });

  it("count once, in the order things happened, and only when they are signed", async () => {
    const jonas = await signedIn(JONAS);
    await jonas.get("/api/connection");
    const account = sandbox.world.accounts().find(({ identifier }) => identifier === JONAS);
    const event = (status: string, at: Date, changes: object = {}) =>
      JSON.stringify({
        spec_version: "1",
        id: "evt_1",
        type: "connected_account.status_updated",
        object: "ConnectedAccount",
        occurred_at: at.toISOString(),
        environment_id: "env_1",
        data: {
          id: account?.id,
          identifier: JONAS,
          connection_name: "intercom",
          provider: "INTERCOM",
          status,
          ...changes,
        },
      });
    const soon = new Date(Date.now() + 5_000);
    const expired = event("EXPIRED", soon);
    const sent = await post("msg_a", expired);
    expect([sent.status, sent.json]).toEqual([201, { result: "changed" }]);
    expect(await known(jonas)).toBe("expired");
    expect((await post("msg_a", expired)).json).toEqual({ result: "repeated" });
    expect((await post("msg_b", event("ACTIVE", new Date(Date.now() - 60_000)))).json).toEqual({
      result: "nothing_new",
    });
    const elsewhere = event("DISCONNECTED", new Date(Date.now() + 9_000), { connection_name: "gmail" });
    expect((await post("msg_c", elsewhere)).json).toEqual({ result: "nothing_new" });
    expect(await known(jonas)).toBe("expired");

    const forged = event("DISCONNECTED", new Date(Date.now() + 9_000));
    const now = Math.floor(Date.now() / 1000);
    const otherSecret = `whsec_${Buffer.alloc(24, 1).toString("base64")}`;
    const attempts: [string, Promise<Visit>][] = [
      ["another secret", post("msg_d", forged, { secret: otherSecret })],
      ["another body", post("msg_d", forged, { signed: expired })],
      ["another id", post("msg_d", forged, { signedId: "msg_a" })],
      ["too old", post("msg_d", forged, { timestamp: now - 400 })],
      ["from the future", post("msg_d", forged, { timestamp: now + 400 })],
      ["no signature", post("msg_d", forged, { signature: "" })],
      ["half a signature", post("msg_d", forged, { signature: "v1" })],
      ["another version", post("msg_d", forged, { signature: "v2,abc" })],
    ];
    for (const [name, attempt] of attempts) {
      const { status, json } = await attempt;
      expect([name, status, json]).toEqual([name, 403, problem("signature_refused")]);
    }
    expect((await post("msg_e", "x".repeat(300_000))).status).toBe(413);
    expect(await known(jonas)).toBe("expired");
  });

  async function post(
    id: string,
    body: string,
    changes: {
      secret?: string;
      signed?: string;
      signedId?: string;
      timestamp?: number;
      signature?: string;
    } = {},
  ): Promise<Visit> {
    const timestamp = changes.timestamp ?? Math.floor(Date.now() / 1000);
    const secret = changes.secret ?? sandbox.webhookSecrets.scalekit;
    const mac = createHmac("sha256", Buffer.from(secret.slice("whsec_".length), "base64"))
      .update(`${changes.signedId ?? id}.${timestamp}.${changes.signed ?? body}`)
      .digest("base64");
    return openBrowser(server.url).post("/webhooks/scalekit", JSON.parse(asJson(body)), {
      "webhook-id": id,
      "webhook-timestamp": String(timestamp),
      "webhook-signature": changes.signature ?? `v1,${mac}`,
    });
  }
});

/** A body that is no JSON is sent as a JSON string. */
function asJson(body: string): string {
  return body.startsWith("{") ? body : JSON.stringify(body);
}

/** A request with any host, and where it is sent. */
async function raw(
  path: string,
  headers: Record<string, string>,
): Promise<{ location: string; cookie: string }> {
  const { request } = await import("node:http");
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, headers }, (response) => {
      response.resume();
      const { location = "", "set-cookie": cookies = [] } = response.headers;
      resolve({ location, cookie: cookies[0] ?? "" });
    });
    sent.on("error", reject);
    sent.end();
  });
}
