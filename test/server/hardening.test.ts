import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Thread } from "@langchain/langgraph-sdk";
import { call, clientFor, statusOf } from "./fixtures/call.ts";
import { STUDIO_ORIGIN, STUDIO_TEAMMATE, tokenOf } from "./fixtures/identity.ts";
import type { FixtureServer } from "./fixtures/start.ts";
import { startFixture } from "./fixtures/start.ts";
import { alice, bob, dispatcherFor, settled } from "./fixtures/threads.ts";

let open: FixtureServer;
let hardened: FixtureServer;

beforeAll(async () => {
  [open, hardened] = await Promise.all([startFixture("open"), startFixture("hardened")]);
});

afterAll(async () => {
  await Promise.all([open.stop(), hardened.stop()]);
});

const studio = { "x-auth-scheme": "langsmith" };

describe("Studio's header", () => {
  it("opens the server to anybody, as it comes", async () => {
    expect((await call(open, "POST", "/internal/truncate", { headers: studio, body: {} })).status).toBe(200);
    expect((await call(open, "POST", "/threads", { headers: studio, body: {} })).status).toBe(200);
  });

  it("is the development teammate on loopback, and only there", async () => {
    const answer = await call(hardened, "POST", "/threads", { headers: studio, body: {} });
    expect(answer.json).toMatchObject({ metadata: { owner: STUDIO_TEAMMATE } });
    const fromStudio = { ...studio, origin: STUDIO_ORIGIN };
    expect((await call(hardened, "POST", "/threads", { headers: fromStudio, body: {} })).status).toBe(200);
  });

  it("is refused to other pages and under other host names", async () => {
    for (const headers of [
      { ...studio, origin: "https://evil.example" },
      { ...studio, origin: "null" },
      { ...studio, host: "evil.example" },
      { ...studio, host: "localhost.evil.example:80" },
    ]) {
      const answer = await call(hardened, "POST", "/threads/search", { headers, body: {} });
      expect([headers, answer.status]).toEqual([headers, 401]);
      expect(answer.json).toMatchObject({ code: "studio_refused" });
    }
  });

  it("does not see a teammate's threads, and does not outrank a token", async () => {
    const thread = await clientFor(hardened, alice).threads.create();
    expect((await call(hardened, "GET", `/threads/${thread.thread_id}`, { headers: studio })).status).toBe(
      404,
    );
    const both = await call(hardened, "POST", "/threads", { token: alice, headers: studio, body: {} });
    expect(both.json).toMatchObject({ metadata: { owner: "alice" } });
    const wrong = await call(hardened, "POST", "/threads", {
      token: tokenOf("eve"),
      headers: studio,
      body: {},
    });
    expect(wrong.status).toBe(401);
  });
});

describe("truncation", () => {
  const wipe = { threads: true, runs: true, assistants: true, checkpointer: true, store: true };

  it("is every user's, as the server comes", async () => {
    const thread = await clientFor(open, alice).threads.create();
    expect((await call(open, "POST", "/internal/truncate", { token: bob, body: wipe })).status).toBe(200);
    expect(await statusOf(clientFor(open, alice).threads.get(thread.thread_id))).toBe(404);
  });

  it("is nobody's, however the path is written", async () => {
    const thread = await clientFor(hardened, alice).threads.create();
    for (const path of [
      "/internal/truncate",
      "/%69nternal/truncate",
      "/internal%2Ftruncate",
      "/%2569nternal/truncate",
      "//internal/truncate",
      "/x/../internal/truncate",
      "/x/%2e%2e/internal/truncate",
      "/INTERNAL/truncate",
      "/internal/truncate/",
      "/internal/truncate?x",
      "/internal/truncate#x",
      `${hardened.url}/internal/truncate`,
      "http://evil.example/internal/truncate",
    ]) {
      for (const asked of [{ token: bob }, { headers: studio }, { token: dispatcherFor("bob") }, {}]) {
        const answer = await call(hardened, "POST", path, { ...asked, body: wipe });
        expect([path, asked, answer.status >= 400]).toEqual([path, asked, true]);
      }
    }
    expect(await clientFor(hardened, alice).threads.get(thread.thread_id)).toMatchObject({ status: "idle" });
  });
});

describe("an address that begins with /ui", () => {
  it("skips authentication, as the server comes", async () => {
    expect((await call(open, "GET", "/uixyz")).text).toBe("a page for teammates");
  });

  it("is no page of ours", async () => {
    for (const path of ["/uixyz", "/ui", "/ui/support/style.css", "/%75ixyz", "/x/../uixyz"]) {
      const answer = await call(hardened, "GET", path);
      expect([path, answer.status, answer.json]).toEqual([
        path,
        404,
        expect.objectContaining({ code: "page_unknown" }),
      ]);
    }
    for (const [method, path] of [
      ["HEAD", "/uixyz"],
      ["POST", "/ui/support"],
      ["GET", "/UIxyz"],
    ] as const) {
      expect([method, path, (await call(hardened, method, path)).status]).toEqual([method, path, 403]);
    }
  });
});

