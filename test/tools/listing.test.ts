import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { Capability } from "../../src/domain/capability.ts";
import { OperatorError } from "../../src/domain/errors.ts";
import { policy } from "../../src/tools/policy.ts";
import { mina, openGateway, tomas } from "./gateway.ts";
import { startScriptedScalekit, type ScriptedScalekit } from "./scripted-scalekit.ts";

describe("the tools of an actor", () => {
  let server: ScriptedScalekit;
  beforeEach(async () => {
    server = await startScriptedScalekit({
      accounts: [
        { id: mina.connectedAccountId, identifier: mina.identifier, status: "ACTIVE" },
        { id: tomas.connectedAccountId, identifier: tomas.identifier, status: "ACTIVE" },
      ],
      tools: await catalogue(),
    });
  });
  afterEach(() => server.close());

  it("are the reads the policy gives the researcher, and no write", async () => {
    const outcome = await openGateway(server.url).gateway.listTools("researcher", mina);
    if (outcome.kind !== "ok") throw new Error(outcome.code);
    const names = outcome.value.map(({ name }) => name);
    expect(names).toEqual(
      policy.filter(({ actors }) => actors.includes("researcher")).map(({ tool }) => tool),
    );
    expect(names.filter((name) => /reply|manage|attach|create|delete|update/.test(name))).toEqual([]);
  });

  it("show no argument that code sets, and keep the connector's schema otherwise", async () => {
    const outcome = await openGateway(server.url).gateway.listTools("researcher", mina);
    if (outcome.kind !== "ok") throw new Error(outcome.code);
    const articles = outcome.value.find(({ name }) => name === "intercom_search_articles");
    expect(articles?.inputSchema).toEqual({
      type: "object",
      properties: {
        help_center_id: { type: "integer" },
        highlight: { type: "boolean" },
        phrase: { type: "string" },
      },
      required: [],
    });
    const conversation = outcome.value.find(({ name }) => name === "intercom_retrieve_conversation");
    expect(conversation?.inputSchema).toMatchObject({ required: ["conversation_id"] });
    expect(JSON.stringify(outcome.value)).not.toMatch(/schema_version|tool_version|display_as/);
  });

  it("are read to the last page of 113", async () => {
    const everything = server.script.tools.map(({ name }) =>
      Capability.parse({ tool: name, access: "read", actors: ["desk"], required: true }),
    );
    expect(everything).toHaveLength(113);
    const { gateway } = openGateway(server.url, { policy: everything });
    const outcome = await gateway.listTools("desk", mina);
    if (outcome.kind !== "ok") throw new Error(outcome.code);
    expect(outcome.value).toHaveLength(113);
    expect(server.calls.list).toBe(2);
  });

  it("are not silently fewer: a required one that is missing is named to the operator", async () => {
    server.script.tools = server.script.tools.filter(({ name }) => name !== "intercom_retrieve_article");
    const listing = openGateway(server.url).gateway.listTools("researcher", mina);
    await expect(listing).rejects.toThrow(OperatorError);
    await expect(listing).rejects.toThrow(/intercom_retrieve_article/);
  });

  it("may lack one that is not required", async () => {
    server.script.tools = server.script.tools.filter(({ name }) => name !== "intercom_list_macros");
    const outcome = await openGateway(server.url).gateway.listTools("researcher", mina);
    expect(outcome.kind).toBe("ok");
  });

  it("are refused when the teammate is not connected", async () => {
    server.script.accounts[0]!.status = "DISCONNECTED";
    const outcome = await openGateway(server.url).gateway.listTools("researcher", mina);
    expect(outcome).toMatchObject({ kind: "needs_connection", code: "connection_inactive" });
  });

  it("are refused when the account is not the pinned one", async () => {
    const other = { ...mina, connectedAccountId: tomas.connectedAccountId };
    const outcome = await openGateway(server.url).gateway.listTools("researcher", other);
    expect(outcome).toMatchObject({ kind: "needs_connection" });
  });
});

describe("connected accounts", () => {
  let server: ScriptedScalekit;
  beforeEach(async () => {
    server = await startScriptedScalekit();
  });
  afterEach(() => server.close());

  it("are listed to the last page, with a status in words and nothing else", async () => {
    const names = [
      "CONNECTION_STATUS_UNSPECIFIED",
      "ACTIVE",
      "EXPIRED",
      "PENDING_AUTH",
      "PENDING_VERIFICATION",
      "DISCONNECTED",
    ] as const;
    server.script.accounts = Array.from({ length: 130 }, (_, index) => ({
      id: `ca_${String(index)}`,
      identifier: `person${String(index)}@quillbook.example`,
      status: names[index % names.length]!,
    }));
    const outcome = await openGateway(server.url).gateway.listAccounts();
    if (outcome.kind !== "ok") throw new Error(outcome.code);
    expect(outcome.value).toHaveLength(130);
    expect(outcome.value.slice(0, 6).map(({ status }) => status)).toEqual([
      "unknown",
      "active",
      "expired",
      "pending",
      "pending",
      "disconnected",
    ]);
    expect(Object.keys(outcome.value[0]!)).toEqual(["id", "identifier", "status"]);
  });

  it("are found by the whole identifier only", async () => {
    server.script.accounts = [
      { id: "ca_1", identifier: "ana@quillbook.example", status: "ACTIVE" },
      { id: "ca_2", identifier: "ana@quillbook.example.evil.example", status: "ACTIVE" },
    ];
    const { gateway } = openGateway(server.url);
    expect(await gateway.findAccount("ana@quillbook.example")).toMatchObject({ value: { id: "ca_1" } });
    expect(await gateway.findAccount("ana")).toMatchObject({ kind: "ok", value: null });
  });

  it("are the active one of two, and none when two are active", async () => {
    server.script.accounts = [
      { id: "ca_old", identifier: "ana@quillbook.example", status: "DISCONNECTED" },
      { id: "ca_new", identifier: "ana@quillbook.example", status: "ACTIVE" },
    ];
    const { gateway } = openGateway(server.url);
    expect(await gateway.findAccount("ana@quillbook.example")).toMatchObject({ value: { id: "ca_new" } });
    server.script.accounts[0]!.status = "ACTIVE";
    expect(await gateway.findAccount("ana@quillbook.example")).toMatchObject({ kind: "rejected" });
  });

  it("cannot be listed with a wrong secret, which is said", async () => {
    server.script.tokenStatus = 401;
    const outcome = await openGateway(server.url).gateway.findAccount("ana@quillbook.example");
    expect(outcome).toMatchObject({ kind: "unavailable", code: "scalekit_credentials_refused" });
  });
});

/** The connector's 113 tools as a Scalekit environment describes them. */
async function catalogue() {
  interface Entry {
    name: string;
    params: { name: string; type: string; required: boolean }[];
  }
  const file = new URL("../../src/sandbox/catalogue.json", import.meta.url);
  const entries = JSON.parse(await readFile(file, "utf8")) as Entry[];
  return entries.map(({ name, params }) => ({
    name,
    input_schema: {
      type: "object",
      properties: Object.fromEntries(params.map((param) => [param.name, { type: param.type }])),
      required: params.filter(({ required }) => required).map((param) => param.name),
    },
  }));
}
