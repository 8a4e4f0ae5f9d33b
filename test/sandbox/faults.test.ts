import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { FaultRequest } from "../../src/sandbox/faults.ts";
import { ADA, BEN, control, newClient, openTestSandbox, pick, refusalOf, type TestSandbox } from "./start.ts";

const REPLY = "intercom_reply_to_conversation";

let test: TestSandbox;
beforeEach(async () => {
  test = await openTestSandbox();
  await test.run("identify_admin");
});
afterEach(() => test.sandbox.close());

function reply(identifier = ADA) {
  const params = {
    conversation_id: "1002",
    admin_id: "11",
    message_type: "comment",
    type: "admin",
    body: "Hello.",
  };
  return test.run("reply_to_conversation", params, identifier);
}

function counts() {
  const { world } = test.sandbox;
  return {
    attempts: world.calls({ tool: REPLY }).length,
    writes: world.writes({ conversationId: "1002" }).length,
  };
}

async function failReply(fault: Omit<FaultRequest, "tool">) {
  test.sandbox.faults.add({ tool: REPLY, ...fault });
  return refusalOf(await reply().catch((error: unknown) => error));
}

describe("the stock client under faults after the commit", () => {
  it("writes twice and reports success when UNAVAILABLE comes once", async () => {
    test.sandbox.faults.add({ tool: REPLY, when: "after", effect: { kind: "grpc", code: "unavailable" } });
    const conversation = await reply();
    expect(pick(conversation, "conversation_parts.conversation_parts")).toHaveLength(2);
    expect(counts()).toEqual({ attempts: 2, writes: 2 });
  });

  it("writes four times when UNAUTHENTICATED always comes", async () => {
    const refusal = await failReply({
      when: "after",
      times: "always",
      effect: { kind: "grpc", code: "unauthenticated" },
    });
    expect(refusal.kind).toBe("ScalekitUnauthorizedException");
    expect(counts()).toEqual({ attempts: 4, writes: 4 });
  });

  it("writes twice when a proxy answers 502 once", async () => {
    test.sandbox.faults.add({ tool: REPLY, when: "after", effect: { kind: "http", status: 502 } });
    await reply();
    expect(counts()).toEqual({ attempts: 2, writes: 2 });
  });

  it.each<[string, FaultRequest["effect"], string]>([
    ["INTERNAL", { kind: "grpc", code: "internal" }, "ScalekitInternalServerException"],
    ["DEADLINE_EXCEEDED", { kind: "grpc", code: "deadline_exceeded" }, "ScalekitGatewayTimeoutException"],
    ["HTTP 500", { kind: "http", status: 500 }, "ScalekitInternalServerException"],
    ["a tool error 503", { kind: "tool_error", status: 503 }, "ScalekitToolException"],
  ])("writes once and reports failure under %s", async (_, effect, kind) => {
    expect((await failReply({ when: "after", effect })).kind).toBe(kind);
    expect(counts()).toEqual({ attempts: 1, writes: 1 });
  });

  it("writes once and loses the answer when the connection is reset", async () => {
    const refusal = await failReply({ when: "after", effect: { kind: "reset" } });
    expect(refusal.kind).toMatch(/^Scalekit(Conflict|Cancelled|InternalServer)Exception$/);
    expect(counts()).toEqual({ attempts: 1, writes: 1 });
    expect(await test.run("identify_admin")).toMatchObject({ id: "11" });
  });

  it("writes once and waits for its deadline when no answer comes", async () => {
    const client = newClient(test.sandbox, 300);
    await client.tools.executeTool({ toolName: "intercom_list_tags", identifier: ADA, params: {} });
    test.sandbox.faults.add({ tool: REPLY, when: "after", effect: { kind: "hang" } });
    const params = {
      conversation_id: "1002",
      admin_id: "11",
      message_type: "note",
      type: "admin",
      body: "Hello.",
    };
    const outcome = client.tools.executeTool({ toolName: REPLY, identifier: ADA, params });
    await expect(outcome).rejects.toMatchObject({ httpStatus: 504 });
    expect(counts()).toEqual({ attempts: 1, writes: 1 });
  });
});

