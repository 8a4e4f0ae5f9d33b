import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { v5 } from "@langchain/core/utils/uuid";
import { call, clientFor, listen, statusOf } from "./fixtures/call.ts";
import { SLOW_CONVERSATION } from "./fixtures/graph.ts";
import type { FixtureServer } from "./fixtures/start.ts";
import { startFixture } from "./fixtures/start.ts";
import {
  alice,
  bob,
  dispatcherFor,
  interrupted,
  interruptOf,
  settled,
  visitsDuring,
} from "./fixtures/threads.ts";

let open: FixtureServer;
let hardened: FixtureServer;

beforeAll(async () => {
  [open, hardened] = await Promise.all([startFixture("open"), startFixture("hardened")]);
});

afterAll(async () => {
  await Promise.all([open.stop(), hardened.stop()]);
});

describe("what a thread's owner may ask of a run", () => {
  it("is everything, as the server comes: jumping, editing state, calling any address", async () => {
    const client = clientFor(open, alice);
    const thread = await interrupted(open, "runs");
    await client.runs.wait(thread, "support", { command: { goto: "deliver" } });
    expect(await settled(open, thread)).toMatchObject({ sentBy: "alice" });

    const edited = await interrupted(open, "runs");
    await client.threads.updateState(edited, { values: { sentBy: "forged" }, asNode: "deliver" });
    expect(await settled(open, edited)).toMatchObject({ sentBy: "forged" });

    const visits = await visitsDuring(async (webhook) => {
      const { thread_id } = await client.threads.create();
      await client.runs.wait(thread_id, "support", { input: { conversationId: "1" }, webhook });
    });
    expect(visits).toBe(1);
  });

  it("is to start and to answer, and nothing else", async () => {
    const client = clientFor(hardened, alice);
    const thread = await interrupted(hardened, "runs");
    const [latest] = await client.threads.getHistory(thread);
    const checkpointId = latest?.checkpoint.checkpoint_id ?? "";
    const start = { input: { conversationId: "1" } };
    const visits = await visitsDuring(async (webhook) => {
      for (const payload of [
        { command: { goto: "deliver" } },
        { command: { goto: { node: "deliver", input: {} } } },
        { command: { update: { sentBy: "forged" } } },
        { command: { resume: { type: "approve" }, goto: "deliver" } },
        { command: { resume: { type: "approve" }, update: { sentBy: "forged" } } },
        { command: { resume: { type: "typo" } } },
        { command: {} },
        { ...start, command: { resume: { type: "approve" } } },
        { ...start, webhook },
        { ...start, webhook: "/internal/truncate" },
        { ...start, interrupt_before: ["deliver"] },
        { ...start, interrupt_after: "*" },
        { ...start, checkpoint_id: checkpointId },
        { ...start, checkpoint: { checkpoint_id: checkpointId } },
        { ...start, config: { configurable: { checkpoint_id: checkpointId } } },
        { ...start, config: { recursion_limit: 100000 } },
        { ...start, feedback_keys: ["score"] },
        { ...start, after_seconds: 60 },
        { ...start, on_completion: "delete" },
        { ...start, context: { tone: 7 } },
        { input: { conversationId: "1", decision: "approve" } },
        { input: { conversationId: "last" } },
        { input: { conversationId: 1 } },
        { input: "1" },
        { input: [] },
        { input: {} },
      ]) {
        for (const path of ["", "/stream", "/wait"]) {
          const answer = await call(hardened, "POST", `/threads/${thread}/runs${path}`, {
            token: alice,
            body: { assistant_id: "support", ...payload },
          });
          expect([payload, answer.status]).toEqual([payload, 422]);
        }
      }
    });
    expect(visits).toBe(0);
    expect((await client.threads.get(thread)).status).toBe("interrupted");
    expect(await client.runs.list(thread)).toHaveLength(1);
  });

  it("holds whatever the request calls its body", async () => {
    const thread = await interrupted(hardened, "runs");
    for (const type of ["text/plain", "application/problem+json", "application/JSON; charset=utf-8"]) {
      const answer = await call(hardened, "POST", `/threads/${thread}/runs`, {
        token: alice,
        headers: { "content-type": type },
        body: { assistant_id: "support", command: { goto: "deliver" } },
      });
      expect([type, answer.status]).toEqual([type, 422]);
    }
  });

  it("excludes state, copies, deletion, metadata, and steps that never ran", async () => {
    const client = clientFor(hardened, alice);
    const thread = await interrupted(hardened, "runs");
    const [run] = await client.runs.list(thread);
    const steps = [{ updates: [{ values: { sentBy: "forged" }, asNode: "deliver" }] }];
    const refused = await Promise.all(
      [
        client.threads.updateState(thread, { values: { sentBy: "forged" }, asNode: "deliver" }),
        client.threads.update(thread, { metadata: { owner: "bob" } }),
        client.threads.copy(thread),
        client.threads.delete(thread),
        client.threads.create({ graphId: "support", supersteps: steps }),
        client.runs.delete(thread, run?.run_id ?? ""),
        client.runs.cancel(thread, run?.run_id ?? "", false, "rollback"),
        client.runs.wait(null, "support", { input: { conversationId: "1" } }),
        client.runs.create(null, "support", { input: { conversationId: "1" } }),
        client.runs.createBatch([{ assistantId: "support", input: { conversationId: "1" } }]),
        client.crons.create("support", { schedule: "* * * * *" }),
        client.crons.createForThread(thread, "support", { schedule: "* * * * *" }),
        client.store.putItem(["desk"], "tone", { value: "rude" }),
        client.store.getItem(["desk"], "tone"),
        client.store.searchItems(["desk"]),
        client.store.listNamespaces(),
        client.store.deleteItem(["desk"], "tone"),
      ].map(statusOf),
    );
    expect(refused).toEqual(refused.map(() => 403));
    expect((await client.threads.get(thread)).metadata).toMatchObject({ owner: "alice" });
  });

  it("does not include making the thread of a conversation before the desk does", async () => {
    const client = clientFor(hardened, bob);
    const threadId = v5("workspace/4711", v5.URL);
    expect(await statusOf(client.threads.create({ threadId }))).toBe(403);
    const run = { input: { conversationId: "4711" }, ifNotExists: "create" } as const;
    expect(await statusOf(client.runs.create(threadId, "support", run))).toBe(404);
    const desk = clientFor(hardened, dispatcherFor("alice"));
    const made = await desk.threads.create({
      threadId,
      ifExists: "do_nothing",
      metadata: { conversationId: "4711" },
    });
    expect(made.metadata).toEqual({ owner: "alice", conversationId: "4711" });
  });

  it("is one run at a time, which goes on when its caller leaves", async () => {
    const client = clientFor(hardened, alice);
    const { thread_id: thread } = await client.threads.create();
    const path = `/threads/${thread}/runs/stream`;
    const body = {
      assistant_id: "support",
      input: { conversationId: SLOW_CONVERSATION },
      on_disconnect: "cancel",
    };
    await listen(hardened, "POST", path, { token: alice, body }, 300);
    const run = { input: { conversationId: "1" } };
    for (const multitaskStrategy of ["interrupt", "rollback", "enqueue", "reject"] as const) {
      expect(await statusOf(client.runs.create(thread, "support", { ...run, multitaskStrategy }))).toBe(422);
    }
    const second = await call(hardened, "POST", `/threads/${thread}/runs`, {
      token: alice,
      body: { assistant_id: "support", input: { conversationId: "1" } },
    });
    expect(second.json).toMatchObject({ code: "thread_busy" });
    expect(await settled(hardened, thread)).toMatchObject({ conversationId: SLOW_CONVERSATION });
    expect((await client.threads.get(thread)).status).toBe("interrupted");
  });
});

describe("a review", () => {
  it("is not answered by a stranger or by the desk itself, and stays open", async () => {
    const thread = await interrupted(hardened, "runs");
    const interruptId = await interruptOf(hardened, thread);
    const answer = { command: { resume: { [interruptId]: { type: "approve" } } } };
    const status = (token: string) =>
      statusOf(clientFor(hardened, token).runs.wait(thread, "support", answer));
    expect(await status(bob)).toBe(404);
    expect(await status(dispatcherFor("bob"))).toBe(403);
    expect(await status(dispatcherFor("alice"))).toBe(403);
    expect((await clientFor(hardened, alice).threads.get(thread)).status).toBe("interrupted");
    expect(await status(alice)).toBe(0);
    expect(await settled(hardened, thread)).toMatchObject({ decision: "approve", sentBy: "alice" });
  });
});
