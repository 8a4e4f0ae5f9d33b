import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { LLMock } from "@copilotkit/aimock";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { z } from "zod";
import { createModels, type ModelSettings } from "../../src/models/models.ts";
import { askForObject } from "../../src/models/structured.ts";

const question = {
  name: "choose",
  schema: z.object({ colour: z.enum(["red", "green"]), certain: z.boolean().default(true) }),
  instructions: "Choose a colour.",
  material: "The sky at dusk.",
};

const providers = [
  { model: "openai:gpt-5", protocol: "OpenAI Responses", path: "/v1/responses", suffix: "/v1" },
  {
    model: "openai-compatible:qwen3:8b",
    protocol: "OpenAI chat",
    path: "/v1/chat/completions",
    suffix: "/v1",
  },
  { model: "anthropic:claude-sonnet-4-5", protocol: "Anthropic", path: "/v1/messages", suffix: "" },
  {
    model: "google:gemini-2.5-pro",
    protocol: "Google",
    path: "/v1beta/models/gemini-2.5-pro:generateContent",
    suffix: "",
  },
];

function settingsFor(model: string, address: string, given: Partial<ModelSettings> = {}): ModelSettings {
  const key = "the-secret-key";
  return {
    model,
    keys: { openai: key, anthropic: key, google: key, "openai-compatible": key },
    baseUrls: { openai: address, anthropic: address, google: address, "openai-compatible": address },
    maxRetries: 0,
    timeoutMs: 20_000,
    ...given,
  };
}

describe.each(providers)("a model over the $protocol protocol", ({ model, path, suffix }) => {
  let mock: LLMock;

  beforeEach(async () => {
    mock = new LLMock({ port: 0, logLevel: "silent" });
    await mock.start();
  });

  afterEach(async () => {
    await mock.stop();
  });

  const models = (given: Partial<ModelSettings> = {}) =>
    createModels(settingsFor(model, mock.url + suffix, given));
  const answer = (args: unknown) => ({
    toolCalls: [{ name: "choose", arguments: JSON.stringify(args) }],
    usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18, input_tokens: 11, output_tokens: 7 },
  });

  it("answers with an object of the schema, its tokens counted for its agent alone", async () => {
    mock.on({ predicate: () => true }, answer({ colour: "red" }));
    const made = models();
    expect(await askForObject(made.for("responder")!, question)).toEqual({ colour: "red", certain: true });
    expect(made.usage().responder.calls).toBe(1);
    expect(made.usage().responder.inputTokens).toBeGreaterThan(0);
    expect(made.usage().classifier.calls).toBe(0);
    expect(mock.getRequests().map((request) => request.path)).toEqual([expect.stringContaining(path)]);
  });

  it("corrects an answer that does not fit by asking once more", async () => {
    const answers = [answer({ colour: "blue" }), answer({ colour: "green", certain: false })];
    mock.on({ predicate: () => true }, () => answers.shift() ?? { content: "nothing left" });
    expect(await askForObject(models().for("responder")!, question)).toEqual({
      colour: "green",
      certain: false,
    });
    expect(mock.getRequests()).toHaveLength(2);
  });

  it("gives up on an answer in prose after the second one", async () => {
    mock.on({ predicate: () => true }, { content: "I would say red." });
    await expect(askForObject(models().for("responder")!, question)).rejects.toMatchObject({
      code: "model_output_invalid",
    });
    expect(mock.getRequests()).toHaveLength(2);
  });

  it.each([
    [401, "model_key_refused", "operator"],
    [404, "model_unknown", "operator"],
    [429, "model_rate_limited", "vendor"],
    [500, "model_unavailable", "vendor"],
  ])(
    "says plainly that the provider answered %d, and nothing of the key or the prompt",
    async (status, code, actor) => {
      mock.on(
        { predicate: () => true },
        { error: { message: "the-secret-key is wrong for: The sky at dusk.", type: "some_error" }, status },
      );
      const failure: unknown = await askForObject(models().for("responder")!, question).catch(
        (error: unknown) => error,
      );
      expect(failure).toMatchObject({ code, actor });
      const shown = String(failure) + JSON.stringify(failure, Object.getOwnPropertyNames(failure));
      expect(shown).not.toContain("the-secret-key");
      expect(shown).not.toContain("dusk");
    },
  );

  it("tries again as often as the settings say", async () => {
    let calls = 0;
    mock.on({ predicate: () => true }, () => {
      calls += 1;
      return calls === 1
        ? { error: { message: "busy", type: "server_error" }, status: 500 }
        : answer({ colour: "red" });
    });
    expect(await askForObject(models({ maxRetries: 1 }).for("responder")!, question)).toMatchObject({
      colour: "red",
    });
    expect(calls).toBe(2);
  });
});

describe.each(providers)("a silent server of the $protocol protocol", ({ model }) => {
  let server: Server;
  const seen: Record<string, unknown>[] = [];

  beforeEach(async () => {
    server = createServer((request) => {
      seen.push(request.headers);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it("is given up after the configured time, and got the configured key", async () => {
    const { port } = server.address() as AddressInfo;
    const made = createModels(settingsFor(model, `http://127.0.0.1:${port}`, { timeoutMs: 300 }));
    await expect(askForObject(made.for("classifier")!, question)).rejects.toMatchObject({
      code: "model_unavailable",
    });
    expect(JSON.stringify(seen.at(-1))).toContain("the-secret-key");
  });
});