describe("what a client forges", () => {
  const forged = {
    assistant_id: "support",
    input: { conversationId: "6" },
    context: { tone: "friendly", user_id: "root", tenant: "another" },
    config: {
      tags: ["forged"],
      configurable: {
        user_id: "root",
        langgraph_auth_user: { identity: "root" },
        tone: "forged",
        thread_ts: "",
      },
    },
    metadata: { owner: "root", graph_id: "another", forged: true },
    langsmith_tracer: { project_name: "another" },
  };
  const headers = { "x-user-id": "root", "x-evil": "root", "user-agent": "forged" };

  it("reaches the nodes and sticks to the thread, as the server comes", async () => {
    const [first, second] = await seenTwice(open);
    expect(first).toMatchObject({ user_id: "root", "x-evil": "root", tone: "forged" });
    expect(second).toMatchObject({ user_id: "root", "x-evil": "root", tone: "forged" });
  });

  it("reaches no node and leaves nothing behind", async () => {
    const [first, second, thread] = await seenTwice(hardened);
    const stamped = {
      assistant_id: expect.any(String),
      checkpoint_map: expect.anything(),
      checkpoint_ns: expect.any(String),
      graph_id: "support",
      langgraph_auth_permissions: [],
      langgraph_auth_user: {
        identity: "alice",
        kind: "teammate",
        via: "api-token",
        display_name: "alice",
        permissions: [],
        is_authenticated: true,
      },
      langgraph_auth_user_id: "alice",
      run_id: expect.any(String),
      thread_id: expect.any(String),
      user_id: "alice",
    };
    expect(first).toEqual(stamped);
    expect(second).toEqual(stamped);
    expect(thread.metadata).toEqual({
      owner: "alice",
      graph_id: "support",
      assistant_id: stamped.assistant_id,
    });
    expect(JSON.stringify(thread)).not.toMatch(/root|forged|another/);
  });

  it("leaves the context only what an assistant may change of the desk", async () => {
    const client = clientFor(hardened, alice);
    const { thread_id: thread } = await client.threads.create();
    await call(hardened, "POST", `/threads/${thread}/runs/wait`, { token: alice, headers, body: forged });
    expect(await settled(hardened, thread)).toMatchObject({ seen: { context: { tone: "friendly" } } });
    const [run] = await client.runs.list(thread);
    expect(JSON.stringify(run)).not.toMatch(/root|forged|another/);
  });

  /** What the node saw of a forged run, and of an honest one after it on the same thread. */
  async function seenTwice(server: FixtureServer): Promise<[unknown, unknown, Thread]> {
    const client = clientFor(server, alice);
    const { thread_id: thread } = await client.threads.create({ metadata: { forged: "yes" } });
    const seen: unknown[] = [];
    for (const [body, sent] of [
      [forged, headers],
      [{ assistant_id: "support", input: { conversationId: "7" } }, {}],
    ] as const) {
      await call(server, "POST", `/threads/${thread}/runs/wait`, { token: alice, headers: sent, body });
      const state = await client.threads.getState<{ seen: { configurable: unknown } }>(thread);
      seen.push(state.values.seen.configurable);
    }
    return [seen[0], seen[1], await client.threads.get(thread)];
  }
});

describe("the door", () => {
  it("answers without a token only what is public", async () => {
    for (const [method, path, status] of [
      ["GET", "/health", 200],
      ["GET", "/info", 200],
      ["GET", "/ok", 401],
      ["GET", "/desk", 401],
      ["GET", "/health/", 401],
      ["GET", "/threads/search", 403],
      ["POST", "/threads/search", 401],
      ["POST", "/assistants/search", 401],
      ["POST", "/store/items/search", 403],
      ["GET", "/nowhere", 401],
    ] as const) {
      const answer = await call(hardened, method, path, method === "POST" ? { body: {} } : {});
      expect([method, path, answer.status]).toEqual([method, path, status]);
    }
  });

  it("says what to do when it refuses", async () => {
    const answer = await call(hardened, "GET", "/ok");
    expect(answer.json).toEqual({
      code: "no_credential",
      message: expect.stringContaining("no token"),
      next: expect.stringContaining("Authorization: Bearer"),
    });
  });

  it("lets only configured origins read answers", async () => {
    const allowed = async (origin: string) => {
      const response = await fetch(`${hardened.url}/info`, { headers: { origin } });
      return response.headers.get("access-control-allow-origin");
    };
    expect(await allowed(STUDIO_ORIGIN)).toBe(STUDIO_ORIGIN);
    expect(await allowed("https://evil.example")).toBeNull();
    expect(await allowed("null")).toBeNull();
  });
});
