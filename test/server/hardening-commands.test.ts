import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { v5 } from "@langchain/core/utils/uuid";
import { clientFor, listen, socket } from "./fixtures/call.ts";
import { SLOW_CONVERSATION } from "./fixtures/graph.ts";
import type { FixtureServer } from "./fixtures/start.ts";
import { startFixture } from "./fixtures/start.ts";
import {
  alice,
  bob,
  command,
  dispatcherFor,
  events,
  eventsOf,
  interrupted,
  interruptOf,
  lookMessage,
  nextOf,
  SECRET,
  settled,
  startParams,
} from "./fixtures/threads.ts";

let open: FixtureServer;
let hardened: FixtureServer;

beforeAll(async () => {
  [open, hardened] = await Promise.all([startFixture("open"), startFixture("hardened")]);
});

afterAll(async () => {
  await Promise.all([open.stop(), hardened.stop()]);
});

describe("the command routes of a thread", () => {
  it("let a stranger look and decide in the owner's name, as the server comes", async () => {
    const thread = await interrupted(open, "run.start");
    const look = await command(open, bob, thread, "state.get", {});
    expect(look.text).toContain(SECRET);
    expect((await events(open, bob, thread)).text).toContain(SECRET);
    expect((await socket(open, eventsOf(thread), { token: bob, messages: [lookMessage] })).text).toContain(
      SECRET,
    );
    const next = await interrupted(open, "run.start");
    const interruptId = await interruptOf(open, next);
    await command(open, bob, next, "input.respond", {
      interrupt_id: interruptId,
      response: { type: "approve" },
    });
    expect(await settled(open, next)).toMatchObject({ sentBy: "alice" });
  });

  it("are the owner's alone", async () => {
    const thread = await interrupted(hardened, "run.start");
    const interrupt_id = await interruptOf(hardened, thread);
    const respond = { interrupt_id, response: { type: "approve" } };
    for (const token of [bob, dispatcherFor("bob"), dispatcherFor("alice")]) {
      for (const [method, params] of [
        ["state.get", {}],
        ["subscription.subscribe", { channels: ["values"] }],
        ["input.respond", respond],
        ["run.start", { assistant_id: "support", input: { conversationId: "1" } }],
      ] as const) {
        const answer = await command(hardened, token, thread, method, params);
        expect([method, answer.status >= 400, answer.text.includes(SECRET)]).toEqual([method, true, false]);
      }
      const heard = await events(hardened, token, thread);
      expect([heard.status >= 400, heard.text.includes(SECRET)]).toEqual([true, false]);
      const opened = await socket(hardened, eventsOf(thread), { token, messages: [lookMessage] });
      expect(opened.status).toBeGreaterThanOrEqual(400);
    }
    expect((await socket(hardened, eventsOf(thread), {})).status).toBe(401);
    expect(await nextOf(hardened, thread)).toEqual(["review"]);

    expect((await events(hardened, alice, thread)).text).toContain(SECRET);
    expect(
      (await socket(hardened, eventsOf(thread), { token: alice, messages: [lookMessage] })).text,
    ).toContain(SECRET);
    expect((await command(hardened, alice, thread, "run.start", startParams)).status).toBe(422);
    const again = await interrupted(hardened, "run.start");
    const answer = { interrupt_id: await interruptOf(hardened, again), response: { type: "approve" } };
    expect((await command(hardened, alice, again, "input.respond", answer)).json).toMatchObject({
      type: "success",
    });
    expect(await settled(hardened, again)).toMatchObject({ sentBy: "alice" });
  });

  it("cannot be opened before the thread exists, to overhear who makes it", async () => {
    const unborn = v5("a conversation that is not open yet", v5.URL);
    for (const [server, status] of [
      [open, 200],
      [hardened, 404],
    ] as const) {
      expect((await events(server, bob, unborn)).status).toBe(status);
    }
  });

  it("make a thread of the caller's own for a new random id", async () => {
    const client = clientFor(hardened, alice);
    const stream = client.threads.stream({ assistantId: "support" });
    await stream.run.start({ input: { conversationId: "12" } });
    expect(await settled(hardened, stream.threadId)).toMatchObject({ conversationId: "12" });
    expect(await client.threads.get(stream.threadId)).toMatchObject({ metadata: { owner: "alice" } });
    await stream.close();
  });

  it("take no jump, edit, fork, option or second run", async () => {
    const thread = await interrupted(hardened, "run.start");
    const interrupt_id = await interruptOf(hardened, thread);
    const respond = { interrupt_id, response: { type: "approve" } };
    const checkpoint_id = "1f1e70dd-4f9f-6c60-8000-191fe892f1d5";
    for (const [method, params] of [
      ["input.respond", { ...respond, goto: "deliver" }],
      ["input.respond", { ...respond, goto: [{ node: "deliver", input: {} }] }],
      ["input.respond", { ...respond, update: { sentBy: "forged" } }],
      ["input.respond", { ...respond, update: [["sentBy", "forged"]] }],
      ["input.respond", { ...respond, config: { configurable: { checkpoint_id } } }],
      ["input.respond", { ...respond, config: { recursion_limit: 100000 } }],
      ["input.respond", { interrupt_id, response: { type: "typo" } }],
      ["input.respond", { responses: [{ interrupt_id, response: { type: "typo" } }] }],
      ["run.start", { ...startParams, config: { configurable: { checkpoint_id } } }],
      ["run.start", { ...startParams, config: { recursion_limit: 100000 } }],
      ["run.start", { ...startParams, input: { conversationId: "1", sentBy: "forged" } }],
      ["run.start", { ...startParams, assistant_id: "another" }],
      ["state.fork", { checkpoint_id }],
      ["input.inject", {}],
    ] as const) {
      const answer = await command(hardened, alice, thread, method, params);
      expect([method, params, answer.status >= 400]).toEqual([method, params, true]);
    }
    expect(await nextOf(hardened, thread)).toEqual(["review"]);

    const slow = await clientFor(hardened, alice).threads.create();
    const start = { assistant_id: "support", input: { conversationId: SLOW_CONVERSATION } };
    expect((await command(hardened, alice, slow.thread_id, "run.start", start)).status).toBe(200);
    const second = await command(hardened, alice, slow.thread_id, "run.start", {
      ...start,
      multitaskStrategy: "interrupt",
    });
    expect([second.status, second.json]).toEqual([422, expect.objectContaining({ code: "thread_busy" })]);
  });

  it("hold a forbidden run back on the websocket too, and go on serving", async () => {
    const thread = await interrupted(hardened, "runs");
    const forbidden = [
      { id: 1, method: "run.start", params: { ...startParams, config: { recursion_limit: 100000 } } },
      { id: 2, method: "run.start", params: { ...startParams, input: { sentBy: "forged" } } },
      { id: 3, method: "run.start", params: { assistant_id: "support", input: { conversationId: "1" } } },
    ];
    const { status, text } = await socket(hardened, eventsOf(thread), { token: alice, messages: forbidden });
    expect([status, text]).toEqual([101, ""]);
    const runs = await clientFor(hardened, alice).runs.list(thread);
    expect(runs).toHaveLength(1);
  });

  it("start on the websocket only a run that is permitted, on a free thread, with nothing forged", async () => {
    const client = clientFor(hardened, alice);
    const busy = await client.threads.create();
    await client.runs.create(busy.thread_id, "support", { input: { conversationId: SLOW_CONVERSATION } });
    await socket(hardened, eventsOf(busy.thread_id), {
      token: alice,
      messages: [{ id: 1, method: "run.start", params: startParams }],
    });
    expect(await client.runs.list(busy.thread_id)).toHaveLength(1);

    const free = await client.threads.create();
    const forged = { configurable: { user_id: "root", tenant: "forged" }, tags: ["forged"] };
    const start = { ...startParams, config: forged, metadata: { forged: true } };
    await socket(hardened, eventsOf(free.thread_id), {
      token: alice,
      messages: [{ id: 1, method: "run.start", params: start }],
    });
    const values = await settled(hardened, free.thread_id);
    expect(values).toMatchObject({ seen: { identity: "alice", configurable: { user_id: "alice" } } });
    const left = [values, await client.threads.get(free.thread_id), await client.runs.list(free.thread_id)];
    expect(JSON.stringify(left)).not.toMatch(/root|forged/);
  });
});

