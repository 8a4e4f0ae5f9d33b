import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Client } from "@langchain/langgraph-sdk";
import { createDispatchToken } from "../../src/identity/tokens.ts";
import { call, clientFor, statusOf } from "./fixtures/call.ts";
import { SLOW_CONVERSATION } from "./fixtures/graph.ts";
import { DISPATCH_KEY, tokenOf } from "./fixtures/identity.ts";
import type { FixtureServer } from "./fixtures/start.ts";
import { startFixture } from "./fixtures/start.ts";

let server: FixtureServer;
let alice: Client;
let bob: Client;

beforeAll(async () => {
  server = await startFixture("hardened");
  alice = clientFor(server, tokenOf("alice"));
  bob = clientFor(server, tokenOf("bob"));
});

afterAll(async () => {
  await server.stop();
});

describe("two teammates", () => {
  it("cannot see or act on each other's threads by any method of the client", async () => {
    const { thread_id: thread } = await alice.threads.create();
    await alice.runs.wait(thread, "support", { input: { conversationId: "1" } });
    const [run] = await alice.runs.list(thread);
    const runId = run?.run_id ?? "";
    const checkpoint = (await alice.threads.getState(thread)).checkpoint;
    const before = await alice.threads.get(thread);

    const attempts: Record<string, Promise<unknown>> = {
      get: bob.threads.get(thread),
      getState: bob.threads.getState(thread),
      getStateAt: bob.threads.getState(thread, checkpoint.checkpoint_id ?? ""),
      getStateOf: bob.threads.getState(thread, checkpoint),
      getHistory: bob.threads.getHistory(thread),
      updateState: bob.threads.updateState(thread, { values: { sentBy: "bob" } }),
      update: bob.threads.update(thread, { metadata: { owner: "bob" } }),
      copy: bob.threads.copy(thread),
      delete: bob.threads.delete(thread),
      take: bob.threads.create({ threadId: thread, ifExists: "do_nothing" }),
      runsList: bob.runs.list(thread),
      runsGet: bob.runs.get(thread, runId),
      runsJoin: bob.runs.join(thread, runId),
      runsCancel: bob.runs.cancel(thread, runId),
      runsDelete: bob.runs.delete(thread, runId),
      runsCreate: bob.runs.create(thread, "support", { input: { conversationId: "1" } }),
      runsCreateNew: bob.runs.create(thread, "support", { input: null, ifNotExists: "create" }),
      runsWait: bob.runs.wait(thread, "support", { command: { resume: { type: "approve" } } }),
    };
    for (const [name, attempt] of Object.entries(attempts)) {
      expect([name, await statusOf(attempt)]).toEqual([name, expect.any(Number)]);
      expect([name, [403, 404, 409].includes(await statusOf(attempt))]).toEqual([name, true]);
    }
    for (const stream of [
      bob.runs.joinStream(thread, runId),
      bob.runs.stream(thread, "support", { input: { conversationId: "1" } }),
    ]) {
      expect([403, 404]).toContain(await statusOf(stream[Symbol.asyncIterator]().next()));
    }
    expect(await bob.threads.search()).toEqual([]);
    expect(await bob.threads.search({ ids: [thread] })).toEqual([]);
    expect(await bob.threads.search({ metadata: { owner: "alice" } })).toEqual([]);
    expect(await bob.threads.search({ status: "interrupted" })).toEqual([]);
    expect(await bob.threads.count()).toBe(0);
    expect(await bob.threads.count({ metadata: { owner: "alice" } })).toBe(0);

    expect(await alice.threads.get(thread)).toEqual(before);
    expect(await alice.runs.list(thread)).toHaveLength(1);
  });

  it("own what they make, whatever they say", async () => {
    const thread = await bob.threads.create({ graphId: "support", metadata: { owner: "alice", extra: 1 } });
    expect(thread.metadata).toEqual({ graph_id: "support", owner: "bob" });
    expect(await statusOf(alice.threads.get(thread.thread_id))).toBe(404);
    const threadId = crypto.randomUUID();
    await bob.runs.wait(threadId, "support", {
      input: { conversationId: "2" },
      ifNotExists: "create",
      metadata: { owner: "alice" },
    });
    expect(await bob.threads.get(threadId)).toMatchObject({ metadata: { owner: "bob" } });
  });
});

