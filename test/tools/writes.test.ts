import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { Code, ConnectError } from "@connectrpc/connect";
import type { WriteOutcome } from "../../src/tools/gateway.ts";
import { deadUrl, mina, openGateway, reply } from "./gateway.ts";
import {
  clientSecret,
  startScriptedScalekit,
  toolError,
  type Http,
  type ScriptedScalekit,
} from "./scripted-scalekit.ts";

const tool = "intercom_reply_to_conversation";

describe("a write", () => {
  let server: ScriptedScalekit;
  beforeEach(async () => {
    server = await startScriptedScalekit();
  });
  afterEach(() => server.close());

  function write(timeoutMs = 2_000): Promise<WriteOutcome> {
    const { gateway } = openGateway(server.url, { writeTimeoutMs: timeoutMs });
    return gateway.write(mina, tool, reply, { runId: "delivery-1" });
  }

  it("carries the approved arguments, the pinned account and the run's id, once", async () => {
    server.script.execute = () => ({ type: "conversation", id: "215470001" });
    const outcome = await write();
    expect(outcome).toEqual({
      kind: "ok",
      value: { type: "conversation", id: "215470001" },
      executionId: "exec_1",
    });
    expect(server.calls.execute).toHaveLength(1);
    expect(server.calls.execute[0]).toMatchObject({
      toolName: tool,
      params: reply,
      identifier: mina.identifier,
      connectedAccountId: mina.connectedAccountId,
      connector: "intercom",
      agentRunId: "delivery-1",
    });
  });

  it("fetches one token for many writes at once, before the first of them", async () => {
    server.script.execute = () => ({ type: "conversation" });
    const { gateway } = openGateway(server.url);
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, index) => gateway.write(mina, tool, reply, { runId: String(index) })),
    );
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array(8).fill("ok"));
    expect(server.calls.token).toBe(1);
    expect(server.calls.execute).toHaveLength(8);
  });

  /** What the server does after it has carried the write out, and what the caller may conclude. */
  const afterCommit: [string, (http: Http) => void, WriteOutcome["kind"]][] = [
    ["UNAVAILABLE", () => fail(new ConnectError("try again", Code.Unavailable)), "unknown"],
    [
      "UNAVAILABLE from Intercom",
      () => fail(toolError(Code.Unavailable, "service_unavailable", "503")),
      "unknown",
    ],
    ["a deadline from Intercom", () => fail(toolError(Code.DeadlineExceeded, "", "timeout")), "unknown"],
    ["INTERNAL from Intercom", () => fail(toolError(Code.Internal, "server_error", "500")), "unknown"],
    ["INTERNAL", () => fail(new ConnectError("boom", Code.Internal)), "unknown"],
    ["Scalekit's own limit", () => fail(new ConnectError("limit", Code.ResourceExhausted)), "unknown"],
    ["ABORTED", () => fail(new ConnectError("conflict", Code.Aborted)), "unknown"],
    ["CANCELED", () => fail(new ConnectError("gone", Code.Canceled)), "unknown"],
    ["DATA_LOSS", () => fail(new ConnectError("lost", Code.DataLoss)), "unknown"],
    [
      "HTTP 502 of a proxy",
      (http) => {
        http.answer(502, "<h1>Bad gateway</h1>");
      },
      "unknown",
    ],
    [
      "HTTP 401 of a proxy",
      (http) => {
        http.answer(401, "<h1>Sign in</h1>");
      },
      "unknown",
    ],
    [
      "HTTP 404 of a proxy",
      (http) => {
        http.answer(404, "<h1>Not here</h1>");
      },
      "unknown",
    ],
    [
      "HTTP 429 of a proxy",
      (http) => {
        http.answer(429, "<h1>Slow down</h1>");
      },
      "unknown",
    ],
    [
      "a page instead of an answer",
      (http) => {
        http.answer(200, "<h1>Hello</h1>");
      },
      "unknown",
    ],
    [
      "a cancelled stream",
      (http) => {
        http.reset(8);
      },
      "unknown",
    ],
    [
      "a broken stream",
      (http) => {
        http.reset(2);
      },
      "unknown",
    ],
    [
      "a lost connection",
      (http) => {
        http.destroySession();
      },
      "unknown",
    ],
  ];

  it.each(afterCommit)(
    "is sent once and ends as it must when the server answers %s",
    async (_, answer, kind) => {
      let committed = 0;
      server.script.execute = async (_call, http) => {
        committed += 1;
        answer(http);
        return new Promise(() => undefined);
      };
      const outcome = await write();
      expect(outcome.kind).toBe(kind);
      expect({ committed, calls: server.calls.execute.length }).toEqual({ committed: 1, calls: 1 });
    },
  );

  const saidNo: [string, () => ConnectError, string][] = [
    ["forbidden", () => toolError(Code.PermissionDenied, "forbidden", "No"), "intercom_forbidden"],
    ["not found", () => toolError(Code.NotFound, "conversation_not_found", "No"), "not_found"],
    ["invalid", () => toolError(Code.InvalidArgument, "parameter_invalid", "No"), "intercom_rejected"],
    [
      "rate limited",
      () => toolError(Code.ResourceExhausted, "rate_limit_exceeded", "No"),
      "intercom_rate_limited",
    ],
    [
      "revoked",
      () => toolError(Code.Unauthenticated, "unauthorized", "Access Token Invalid"),
      "grant_revoked",
    ],
    ["not authorized", () => toolError(Code.Unauthenticated, "token_unauthorized", "No"), "not_authorized"],
    [
      "an inactive account",
      () => new ConnectError("inactive", Code.FailedPrecondition),
      "connection_inactive",
    ],
    ["an unknown tool", () => new ConnectError("unknown tool", Code.NotFound), "scalekit_rejected"],
  ];

  it.each(saidNo)("is rejected, after one call, when the server says no: %s", async (_, error, code) => {
    server.script.execute = () => fail(error());
    expect(await write()).toMatchObject({ kind: "rejected", code });
    expect(server.calls.execute).toHaveLength(1);
  });

  it("keeps the execution id of a refused and of an unclear write", async () => {
    server.script.execute = () => fail(toolError(Code.PermissionDenied, "forbidden", "No"));
    expect(await write()).toMatchObject({ executionId: "exec_failed" });
    server.script.execute = () => fail(toolError(Code.Internal, "server_error", "No"));
    expect(await write()).toMatchObject({ executionId: "exec_failed" });
  });

  it("is unknown when no answer comes in time, even though it lands later", async () => {
    let landed = false;
    server.script.execute = () => {
      setTimeout(() => (landed = true), 600);
      return new Promise(() => undefined);
    };
    expect(await write(200)).toMatchObject({ kind: "unknown", code: "write_timeout" });
    expect(landed).toBe(false);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(landed).toBe(true);
    expect(server.calls.execute).toHaveLength(1);
  });

  it("was not executed when the server refuses to open the stream", async () => {
    server.script.execute = (_call, http) => {
      http.reset(7);
      return new Promise(() => undefined);
    };
    expect(await write()).toMatchObject({ kind: "not_executed" });
  });

  it("does not take a server's words for a stream that was refused", async () => {
    const words = "Stream closed with error code NGHTTP2_REFUSED_STREAM";
    server.script.execute = () => fail(new ConnectError(words, Code.Internal));
    expect(await write()).toMatchObject({ kind: "unknown" });
  });

  it("is unknown when the answer shows nothing, or an error inside a success", async () => {
    server.script.execute = () => ({});
    expect(await write()).toMatchObject({ kind: "unknown" });
    server.script.execute = () => ({ type: "error.list", errors: [{ code: "server_error" }] });
    expect(await write()).toMatchObject({ kind: "unknown" });
  });

  it("was not executed when nobody listens", async () => {
    const { gateway } = openGateway(await deadUrl());
    expect(await gateway.write(mina, tool, reply, { runId: "1" })).toMatchObject({
      kind: "not_executed",
      code: "scalekit_unavailable",
    });
  });

  it("was not executed when nobody listens any more, although a token is still at hand", async () => {
    server.script.execute = () => ({ type: "conversation" });
    const { gateway } = openGateway(server.url);
    expect(await gateway.write(mina, tool, reply, { runId: "1" })).toMatchObject({ kind: "ok" });
    await server.close();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await gateway.write(mina, tool, reply, { runId: "2" })).toMatchObject({ kind: "not_executed" });
    server = await startScriptedScalekit();
  });

  it.each([
    [401, "scalekit_credentials_refused"],
    [400, "scalekit_credentials_refused"],
    [503, "scalekit_unavailable"],
  ])("was not executed when the token endpoint answers %s", async (status, code) => {
    server.script.tokenStatus = status;
    expect(await write()).toMatchObject({ kind: "not_executed", code });
    expect(server.calls.execute).toHaveLength(0);
  });

  it("fetches another token after one was refused, and does not repeat the refused write", async () => {
    server.script.execute = () => ({ type: "conversation" });
    const { gateway } = openGateway(server.url);
    await gateway.write(mina, tool, reply, { runId: "1" });
    server.expireTokens();
    expect(await gateway.write(mina, tool, reply, { runId: "2" })).toMatchObject({ kind: "unknown" });
    expect(server.calls.execute).toHaveLength(1);
    expect(await gateway.write(mina, tool, reply, { runId: "3" })).toMatchObject({ kind: "ok" });
    expect(server.calls.token).toBe(2);
  });

  it("tells and logs no secret, no token and no text of the message", async () => {
    const { gateway, logged } = openGateway(server.url);
    let seen = "";
    server.script.execute = () => {
      seen = "Bearer dG9rOmNhbmFyeV8xMjM0NTY3ODkw was revoked";
      return fail(toolError(Code.Unauthenticated, "unauthorized", seen));
    };
    const outcome = await gateway.write(mina, tool, reply, { runId: "1" });
    const told = JSON.stringify(outcome) + logged.join("");
    expect(seen).not.toBe("");
    expect(told).toContain("grant_revoked");
    for (const secret of ["dG9rOmNhbmFyeV8xMjM0NTY3ODkw", clientSecret, "eyJ", "Hello Ana"]) {
      expect(told).not.toContain(secret);
    }
  });

  it.each([
    ["a tool that only reads", "intercom_retrieve_conversation", reply],
    ["a tool outside the policy", "intercom_delete_contact", { contact_id: "1" }],
    ["an older name of such a tool", "intercom_conversation_get", reply],
    ["another author type", tool, { ...reply, type: "user" }],
    ["a date of its own", tool, { ...reply, created_at: 1 }],
    ["a conversation nobody named", tool, { ...reply, conversation_id: "last" }],
    ["no text", tool, { ...reply, body: "  " }],
    ["an unknown message type", tool, { ...reply, message_type: "quick_reply" }],
    ["a numeric id", tool, { ...reply, admin_id: 5510001 }],
    ["a message hidden in closing", "intercom_manage_conversation", { ...reply, message_type: "close" }],
    ["NaN for a time", "intercom_manage_conversation", snooze(NaN)],
    ["a fraction for a time", "intercom_manage_conversation", snooze(1.5)],
  ])("never leaves with %s", async (_, name, args) => {
    const { gateway } = openGateway(server.url);
    expect(await gateway.write(mina, name, args, { runId: "1" })).toMatchObject({ kind: "not_executed" });
    expect(server.calls).toEqual({ execute: [], list: 0, token: 0, keys: 0 });
  });

  it("accepts the older name of the reply", async () => {
    server.script.execute = () => ({ type: "conversation" });
    const { gateway } = openGateway(server.url);
    await gateway.write(mina, "intercom_conversation_reply", reply, { runId: "1" });
    expect(server.calls.execute[0]?.toolName).toBe(tool);
  });
});

function fail(error: ConnectError): never {
  throw error;
}

function snooze(until: number) {
  const { conversation_id, admin_id, type } = reply;
  return { conversation_id, admin_id, type, message_type: "snoozed", snoozed_until: until };
}