describe("the stream of a run", () => {
  it("is anybody's who knows the run's id, as the server comes", async () => {
    const { heard } = await overhear(open);
    expect(heard.map(({ text }) => text.includes(SECRET))).toEqual([true, true]);
  });

  it("is the thread's owner's alone", async () => {
    const { heard, thread, run } = await overhear(hardened);
    expect(heard.map(({ status, text }) => [status, text.includes(SECRET)])).toEqual([
      [403, false],
      [404, false],
    ]);
    const own = `/threads/${thread}/runs/${run}/stream`;
    const replay = { token: alice, headers: { "last-event-id": "-1" } };
    expect((await listen(hardened, "GET", own, replay)).text).toContain(SECRET);
  });

  /** Bob asks for the events of alice's run: by its id alone, and as if it were of a thread of his. */
  async function overhear(server: FixtureServer) {
    const client = clientFor(server, alice);
    const { thread_id: thread } = await client.threads.create();
    const { thread_id: bobs } = await clientFor(server, bob).threads.create();
    const { run_id: run } = await client.runs.create(thread, "support", {
      input: { conversationId: "4" },
      streamResumable: true,
    });
    await settled(server, thread);
    const asked = { token: bob, headers: { "last-event-id": "-1" } };
    const paths = [`/runs/${run}/stream`, `/threads/${bobs}/runs/${run}/stream`];
    const heard = await Promise.all(paths.map((path) => listen(server, "GET", path, asked)));
    return { heard, thread, run };
  }
});
