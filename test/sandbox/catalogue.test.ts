import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { loadCatalogue } from "../../src/sandbox/catalogue.ts";
import { intercomTools } from "../../src/sandbox/intercom/tools.ts";
import { ADA, DOV, openTestSandbox, type TestSandbox } from "./start.ts";

let test: TestSandbox;
beforeAll(async () => {
  test = await openTestSandbox();
});
afterAll(() => test.sandbox.close());

describe("the listing", () => {
  it("gives the whole catalogue in pages of at most 100", async () => {
    const filter = { connectionNames: ["intercom"] };
    const first = await test.client.tools.listScopedTools(ADA, { filter, pageSize: 500 });
    expect(first.tools).toHaveLength(100);
    const second = await test.client.tools.listScopedTools(ADA, {
      filter,
      pageSize: 500,
      pageToken: first.nextPageToken,
    });
    expect(second.tools).toHaveLength(13);
    expect(second.nextPageToken).toBe("");
    const names = [...first.tools, ...second.tools].map(({ tool }) => tool?.definition?.name);
    expect(new Set(names).size).toBe(113);
  });

  it("holds names, descriptions and schemas a model can use, and the account they work through", async () => {
    const { tools } = await test.client.tools.listScopedTools(ADA, {
      filter: { connectionNames: ["intercom"], toolNames: ["intercom_reply_to_conversation"] },
    });
    expect(tools).toHaveLength(1);
    const [{ tool, identifier, connectedAccountId }] = tools as [(typeof tools)[number]];
    expect(identifier).toBe(ADA);
    expect(connectedAccountId).toMatch(/^ca_\d+$/);
    expect(tool?.definition).toMatchObject({
      name: "intercom_reply_to_conversation",
      description: expect.stringContaining("Reply to a conversation"),
      input_schema: {
        type: "object",
        required: ["admin_id", "conversation_id", "message_type", "type"],
        properties: {
          body: { type: "string" },
          created_at: { type: "integer" },
          schema_version: { type: "string" },
        },
      },
    });
  });

  it("is silently empty for names that do not exist, other connections and accounts that are not active", async () => {
    const listings = await Promise.all([
      test.client.tools.listScopedTools(ADA, { filter: { toolNames: ["intercom_conversation_reply"] } }),
      test.client.tools.listScopedTools(ADA, { filter: { connectionNames: ["slack"] } }),
      test.client.tools.listScopedTools(DOV, { filter: { connectionNames: ["intercom"] } }),
    ]);
    expect(listings.map(({ tools }) => tools.length)).toEqual([0, 0, 0]);
  });

  it("lists the tools of the provider without a user", async () => {
    const listed = await test.client.tools.listTools({ filter: { provider: "INTERCOM", query: "macro" } });
    expect(listed.toolNames).toEqual(["intercom_get_macro", "intercom_list_macros"]);
    expect(listed.tools).toHaveLength(2);
  });

  it("refuses a page token it did not give", async () => {
    const listing = test.client.tools.listTools({ pageToken: "bogus" });
    await expect(listing).rejects.toMatchObject({ httpStatus: 400 });
  });
});

describe("the catalogue", () => {
  it("knows every tool the sandbox carries out, and only parameters that exist", () => {
    const catalogue = new Map(loadCatalogue().map((tool) => [tool.name, tool]));
    for (const [name, tool] of Object.entries(intercomTools)) {
      const known = catalogue.get(name)?.parameters.map((parameter) => parameter.name) ?? [];
      expect({ name, unknown: Object.keys(tool.parameters).filter((key) => !known.includes(key)) }).toEqual({
        name,
        unknown: [],
      });
      expect(known).not.toEqual([]);
    }
  });
});

describe("the parameters of a call", () => {
  it.each([
    ["a missing one", "retrieve_conversation", {}, "conversation_id: is required"],
    [
      "one of another type",
      "retrieve_conversation",
      { conversation_id: 1001 },
      "conversation_id: must be string, not number",
    ],
    [
      "null",
      "retrieve_conversation",
      { conversation_id: "1001", display_as: null },
      "display_as: must be string, not null",
    ],
    ["an invented one", "list_tags", { limit: 5 }, "limit: is not a parameter of this tool"],
    ["an array for an object", "search_contacts", { query: [] }, "query: must be object, not array"],
    ["a fraction", "list_conversations", { per_page: 1.5 }, "per_page: must be integer"],
  ])("are refused: %s", async (_, tool, params, problem) => {
    const refusal = await test.refusal(tool, params);
    expect(refusal).toMatchObject({
      kind: "ScalekitBadRequestException",
      httpStatus: 400,
      errorCode: "INVALID_ARGUMENT",
    });
    expect(refusal.message).toContain(problem);
  });

  it("may name the versions of schema and tool", async () => {
    expect(await test.run("list_tags", { schema_version: "1", tool_version: "1" })).toMatchObject({
      type: "list",
    });
  });
});

describe("a tool the sandbox does not have", () => {
  it("is unknown when the catalogue does not list it", async () => {
    const refusal = await test.refusal("intercom_conversation_get");
    expect(refusal).toMatchObject({ kind: "ScalekitNotFoundException" });
    expect(refusal.message).toContain("Unknown tool");
  });

  it("says so as a tool error when the catalogue lists it", async () => {
    const refusal = await test.refusal("list_segments");
    expect(refusal).toMatchObject({
      kind: "ScalekitToolException",
      toolErrorCode: "not_available_in_sandbox",
    });
    expect(refusal.executionId).toMatch(/^exec_/);
    expect(JSON.parse(refusal.toolErrorMessage)).toMatchObject({
      type: "error.list",
      errors: [{ code: "not_available_in_sandbox" }],
    });
  });
});
