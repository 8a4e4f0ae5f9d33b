import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Principal } from "../../src/domain/teammate.ts";
import { judgeAssistant } from "../../src/identity/assistant-rules.ts";
import { judgeCommandBody, judgeRunBody, judgeThreadBody } from "../../src/identity/body-rules.ts";
import { isRefused } from "../../src/identity/refused.ts";
import { judgeRun, PROTOCOL_RUN, stampRun } from "../../src/identity/run-rules.ts";
import {
  isDerivedThreadId,
  judgeDeletion,
  judgeThreadCreation,
  judgeThreadRead,
  judgeThreadUpdate,
} from "../../src/identity/thread-rules.ts";

const ana: Principal = { identity: "ana", kind: "teammate", via: "api-token" };
const desk: Principal = { identity: "ana", kind: "dispatcher", via: "dispatch" };
const limits = { recursionLimit: 25 };
const graphs = ["support"];

describe("a run", () => {
  it("takes one conversation id, or nothing", () => {
    const input = { conversationId: "215000000000001" };
    expect(judgeRun(ana, limits, { input })).toEqual({
      kind: "run",
      input,
      resume: null,
      context: {},
      recursionLimit: 25,
    });
    for (const nothing of [{}, { input: null }, { input: undefined }]) {
      expect(judgeRun(desk, limits, nothing)).toMatchObject({ kind: "run", input: null });
    }
  });

  it("is not stopped by options that clients send empty", () => {
    const empty = {
      input: { conversationId: "1" },
      command: null,
      interrupt_before: [],
      interrupt_after: null,
      checkpoint: {},
      checkpoint_id: "",
      after_seconds: 0,
      feedback_keys: [],
      on_completion: "keep",
      config: { configurable: { checkpoint_ns: "", thread_ts: null } },
      context: null,
    };
    expect(judgeRun(ana, limits, empty)).toMatchObject({ kind: "run" });
  });

  it("keeps a lower recursion limit, and refuses a higher one", () => {
    expect(judgeRun(ana, limits, { config: { recursion_limit: 5 } })).toMatchObject({ recursionLimit: 5 });
    for (const recursion_limit of [26, 0, -1, 1.5, "5"]) {
      expect(judgeRun(ana, limits, { config: { recursion_limit } })).toMatchObject({ status: 422 });
    }
  });

  it("is answered by a teammate with anything, which is for the review to judge", () => {
    for (const value of [{ type: "approve" }, [{ type: "accept", args: null }], null, "yes", false]) {
      expect(judgeRun(ana, limits, { command: { resume: value } })).toMatchObject({ resume: { value } });
      expect(judgeRun(desk, limits, { command: { resume: value } })).toMatchObject({
        status: 403,
        code: "dispatcher_may_not_decide",
      });
    }
  });

  it("lets through no command but resume, whatever else is in it", () => {
    fc.assert(
      fc.property(
        fc.record(
          { goto: fc.jsonValue(), update: fc.jsonValue(), other: fc.jsonValue() },
          { requiredKeys: [] },
        ),
        fc.boolean(),
        (command, resumes) => {
          const judged = judgeRun(ana, limits, { command: { ...command, ...(resumes && { resume: 1 }) } });
          if (!isRefused(judged)) expect([judged.resume, judged.input]).toEqual([{ value: 1 }, null]);
        },
      ),
    );
  });

  it("judges any JSON without failing, and stores only what it knows", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (ask) => {
        const judged = judgeRun(ana, limits, ask);
        expect(["run", "refused"]).toContain(judged.kind);
      }),
    );
  });

  it("is stored with the authenticated user and none of the client's settings", () => {
    const kwargs: Record<string, unknown> = {
      input: { conversationId: "1" },
      config: { configurable: { user_id: "root", "x-evil": "1" }, tags: ["forged"] },
      context: { tone: "warm", tenant: "another" },
      stream_mode: ["values"],
      subgraphs: true,
      resumable: false,
      temporary: true,
      webhook: "",
      unknown: 1,
      [PROTOCOL_RUN]: true,
    };
    const judged = judgeRun(ana, limits, kwargs);
    if (isRefused(judged)) throw new Error(judged.message);
    stampRun(kwargs, judged, ana);
    expect(kwargs).toEqual({
      input: { conversationId: "1" },
      context: { tone: "warm" },
      config: {
        recursion_limit: 25,
        configurable: {
          langgraph_auth_user: ana,
          langgraph_auth_user_id: "ana",
          langgraph_auth_permissions: [],
        },
      },
      temporary: false,
      stream_mode: ["values"],
      subgraphs: true,
      resumable: false,
      [PROTOCOL_RUN]: true,
    });
  });
});

