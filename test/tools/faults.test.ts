import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { Caller, WriteOutcome } from "../../src/tools/gateway.ts";
import { readConversation } from "../../src/tools/conversations.ts";
import { identifyTeammate } from "../../src/tools/intercom.ts";
import { textOf } from "../../src/tools/message-text.ts";
import { callerOf, openSandbox, type OpenSandbox } from "./sandbox.ts";

const tool = "intercom_reply_to_conversation";

describe("when things go wrong at Scalekit or Intercom", () => {
  let sandbox: OpenSandbox;
  let mina: Caller;
  let conversationId: string;
  beforeEach(async () => {
    sandbox = await openSandbox({ writeTimeoutMs: 1_500, readTimeoutMs: 1_500 });
    mina = await callerOf(sandbox.gateway, "mina.park");
    const { world } = sandbox;
    const { id } = await world.beginConversation({
      contactId: world.conversations()[0]!.contactIds[0]!,
      body: "Can you help me?",
    });
    conversationId = id;
  });
  afterEach(() => sandbox.close());

  function reply(body = "<p>Of course &amp; gladly.</p>"): Promise<WriteOutcome> {
    const args = {
      conversation_id: conversationId,
      admin_id: "5510001",
      type: "admin",
      message_type: "comment",
      body,
    };
    return sandbox.gateway.write(mina, tool, args, { runId: "delivery-7" });
  }
  const attempts = () => sandbox.world.calls({ tool }).length;
  const written = () => sandbox.world.writes({ tool, conversationId }).length;

  it("a reply is written once, as the teammate, and reads back as it was sent", async () => {
    const body = "<p>Of course &amp; gladly.</p><p>Two <br>lines</p>";
    expect(await reply(body)).toMatchObject({
      kind: "ok",
      value: { type: "conversation", id: conversationId },
    });
    expect({ attempts: attempts(), written: written() }).toEqual({ attempts: 1, written: 1 });
    expect(sandbox.world.writes()[0]).toMatchObject({
      connectedAccountId: mina.connectedAccountId,
      agentRunId: "delivery-7",
    });
    const conversation = await readConversation(sandbox.gateway, mina, conversationId, "delivery");
    if (conversation.kind !== "ok") throw new Error(conversation.code);
    const part = conversation.value.parts.at(-1);
    expect(part).toMatchObject({
      id: conversation.value.lastPartId,
      author: { type: "admin", id: "5510001" },
    });
    expect(part?.text.replace(/\s+/g, " ")).toBe(textOf(body).replace(/\s+/g, " "));
  });

  it.each([
    ["UNAVAILABLE before it is carried out", "before", { kind: "grpc", code: "unavailable" }, "unknown", 0],
    ["UNAVAILABLE after it was carried out", "after", { kind: "grpc", code: "unavailable" }, "unknown", 1],
    [
      "a server error of Intercom after it was carried out",
      "after",
      { kind: "tool_error", status: 500 },
      "unknown",
      1,
    ],
    ["an overload of Intercom before", "before", { kind: "tool_error", status: 503 }, "unknown", 0],
    ["HTTP 502 after it was carried out", "after", { kind: "http", status: 502 }, "unknown", 1],
    ["HTTP 429 before it is carried out", "before", { kind: "http", status: 429 }, "unknown", 0],
    ["a reset after it was carried out", "after", { kind: "reset" }, "unknown", 1],
    ["silence before it is carried out", "before", { kind: "hang" }, "unknown", 0],
    ["silence after it was carried out", "after", { kind: "hang" }, "unknown", 1],
    [
      "UNAUTHENTICATED after it was carried out",
      "after",
      { kind: "grpc", code: "unauthenticated" },
      "unknown",
      1,
    ],
    [
      "PERMISSION_DENIED after it was carried out",
      "after",
      { kind: "grpc", code: "permission_denied" },
      "unknown",
      1,
    ],
    [
      "RESOURCE_EXHAUSTED after it was carried out",
      "after",
      { kind: "grpc", code: "resource_exhausted" },
      "unknown",
      1,
    ],
    ["a refusal of Intercom", "before", { kind: "tool_error", status: 403 }, "rejected", 0],
    ["a missing conversation", "before", { kind: "tool_error", status: 404 }, "rejected", 0],
    ["the rate limit", "before", { kind: "tool_error", status: 429 }, "rejected", 0],
    ["wrong arguments", "before", { kind: "tool_error", status: 422 }, "rejected", 0],
  ] as const)("a write is tried once, and is told rightly: %s", async (_, when, effect, kind, commits) => {
    sandbox.faults.add({ tool, when, times: "always", effect });
    expect(await reply()).toMatchObject({ kind });
    expect({ attempts: attempts(), written: written() }).toEqual({ attempts: 1, written: commits });
  });

  // A limit, not a wish: a refusal spoken after the write was carried out is believed, and the write is then wrongly
  // taken for one that never happened. Nothing in the answer tells the two apart.
  it.each([
    ["401 of Intercom", { kind: "tool_error", status: 401 }],
    ["429 of Intercom", { kind: "tool_error", status: 429 }],
  ] as const)("believes a server that carries a write out and then says no: %s", async (_, effect) => {
    sandbox.faults.add({ tool, when: "after", times: "always", effect });
    expect(await reply()).toMatchObject({ kind: "rejected" });
    expect({ attempts: attempts(), written: written() }).toEqual({ attempts: 1, written: 1 });
  });

  it("a write whose answer did not come in time may land later, and is unknown", async () => {
    sandbox.faults.add({ tool, effect: { kind: "late_commit", milliseconds: 400 } });
    expect(await reply()).toMatchObject({ kind: "unknown" });
    expect(written()).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect({ attempts: attempts(), written: written() }).toEqual({ attempts: 1, written: 1 });
  });

  it("a grant that Scalekit knows to be gone needs a connection, for reads and for writes", async () => {
    await sandbox.world.changeAccount(mina.identifier, "disconnected");
    expect(await identifyTeammate(sandbox.gateway, mina)).toMatchObject({
      kind: "needs_connection",
      code: "connection_inactive",
    });
    expect(await reply()).toMatchObject({ kind: "rejected", code: "connection_inactive" });
    expect(await sandbox.gateway.findAccount(mina.identifier)).toMatchObject({
      value: { status: "disconnected" },
    });
    expect(written()).toBe(0);
  });

  it("a grant that only Intercom knows to be gone needs a connection too, although its status says active", async () => {
    await sandbox.world.changeAccount(mina.identifier, "token_revoked");
    expect(await sandbox.gateway.findAccount(mina.identifier)).toMatchObject({ value: { status: "active" } });
    expect(await identifyTeammate(sandbox.gateway, mina)).toMatchObject({
      kind: "needs_connection",
      code: "grant_revoked",
    });
    expect(await reply()).toMatchObject({ kind: "rejected", code: "grant_revoked" });
    expect(written()).toBe(0);
  });

  it("leaves the other teammates untouched when one loses their connection", async () => {
    await sandbox.world.changeAccount(mina.identifier, "disconnected");
    const tomas = await callerOf(sandbox.gateway, "tomas.oliveira");
    expect(await identifyTeammate(sandbox.gateway, tomas)).toMatchObject({ kind: "ok" });
  });

  it("still finds the right account when a teammate has another connection", async () => {
    await sandbox.world.addConnection("intercom-eu");
    expect(await identifyTeammate(sandbox.gateway, mina)).toMatchObject({ kind: "ok" });
  });

  it.each([
    [401, "needs_connection"],
    [403, "denied"],
    [404, "rejected"],
    [422, "rejected"],
    [429, "rate_limited"],
    [500, "unavailable"],
    [503, "unavailable"],
  ])(
    "a read that Intercom answers with %s is %s, and never shows the answer's JSON",
    async (status, kind) => {
      sandbox.faults.add({ tool: "*", times: "always", effect: { kind: "tool_error", status } });
      const outcome = await identifyTeammate(sandbox.gateway, mina);
      expect(outcome).toMatchObject({ kind });
      expect(JSON.stringify(outcome)).not.toMatch(/error\.list|request_id/);
    },
  );

  it("a read is repeated when Scalekit is briefly unavailable", async () => {
    sandbox.faults.add({ tool: "intercom_identify_admin", effect: { kind: "grpc", code: "unavailable" } });
    expect(await identifyTeammate(sandbox.gateway, mina)).toMatchObject({ kind: "ok" });
    expect(sandbox.world.calls({ tool: "intercom_identify_admin" })).toHaveLength(2);
  });

  it("tells no token and no secret, whatever fails", async () => {
    const told: unknown[] = [];
    const tokens = sandbox.world.providerTokens();
    for (const status of [401, 403, 500]) {
      const message = `Access token ${tokens[0]!} is not accepted`;
      sandbox.faults.add({ tool: "*", effect: { kind: "tool_error", status, message } });
      told.push(await identifyTeammate(sandbox.gateway, mina));
      sandbox.faults.add({ tool: "*", effect: { kind: "tool_error", status, message } });
      told.push(await reply());
    }
    sandbox.faults.add({ tool: "oauth/token", times: "always", effect: { kind: "http", status: 503 } });
    await sandbox.world.changeAccount(mina.identifier, "token_revoked");
    told.push(await identifyTeammate(sandbox.gateway, mina));
    const everything = JSON.stringify(told) + sandbox.logged.join("");
    for (const secret of [...tokens, sandbox.clientSecret]) expect(everything).not.toContain(secret);
  });
});