describe("the ordinary way", () => {
  for (const [name, connect] of [
    ["a bearer token", () => clientFor(server, tokenOf("alice"))],
    ["an API key", () => new Client({ apiUrl: server.url, apiKey: tokenOf("alice") })],
  ] as const) {
    it(`works with nothing but the address and ${name}`, async () => {
      const client = connect();
      const [assistant] = await client.assistants.search({ graphId: "support" });
      expect(assistant).toMatchObject({ graph_id: "support", metadata: { created_by: "system" } });
      const id = assistant?.assistant_id ?? "";
      expect(await client.assistants.get(id)).toMatchObject({ name: "support" });
      expect((await client.assistants.getGraph(id)).nodes.map((node) => node.id)).toContain("review");
      expect(JSON.stringify(await client.assistants.getSchemas(id))).toContain("conversationId");
      expect(await client.assistants.count()).toBeGreaterThan(0);

      const { thread_id: thread } = await client.threads.create();
      const seen: string[] = [];
      for await (const { event } of client.runs.stream(thread, "support", {
        input: { conversationId: "215" },
        streamMode: ["updates"],
      })) {
        seen.push(event);
      }
      expect(seen).toContain("updates");

      const waiting = await client.threads.search({ status: "interrupted", ids: [thread] });
      const [interrupt] = Object.values(waiting[0]?.interrupts ?? {}).flat();
      expect(interrupt).toMatchObject({ value: { question: "send it?" } });
      const answered = await client.runs.wait(thread, "support", {
        command: { resume: { [interrupt?.id ?? ""]: { type: "approve" } } },
      });
      expect(answered).toMatchObject({ conversationId: "215", decision: "approve", sentBy: "alice" });
      expect((await client.threads.getHistory(thread)).length).toBeGreaterThan(3);
      expect(await client.threads.count({ metadata: { graph_id: "support" } })).toBeGreaterThan(0);
    });
  }

  it("takes a plain answer as Agent Inbox sends one, and refuses one that cannot be taken", async () => {
    const { thread_id: thread } = await alice.threads.create();
    await alice.runs.wait(thread, "support", { input: { conversationId: "3" } });
    const answer = (resume: unknown) =>
      call(server, "POST", `/threads/${thread}/runs`, {
        headers: { "x-api-key": tokenOf("alice") },
        body: { assistant_id: "support", command: { resume } },
      });
    const refused = await answer([{ type: "ignore" }]);
    expect([refused.status, refused.json]).toEqual([
      422,
      { code: "answer_invalid", message: "That is no answer.", next: "Approve or reject." },
    ]);
    expect((await alice.threads.get(thread)).status).toBe("interrupted");
    expect((await answer({ type: "reject" })).status).toBe(200);
  });

  it("lets a run be cancelled by its owner", async () => {
    const { thread_id: thread } = await alice.threads.create();
    const run = await alice.runs.create(thread, "support", { input: { conversationId: SLOW_CONVERSATION } });
    const path = `/threads/${thread}/runs/${run.run_id}/cancel`;
    expect((await call(server, "POST", path, { token: tokenOf("bob") })).status).toBe(404);
    expect((await call(server, "POST", path, { token: tokenOf("alice") })).status).toBe(202);
  });
});

describe("assistants", () => {
  it("vary the desk within its overrides, and only their owner changes them", async () => {
    const made = await alice.assistants.create({
      graphId: "support",
      name: "formal",
      context: { tone: "formal" },
      metadata: { owner: "bob" },
    });
    expect(made.metadata).toEqual({ owner: "alice" });
    expect(await bob.assistants.get(made.assistant_id)).toMatchObject({ context: { tone: "formal" } });
    const changed = { graphId: "support", context: { tone: "rude" } };
    expect(await statusOf(bob.assistants.update(made.assistant_id, changed))).toBe(404);
    expect(
      await alice.assistants.update(made.assistant_id, { graphId: "support", context: { tone: "warm" } }),
    ).toMatchObject({
      context: { tone: "warm" },
      metadata: { owner: "alice" },
    });
    const { thread_id: thread } = await bob.threads.create();
    await bob.runs.wait(thread, made.assistant_id, { input: { conversationId: "5" } });
    expect((await bob.threads.getState<{ seen: unknown }>(thread)).values.seen).toMatchObject({
      identity: "bob",
      context: { tone: "warm" },
    });
  });

  it("refuse what is no override, another graph, a config, a change of the desk's own, and deletion", async () => {
    const [own] = await alice.assistants.search({ metadata: { created_by: "system" } });
    const id = own?.assistant_id ?? "";
    const { assistant_id: hers } = await alice.assistants.create({ graphId: "support" });
    const graphId = "support";
    const refused: Record<string, Promise<unknown>> = {
      unknownField: alice.assistants.create({ graphId, context: { unassigned: "bob" } }),
      wrongType: alice.assistants.create({ graphId, context: { confidence: 7 } }),
      config: alice.assistants.create({ graphId, config: { configurable: { user_id: "root" } } }),
      recursion: alice.assistants.create({ graphId, config: { recursion_limit: 100000 } }),
      graph: alice.assistants.create({ graphId: "another" }),
      updateContext: alice.assistants.update(hers, { graphId, context: { unassigned: "bob" } }),
      updateConfig: alice.assistants.update(hers, { graphId, config: { configurable: { user_id: "root" } } }),
      delete: alice.assistants.delete(hers),
      deleteWithThreads: alice.assistants.delete(id, { deleteThreads: true }),
    };
    for (const [name, attempt] of Object.entries(refused)) {
      expect([name, await statusOf(attempt)]).toEqual([name, 403]);
    }
    expect(await statusOf(alice.assistants.update(id, { graphId, context: { tone: "rude" } }))).toBe(404);
    expect(await statusOf(alice.assistants.setLatest(id, 1))).toBe(404);
    const run = alice.runs.create((await alice.threads.create()).thread_id, "another", { input: null });
    expect(await statusOf(run)).toBe(404);
  });
});

