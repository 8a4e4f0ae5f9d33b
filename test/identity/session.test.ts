import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { identify } from "../../src/identity/identify.ts";
import { originOf } from "../../src/identity/origins.ts";
import { csrfTokenOf, SESSION_SECONDS, sessionTokenOf, startSession } from "../../src/identity/session.ts";
import type { IdentitySettings } from "../../src/identity/settings.ts";
import { findSession } from "../../src/store/sessions.ts";
import { openTestStore, type TestStore } from "../store/engines.ts";

const MINA = { identifier: "mina.park@quillbook.example", name: "Mina Park" };
const origin = "https://desk.acme.example";
let store: TestStore;
let now = new Date("2026-03-01T09:00:00Z");

beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

const settings: IdentitySettings = {
  graphs: ["support"],
  recursionLimit: 25,
  development: null,
  boundToLoopback: true,
  allowedOrigins: ["https://smith.langchain.com"],
  publicPaths: [],
  dispatchKey: Buffer.alloc(32, 1),
  clock: () => now,
  findToken: async () => null,
  findSession: (hash) => findSession(store.db, hash, now),
  verifyAccessToken: async () => null,
  checkAnswer: async () => null,
};

/** A session's cookie as the browser sends it back, and its token. */
async function start(): Promise<{ set: string; cookie: string; token: string }> {
  const { cookie: set } = await startSession({ store, clock: () => now, newId: randomUUID }, MINA, origin);
  const cookie = set.split(";")[0] ?? "";
  return { set, cookie, token: sessionTokenOf(new Headers({ cookie })) ?? "" };
}

function identifyBy(
  method: string,
  headers: Record<string, string>,
  changes: Partial<IdentitySettings> = {},
) {
  const request = new Request(`${origin}/threads`, {
    method,
    headers: { host: "desk.acme.example", ...headers },
  });
  return identify(request, { ...settings, ...changes });
}

const mina = { identity: MINA.identifier, kind: "teammate", via: "session" };
const refused = (status: number, code: string) => expect.objectContaining({ kind: "refused", status, code });

describe("a session", () => {
  it("is a cookie for this origin, over TLS alone beyond loopback", async () => {
    const { set, cookie } = await start();
    expect(set).toMatch(
      /^countersign_session=csses_[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Lax; Secure$/,
    );
    expect(await identifyBy("GET", { cookie })).toEqual(mina);
    expect(await identifyBy("GET", { cookie: `theme=dark; ${cookie}; other=1` })).toEqual(mina);
  });

  it("lasts twelve hours, however much it is used", async () => {
    const begun = now;
    const { cookie } = await start();
    now = new Date(begun.getTime() + (SESSION_SECONDS - 1) * 1000);
    expect(await identifyBy("GET", { cookie })).toEqual(mina);
    now = new Date(begun.getTime() + SESSION_SECONDS * 1000);
    expect(await identifyBy("GET", { cookie })).toEqual(refused(401, "session_over"));
    expect(await identifyBy("POST", { cookie })).toEqual(refused(401, "session_over"));
  });

  it("changes something only with its own CSRF token and from its own origin", async () => {
    const { cookie, token } = await start();
    const other = await start();
    const good = { cookie, origin, "x-countersign-csrf": csrfTokenOf(token) };
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      expect(await identifyBy(method, good)).toEqual(mina);
      for (const changes of [
        { "x-countersign-csrf": "" },
        { "x-countersign-csrf": csrfTokenOf(other.token) },
        { "x-countersign-csrf": token },
        { origin: "https://evil.example" },
        { origin: "http://desk.acme.example" },
        { origin: "https://desk.acme.example:8443" },
        { origin: "https://smith.langchain.com" },
        { origin: "null" },
        { host: "evil.example" },
        { host: "" },
      ]) {
        expect([changes, await identifyBy(method, { ...good, ...changes })]).toEqual([
          changes,
          refused(403, "csrf_refused"),
        ]);
      }
      const { origin: _, ...withoutOrigin } = good;
      expect(await identifyBy(method, withoutOrigin)).toEqual(refused(403, "csrf_refused"));
    }
  });

  it("reads for its own pages and for a link that leads here, not for other pages", async () => {
    const { cookie } = await start();
    expect(await identifyBy("GET", { cookie, origin })).toEqual(mina);
    expect(await identifyBy("GET", { cookie, origin: "null", "sec-fetch-mode": "navigate" })).toEqual(mina);
    for (const foreign of ["https://evil.example", "null"]) {
      expect(await identifyBy("GET", { cookie, origin: foreign, "sec-fetch-mode": "websocket" })).toEqual(
        refused(403, "csrf_refused"),
      );
    }
  });

  it("is not read where sessions are not looked up", async () => {
    const { cookie } = await start();
    const { findSession: _, ...without } = settings;
    const request = new Request(`${origin}/threads`, { headers: { cookie } });
    expect(await identify(request, without)).toEqual(refused(401, "no_credential"));
  });
});

describe("the server's own origin", () => {
  it("is http on loopback, https elsewhere, and nothing for what is no host", () => {
    const origins = {
      "localhost:4870": "http://localhost:4870",
      "127.0.0.1": "http://127.0.0.1",
      "[::1]:4870": "http://[::1]:4870",
      "Desk.Acme.example": "https://desk.acme.example",
      "desk.acme.example:443": "https://desk.acme.example",
      "localhost.evil.example": "https://localhost.evil.example",
      "192.168.1.5:4870": "https://192.168.1.5:4870",
      "": null,
      "a b": null,
      "user@evil.example": null,
      "evil.example/path": null,
      "a,b": null,
      "[::1": null,
    };
    for (const [host, expected] of Object.entries(origins)) {
      expect([host, originOf(new Headers({ host }))]).toEqual([host, expected]);
    }
  });
});