describe("faults before the commit", () => {
  it.each<[number, string, string]>([
    [401, "ScalekitToolUnauthorizedException", "unauthorized"],
    [403, "ScalekitToolForbiddenException", "action_forbidden"],
    [404, "ScalekitToolException", "not_found"],
    [429, "ScalekitToolRateLimitException", "rate_limit_exceeded"],
    [500, "ScalekitToolException", "server_error"],
  ])("refuse with Intercom's own %i and write nothing", async (status, kind, code) => {
    const refusal = await failReply({ effect: { kind: "tool_error", status } });
    expect(refusal).toMatchObject({ kind, toolErrorCode: code });
    expect(JSON.parse(refusal.toolErrorMessage)).toMatchObject({ type: "error.list", errors: [{ code }] });
    expect(refusal.executionId).toMatch(/^exec_/);
    expect(counts()).toEqual({ attempts: 1, writes: 0 });
  });

  it("may carry any code and message of Intercom's", async () => {
    const effect = {
      kind: "tool_error",
      status: 401,
      code: "token_unauthorized",
      message: "Not yours",
    } as const;
    const refusal = await failReply({ effect });
    expect(refusal).toMatchObject({ toolErrorCode: "token_unauthorized" });
    expect(refusal.toolErrorMessage).toContain("Not yours");
  });

  it("write once when the client comes again after 503", async () => {
    test.sandbox.faults.add({ tool: REPLY, effect: { kind: "http", status: 503 } });
    await reply();
    expect(counts()).toEqual({ attempts: 2, writes: 1 });
  });

  it("answer an error now and commit later", async () => {
    const refusal = await failReply({ effect: { kind: "late_commit", milliseconds: 150 } });
    expect(refusal.kind).toBe("ScalekitGatewayTimeoutException");
    expect(counts().writes).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(counts().writes).toBe(1);
    expect(test.sandbox.world.parts("1002")).toHaveLength(1);
  });

  it("forget what was to be committed after the sandbox was closed", async () => {
    await failReply({ effect: { kind: "late_commit", milliseconds: 200 } });
    await test.sandbox.close();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(counts().writes).toBe(0);
  });

  it("slow a call down by the added time", async () => {
    test.sandbox.faults.add({ tool: "*", effect: { kind: "latency", milliseconds: 200 } });
    const began = performance.now();
    await test.run("list_tags");
    expect(performance.now() - began).toBeGreaterThan(190);
  });

  it("let the grant go between two calls", async () => {
    test.sandbox.faults.add({
      tool: REPLY,
      when: "after",
      effect: { kind: "account", change: "token_revoked" },
    });
    await reply();
    expect((await test.refusal("identify_admin")).toolErrorCode).toBe("token_revoked");
  });

  it("let the account go before the call that would have used it", async () => {
    const refusal = await failReply({ effect: { kind: "account", change: "disconnected" } });
    expect(refusal.errorCode).toBe("CONNECTED_ACCOUNT_NOT_ACTIVE");
    expect(counts().writes).toBe(0);
  });
});

describe("which calls a fault meets", () => {
  it("is a number of them, of one tool and of one teammate", async () => {
    const effect = { kind: "tool_error", status: 403 } as const;
    test.sandbox.faults.add({ tool: "list_tags", identifier: BEN, times: 2, effect });
    expect(await test.run("list_tags")).toMatchObject({ type: "list" });
    expect(await test.run("list_teams", {}, BEN)).toMatchObject({ type: "team.list" });
    await test.refusal("list_tags", {}, BEN);
    await test.refusal("list_tags", {}, BEN);
    expect(await test.run("list_tags", {}, BEN)).toMatchObject({ type: "list" });
    expect(test.sandbox.faults.list()).toEqual([]);
  });

  it("can be other calls too: listings, accounts and the token endpoint", async () => {
    const { faults } = test.sandbox;
    faults.add({ tool: "ListScopedTools", effect: { kind: "grpc", code: "permission_denied" } });
    const listing = test.client.tools.listScopedTools(ADA, { filter: { connectionNames: ["intercom"] } });
    await expect(listing).rejects.toMatchObject({ httpStatus: 403 });
    faults.add({
      tool: "ListConnectedAccounts",
      identifier: ADA,
      effect: { kind: "grpc", code: "internal" },
    });
    const accounts = test.client.actions.listConnectedAccounts({
      connectionName: "intercom",
      identifier: ADA,
    });
    await expect(accounts).rejects.toMatchObject({ httpStatus: 500 });
    faults.add({ tool: "oauth/token", effect: { kind: "http", status: 503 } });
    const cold = newClient(test.sandbox).tools.listTools();
    await expect(cold).rejects.toMatchObject({ name: "AxiosError", response: { status: 503 } });
  });

  it("is managed over HTTP", async () => {
    const { sandbox } = test;
    const effect = { kind: "grpc", code: "internal" };
    const added = await control(sandbox, "POST", "/faults", { tool: "list_tags", times: "always", effect });
    const { id } = (await added.json()) as { id: string };
    expect((await test.refusal("list_tags")).kind).toBe("ScalekitInternalServerException");
    const listed = (await (await control(sandbox, "GET", "/faults")).json()) as { faults: object[] };
    expect(listed.faults).toMatchObject([{ id, tool: "list_tags", when: "before", met: 1 }]);
    expect((await control(sandbox, "DELETE", `/faults/${id}`)).status).toBe(204);
    expect(await test.run("list_tags")).toMatchObject({ type: "list" });
    expect((await control(sandbox, "DELETE", `/faults/${id}`)).status).toBe(404);
    await control(sandbox, "POST", "/accounts", { identifier: BEN, change: "expired" });
    expect((await test.refusal("list_tags", {}, BEN)).errorCode).toBe("CONNECTED_ACCOUNT_NOT_ACTIVE");
  });
});
