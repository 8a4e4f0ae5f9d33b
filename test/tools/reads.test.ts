import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { Code, ConnectError } from "@connectrpc/connect";
import type { JsonObject } from "../../src/domain/json.ts";
import { deadUrl, mina, openGateway, tomas } from "./gateway.ts";
import {
  clientSecret,
  startScriptedScalekit,
  toolError,
  type ScriptedScalekit,
} from "./scripted-scalekit.ts";

const conversation = { conversation_id: "215470001" };

describe("a read", () => {
  let server: ScriptedScalekit;
  beforeEach(async () => {
    server = await startScriptedScalekit({
      accounts: [
        { id: mina.connectedAccountId, identifier: mina.identifier, status: "ACTIVE" },
        { id: tomas.connectedAccountId, identifier: tomas.identifier, status: "ACTIVE" },
      ],
    });
  });
  afterEach(() => server.close());

  const readConversation = () =>
    openGateway(server.url).gateway.read("desk", mina, "intercom_retrieve_conversation", conversation);

  it("goes out under the pinned account, with the arguments the policy sets", async () => {
    server.script.execute = () => ({ type: "conversation", id: "215470001" });
    const { gateway } = openGateway(server.url);
    const outcome = await gateway.read("desk", mina, "intercom_conversation_get", {
      ...conversation,
      display_as: "html",
    });
    expect(outcome).toMatchObject({ kind: "ok", value: { id: "215470001" }, executionId: "exec_1" });
    expect(server.calls.execute[0]).toMatchObject({
      toolName: "intercom_retrieve_conversation",
      params: { conversation_id: "215470001", display_as: "plaintext" },
      identifier: mina.identifier,
      connectedAccountId: mina.connectedAccountId,
      connector: "intercom",
    });
  });

  it.each([
    ["desk", "intercom_delete_contact"],
    ["desk", "intercom_reply_to_conversation"],
    ["desk", "intercom_search_articles"],
    ["researcher", "intercom_reply_to_conversation"],
    ["researcher", "intercom_conversation_reply"],
    ["researcher", "intercom_identify_admin"],
    ["researcher", "intercom_manage_conversation"],
    ["delivery", "intercom_retrieve_contact"],
    ["delivery", "intercom_reply_to_conversation"],
    ["researcher", "__proto__"],
    ["researcher", "INTERCOM_SEARCH_ARTICLES"],
  ] as const)("is denied to the %s for %s before anything leaves", async (actor, tool) => {
    const outcome = await openGateway(server.url).gateway.read(actor, mina, tool, { ...conversation });
    expect(outcome).toMatchObject({ kind: "denied", code: "policy_denied" });
    expect(server.calls).toEqual({ execute: [], list: 0, token: 0, keys: 0 });
  });

  it.each([
    ["the last conversation", { conversation_id: "last" }],
    ["a path", { conversation_id: "1/../2" }],
    ["a number for an id", { conversation_id: 215470001 }],
    ["NaN", { ...conversation, page: NaN }],
    ["a date", { ...conversation, since: new Date(0) as unknown as string }],
    ["an id too large for a number", { ...conversation, page: 2 ** 60 }],
    ["a function", { ...conversation, filter: { by: (() => 1) as unknown as string } }],
  ])("is rejected with %s before anything leaves", async (_, args) => {
    const { gateway } = openGateway(server.url);
    const outcome = await gateway.read("desk", mina, "intercom_retrieve_conversation", args);
    expect(outcome).toMatchObject({ kind: "rejected", code: "invalid_arguments" });
    expect(server.calls.execute).toHaveLength(0);
  });

  it("leaves out what is undefined instead of sending null", async () => {
    const { gateway } = openGateway(server.url);
    const pagination = { per_page: 5, starting_after: undefined } as unknown as JsonObject;
    await gateway.read("desk", mina, "intercom_search_conversations", { query: {}, pagination });
    expect(server.calls.execute[0]?.params).toEqual({ query: {}, pagination: { per_page: 5 } });
  });

  it("warms the client up with one token, however many reads begin at once", async () => {
    const { gateway } = openGateway(server.url);
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, () => gateway.read("desk", mina, "intercom_list_tags", {})),
    );
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array(12).fill("ok"));
    expect(server.calls.token).toBe(1);
  });

  it.each([
    ["unauthorized", Code.Unauthenticated, "unauthorized", "needs_connection", "grant_revoked"],
    ["token_unauthorized", Code.Unauthenticated, "token_unauthorized", "denied", "not_authorized"],
    ["a missing scope", Code.PermissionDenied, "forbidden", "denied", "intercom_forbidden"],
    ["a missing object", Code.NotFound, "not_found", "rejected", "not_found"],
    ["a wrong parameter", Code.InvalidArgument, "parameter_invalid", "rejected", "intercom_rejected"],
    [
      "the rate limit",
      Code.ResourceExhausted,
      "rate_limit_exceeded",
      "rate_limited",
      "intercom_rate_limited",
    ],
    ["a server error", Code.Internal, "server_error", "unavailable", "intercom_unavailable"],
    ["an overload", Code.Unavailable, "service_unavailable", "unavailable", "intercom_unavailable"],
  ] as const)("tells %s from Intercom as what it is, after one call", async (_, status, said, kind, code) => {
    server.script.execute = () => {
      throw toolError(status, said, `Intercom answered ${said}`);
    };
    expect(await readConversation()).toMatchObject({ kind, code });
    expect(server.calls.execute).toHaveLength(1);
  });

  it.each([
    ["disconnected", "DISCONNECTED"],
    ["expired", "EXPIRED"],
    ["pending", "PENDING_AUTH"],
  ] as const)("asks for a connection when Scalekit refuses an account that is %s", async (_, status) => {
    server.script.accounts[0]!.status = status;
    for (const code of [Code.FailedPrecondition, Code.NotFound, Code.PermissionDenied]) {
      server.script.execute = () => {
        throw new ConnectError("account is not active", code);
      };
      expect(await readConversation()).toMatchObject({
        kind: "needs_connection",
        code: "connection_inactive",
      });
    }
  });

  it("asks for a connection when the account is gone", async () => {
    server.script.accounts = [];
    server.script.execute = () => {
      throw new ConnectError("no such account", Code.NotFound);
    };
    expect(await readConversation()).toMatchObject({ kind: "needs_connection" });
  });

  it("does not blame the connection when the account is active", async () => {
    server.script.execute = () => {
      throw new ConnectError("unknown tool", Code.NotFound);
    };
    expect(await readConversation()).toMatchObject({ kind: "rejected", code: "scalekit_rejected" });
  });

  it("repeats a read that Scalekit could not take, and gives its answer", async () => {
    let attempts = 0;
    server.script.execute = () => {
      attempts += 1;
      if (attempts === 1) throw new ConnectError("try again", Code.Unavailable);
      return { type: "conversation" };
    };
    expect(await readConversation()).toMatchObject({ kind: "ok" });
    expect(attempts).toBe(2);
  });

  it.each([
    [401, "scalekit_credentials_refused"],
    [503, "scalekit_unavailable"],
  ])("tells a token endpoint that answers %s without the secret", async (status, code) => {
    server.script.tokenStatus = status;
    const { gateway, logged } = openGateway(server.url);
    const outcome = await gateway.read("desk", mina, "intercom_list_tags", {});
    expect(outcome).toMatchObject({ kind: "unavailable", code });
    expect(JSON.stringify(outcome) + logged.join("")).not.toContain(clientSecret);
  });

  it("gives up at its deadline, and the next read works on a new connection", async () => {
    let hang = true;
    server.script.execute = () => (hang ? new Promise(() => undefined) : { type: "conversation" });
    const { gateway } = openGateway(server.url, { readTimeoutMs: 300 });
    const read = () => gateway.read("desk", mina, "intercom_retrieve_conversation", conversation);
    expect(await read()).toMatchObject({ kind: "unavailable", code: "scalekit_timeout" });
    hang = false;
    expect(await read()).toMatchObject({ kind: "ok" });
  });

  it("is unavailable when nobody listens", async () => {
    const { gateway } = openGateway(await deadUrl());
    const outcome = await gateway.read("desk", mina, "intercom_list_tags", {});
    expect(outcome).toMatchObject({ kind: "unavailable", code: "scalekit_unavailable" });
  });

  it("does not take an empty answer, or an error inside a success, for one", async () => {
    server.script.execute = () => ({});
    expect(await readConversation()).toMatchObject({ kind: "rejected", code: "unexpected_shape" });
    server.script.execute = () => ({ type: "error.list", errors: [{ code: "unauthorized" }] });
    expect(await readConversation()).toMatchObject({ kind: "rejected" });
  });

  it("removes hidden text and bounds what it keeps", async () => {
    server.script.execute = () => ({
      type: "conversation",
      title: "Re\u200Bfund\u202E please\u0007",
      parts: Array.from({ length: 400 }, (_, index) => ({ index, body: "x".repeat(20_000) })),
    });
    const outcome = await readConversation();
    if (outcome.kind !== "ok") throw new Error(outcome.code);
    expect(outcome.value.title).toBe("Refund please");
    expect(JSON.stringify(outcome.value).length).toBeLessThanOrEqual(2_000_000);
    expect(JSON.stringify(outcome.value.parts)).toContain('"index":399');
    expect(JSON.stringify(outcome.value.parts)).toContain("characters left out]");
  });

  it("withholds an article that is not published", async () => {
    server.script.execute = () => ({ type: "article", id: "1", state: "draft", body: "<p>Soon</p>" });
    const { gateway } = openGateway(server.url);
    const outcome = await gateway.read("researcher", mina, "intercom_retrieve_article", { article_id: "1" });
    expect(outcome).toMatchObject({ kind: "denied", code: "article_not_published" });
    expect(JSON.stringify(outcome)).not.toContain("Soon");
  });

  it("leaves drafts out of a search, whatever state was asked for", async () => {
    const articles = ["draft", "published", null].map((state) => ({ type: "article", id: "1", state }));
    server.script.execute = () => ({ type: "list", data: { articles } });
    const { gateway } = openGateway(server.url);
    const outcome = await gateway.read("researcher", mina, "intercom_search_articles", {
      phrase: "x",
      state: "draft",
    });
    expect(server.calls.execute[0]?.params).toEqual({ phrase: "x", state: "published" });
    expect(outcome).toMatchObject({ value: { data: { articles: [{ state: "published" }] } } });
  });

  it("repeats at most a short plain piece of what Intercom says, and no credential in it", async () => {
    const token = "dG9rOmNhbmFyeV84ZjE2YjJhOQ_1234567890";
    const said = `Access\u202E Token ${token} invalid, Bearer eyJhbGciOi.eyJzdWIiOiJhIn0.c2ln ${"long ".repeat(200)}`;
    server.script.execute = () => {
      throw toolError(Code.Unauthenticated, "unauthorized", said);
    };
    const { gateway, logged } = openGateway(server.url);
    const outcome = await gateway.read("desk", mina, "intercom_list_tags", {});
    const told = JSON.stringify(outcome) + logged.join("");
    if (outcome.kind === "ok") throw new Error("the read was refused by the server");
    expect(outcome.reason.length).toBeLessThan(260);
    for (const secret of [token, "eyJzdWIiOiJhIn0", "\u202E"]) expect(told).not.toContain(secret);
  });

  it("logs names, codes and durations, and nothing of arguments or answers", async () => {
    server.script.execute = () => ({ type: "conversation", title: "Private matter" });
    const { gateway, logged } = openGateway(server.url);
    await gateway.read("researcher", mina, "intercom_search_articles", {
      phrase: "ana.silva@studio.example",
    });
    expect(logged).toHaveLength(1);
    expect(logged[0]).toContain("intercom_search_articles");
    expect(logged[0]).not.toMatch(/ana\.silva|Private matter|mina\.park/);
  });
});