describe("a request's body", () => {
  it("that starts a run is rejected when busy and goes on when its caller leaves", () => {
    const sent = {
      assistant_id: "support",
      input: { conversationId: "1" },
      multitask_strategy: "interrupt",
      on_disconnect: "cancel",
      stream_mode: null,
      metadata: { forged: true },
      langsmith_tracer: { project_name: "another" },
    };
    const judged = judgeRunBody(ana, limits, sent);
    expect(judged).toMatchObject({ kind: "body", assistant: "support", starts: true });
    expect("body" in judged && judged.body).toEqual({
      assistant_id: "support",
      input: { conversationId: "1" },
      context: {},
      config: { recursion_limit: 25 },
      multitask_strategy: "reject",
      on_disconnect: "continue",
    });
    expect(judgeRunBody(desk, limits, sent)).toMatchObject({ body: { metadata: { forged: true } } });
    expect(judgeRunBody(ana, limits, { input: null })).toMatchObject({ code: "request_malformed" });
  });

  it("that is a command is reduced to what the command takes", () => {
    const start = { assistant_id: "support", input: { conversationId: "1" }, multitaskStrategy: "rollback" };
    expect(judgeCommandBody(ana, limits, { id: 1, method: "run.start", params: start })).toMatchObject({
      body: {
        id: 1,
        method: "run.start",
        params: { assistant_id: "support", input: { conversationId: "1" }, config: { recursion_limit: 25 } },
      },
    });
    const respond = { interrupt_id: "i", response: 1, strict_resume: true, metadata: {} };
    expect(judgeCommandBody(ana, limits, { id: 2, method: "input.respond", params: respond })).toMatchObject({
      body: { params: { interrupt_id: "i", response: 1 } },
      starts: true,
    });
    expect(judgeCommandBody(ana, limits, { id: 3, method: "state.get" })).toMatchObject({ starts: false });
    expect(judgeCommandBody(ana, limits, { id: 4, method: "state.fork" })).toMatchObject({ status: 403 });
    expect(judgeCommandBody(ana, limits, { method: "state.get" })).toMatchObject({ status: 422 });
  });

  it("that makes a thread brings no steps", () => {
    expect(judgeThreadBody({ metadata: {}, supersteps: [] })).toMatchObject({ kind: "body" });
    expect(judgeThreadBody({ supersteps: [{ updates: [] }] })).toMatchObject({ status: 403 });
    expect(judgeThreadBody({ supersteps: { length: 0, 0: {} } })).toMatchObject({ status: 422 });
    expect(judgeThreadBody("thread")).toMatchObject({ status: 422 });
  });
});

describe("a thread", () => {
  const derived = "7c0e9bb2-3c0e-5f6a-9d55-0d3b7f3c5a11";

  it("belongs to who makes it", () => {
    const metadata = { owner: "root", graph_id: "support", conversationId: "1" };
    expect(judgeThreadCreation(ana, graphs, { if_exists: "raise", metadata })).toEqual({
      kind: "creation",
      metadata: { owner: "ana", graph_id: "support" },
    });
    expect(judgeThreadCreation(desk, graphs, { if_exists: "raise", metadata })).toEqual({
      kind: "creation",
      metadata: { owner: "ana", graph_id: "support", conversationId: "1" },
    });
    const another = { if_exists: "raise", metadata: { graph_id: "another" } };
    expect(judgeThreadCreation(ana, graphs, another)).toMatchObject({ metadata: { owner: "ana" } });
  });

  it("of a conversation is the desk's to make", () => {
    const creation = { if_exists: "do_nothing", thread_id: derived };
    expect(judgeThreadCreation(ana, graphs, creation)).toMatchObject({ code: "thread_id_reserved" });
    expect(judgeThreadCreation(desk, graphs, creation)).toMatchObject({ kind: "creation" });
    expect(isDerivedThreadId(derived.toUpperCase())).toBe(true);
    expect(isDerivedThreadId("7c0e9bb2-3c0e-4f6a-9d55-0d3b7f3c5a11")).toBe(false);
  });

  it("is not copied", () => {
    const copy = { thread_id: "a", metadata: { thread_id: "a", owner: "ana" } };
    expect(judgeThreadCreation(ana, graphs, copy)).toMatchObject({ code: "thread_copy_refused" });
    expect(judgeThreadCreation(desk, graphs, copy)).toMatchObject({ code: "thread_copy_refused" });
  });

  it("is read by its owner, and by the desk", () => {
    expect(judgeThreadRead(ana)).toEqual({ kind: "thread", owner: "ana" });
    expect(judgeThreadRead(desk)).toEqual({ kind: "thread", owner: null });
  });

  it("changes by the interruption of its own runs alone", () => {
    for (const principal of [ana, desk]) {
      expect(judgeThreadUpdate(principal, { action: "interrupt" })).toEqual({ kind: "thread", owner: "ana" });
      for (const update of [{}, { action: "rollback" }, { metadata: { owner: "root" } }, null]) {
        expect(judgeThreadUpdate(principal, update)).toMatchObject({ status: 403 });
      }
    }
  });

  it("is deleted by the desk alone", () => {
    expect(judgeDeletion(ana)).toMatchObject({ status: 403 });
    expect(judgeDeletion(desk)).toEqual({ kind: "thread", owner: null });
  });
});

describe("an assistant", () => {
  it("is a teammate's variation of the desk, within its overrides", () => {
    for (const ask of [
      { graph_id: "support", context: { tone: "warm", confidence: 0.5 } },
      { graph_id: "support", context: null, config: { configurable: {} } },
      { config: {} },
      {},
    ]) {
      expect(judgeAssistant(ana, graphs, ask)).toEqual({ kind: "assistant", owner: "ana" });
      expect(judgeAssistant(desk, graphs, ask)).toMatchObject({ status: 403 });
    }
  });

  it("is nothing else", () => {
    for (const ask of [
      { graph_id: "another" },
      { context: { unassigned: "root" } },
      { context: { confidence: 2 } },
      { context: "warm" },
      { config: { recursion_limit: 5 } },
      { config: { configurable: { user_id: "root" } } },
      { config: { tags: ["a"] } },
      null,
    ]) {
      expect([ask, judgeAssistant(ana, graphs, ask)]).toEqual([
        ask,
        expect.objectContaining({ status: 403 }),
      ]);
    }
  });
});