describe("the desk itself", () => {
  const dispatcher = (name: string) => clientFor(server, createDispatchToken(name, DISPATCH_KEY, new Date()));

  it("starts runs in a teammate's name, who then owns the thread and answers", async () => {
    const desk = dispatcher("alice");
    const thread = await desk.threads.create({ metadata: { conversationId: "9" }, ifExists: "do_nothing" });
    expect(thread.metadata).toEqual({ conversationId: "9", owner: "alice" });
    await desk.runs.wait(thread.thread_id, "support", { input: { conversationId: "9" } });
    const state = await desk.threads.getState<{ seen: unknown }>(thread.thread_id);
    expect(state.values.seen).toMatchObject({ identity: "alice", kind: "dispatcher" });
    const answered = await alice.runs.wait(thread.thread_id, "support", {
      command: { resume: { type: "approve" } },
    });
    expect(answered).toMatchObject({ sentBy: "alice" });
  });

  it("acts on nobody else's thread, but may replace one whose conversation has moved", async () => {
    const { thread_id: threadId } = await bob.threads.create();
    const desk = dispatcher("alice");
    expect(await statusOf(desk.runs.create(threadId, "support", { input: { conversationId: "1" } }))).toBe(
      404,
    );
    expect(await statusOf(desk.threads.create({ threadId, ifExists: "do_nothing" }))).toBe(409);
    expect(await desk.threads.get(threadId)).toMatchObject({ metadata: { owner: "bob" } });
    await desk.threads.delete(threadId);
    expect((await desk.threads.create({ threadId })).metadata).toEqual({ owner: "alice" });
    expect(await statusOf(bob.threads.get(threadId))).toBe(404);
  });

  it("frees a thread of a run that was left behind", async () => {
    const desk = dispatcher("alice");
    const { thread_id: thread } = await alice.threads.create();
    await alice.runs.create(thread, "support", { input: { conversationId: SLOW_CONVERSATION } });
    const busy = await desk.threads.search({ status: "busy" });
    expect(busy.map(({ thread_id }) => thread_id)).toContain(thread);
    for (const run of await desk.runs.list(thread)) await desk.runs.delete(thread, run.run_id);
    expect(await statusOf(alice.runs.wait(thread, "support", { input: { conversationId: "1" } }))).toBe(0);
  });

  it("changes no assistant and opens no command route", async () => {
    const desk = dispatcher("alice");
    expect(await statusOf(desk.assistants.create({ graphId: "support" }))).toBe(403);
    const { thread_id: thread } = await desk.threads.create();
    expect(await statusOf(desk.threads.update(thread, { metadata: { owner: "bob" } }))).toBe(403);
    expect(await statusOf(desk.threads.updateState(thread, { values: {} }))).toBe(403);
  });

  it("is refused once its token is old or was made elsewhere", async () => {
    const old = createDispatchToken("alice", DISPATCH_KEY, new Date(Date.now() - 61_000));
    const foreign = createDispatchToken("alice", Buffer.alloc(32, 8), new Date());
    for (const token of [old, foreign])
      expect(await statusOf(clientFor(server, token).threads.search())).toBe(401);
  });
});
