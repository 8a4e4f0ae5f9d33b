import { AIMessage, ToolMessage } from "@langchain/core/messages";
import { fakeModel } from "@langchain/core/testing";
import { convertToOpenAITool } from "@langchain/core/utils/function_calling";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { createAgent } from "langchain";
import { TeammateError } from "../../src/domain/errors.ts";
import { bindTools, endRunOnError, type ToolResult } from "../../src/tools/bind.ts";
import type { Caller, ToolDefinition } from "../../src/tools/gateway.ts";
import { callerOf, openSandbox, type OpenSandbox } from "./sandbox.ts";

describe("the researcher's tools", () => {
  let sandbox: OpenSandbox;
  let mina: Caller;
  let definitions: ToolDefinition[];
  let results: ToolResult[];
  beforeEach(async () => {
    sandbox = await openSandbox();
    mina = await callerOf(sandbox.gateway, "mina.park");
    const listed = await sandbox.gateway.listTools("researcher", mina);
    if (listed.kind !== "ok") throw new Error(listed.code);
    definitions = listed.value;
    results = [];
  });
  afterEach(() => sandbox.close());

  function tools(offered = definitions) {
    return bindTools(sandbox.gateway, mina, offered, (result) => results.push(result));
  }
  async function call(name: string, args: Record<string, unknown>): Promise<string> {
    const tool = tools().find((candidate) => candidate.name === name);
    return (await tool!.invoke(args)) as string;
  }

  it("reach the model with the connector's own arguments, and none that code sets", () => {
    const article = tools().find(({ name }) => name === "intercom_search_articles");
    expect(convertToOpenAITool(article!).function.parameters).toMatchObject({
      properties: { help_center_id: {}, highlight: {}, phrase: { type: "string" } },
    });
    expect(JSON.stringify(tools().map((tool) => convertToOpenAITool(tool)))).not.toMatch(
      /tool_version|schema_version|"state"|display_as/,
    );
  });

  it("give the model what was read, and code the whole of it", async () => {
    const answer = await call("intercom_search_articles", { phrase: "refund", state: "draft" });
    expect(answer.length).toBeLessThanOrEqual(24_000);
    expect(answer).not.toMatch(/<p>|<h2>/);
    expect(results).toHaveLength(1);
    const [{ tool, outcome }] = results as [ToolResult];
    expect(tool).toBe("intercom_search_articles");
    if (outcome.kind !== "ok") throw new Error(outcome.code);
    expect(JSON.stringify(outcome.value)).toContain('"published"');
    expect(JSON.stringify(outcome.value)).not.toContain('"draft"');
  });

  it("tell the model of a refusal in a sentence, and do not throw", async () => {
    sandbox.faults.add({ tool: "*", effect: { kind: "tool_error", status: 403 } });
    expect(await call("intercom_retrieve_article", { article_id: "8800036" })).toMatch(/intercom_forbidden/);
    expect(await call("intercom_retrieve_conversation", { conversation_id: "last" })).toMatch(/digits only/);
    expect(results.map(({ outcome }) => outcome.kind)).toEqual(["denied", "rejected"]);
  });

  it("refuse a write that was bound by mistake, before it leaves", async () => {
    const definition = {
      name: "intercom_reply_to_conversation",
      description: "",
      inputSchema: { type: "object" },
    };
    const [tool] = tools([definition]);
    expect(await tool!.invoke({ conversation_id: "1", body: "hello" })).toMatch(/policy_denied/);
    expect(sandbox.world.calls({ tool: definition.name })).toHaveLength(0);
  });

  it("end the run when the connection is lost, also inside LangChain's agent", async () => {
    await sandbox.world.changeAccount(mina.identifier, "token_revoked");
    await expect(call("intercom_retrieve_article", { article_id: "8800036" })).rejects.toThrow(TeammateError);
    const ended = await runAgent({ article_id: "8800036" }).catch((error: unknown) => error);
    expect(causesOf(ended).some((cause) => cause instanceof TeammateError)).toBe(true);
    expect(results).toHaveLength(2);
  });

  it("let the model correct a call that does not fit the schema", async () => {
    const { messages } = await runAgent({ article_id: 7 });
    expect(messages.filter((message) => ToolMessage.isInstance(message))).toMatchObject([
      { status: "error" },
    ]);
    expect(results).toHaveLength(0);
  });

  /** A model that reads an article with these arguments, and then is done. */
  function runAgent(args: Record<string, unknown>) {
    const model = fakeModel()
      .respondWithTools([{ name: "intercom_retrieve_article", args, id: "call_1" }])
      .respond(new AIMessage("done"));
    return createAgent({ model, tools: tools(), middleware: [endRunOnError()] }).invoke({
      messages: [{ role: "user", content: "go" }],
    });
  }
});

function causesOf(error: unknown): unknown[] {
  return error instanceof Error ? [error, ...causesOf(error.cause)] : [];
}
