import { describe, expect, it } from "@jest/globals";
import { OperatorError } from "../../src/domain/errors.ts";
import { createModels, type ModelSettings } from "../../src/models/models.ts";

const keys = { openai: "sk-openai", anthropic: "sk-anthropic", google: "google-key" };

function settings(given: Partial<ModelSettings>): ModelSettings {
  return { model: null, keys, maxRetries: 0, timeoutMs: 5_000, ...given };
}

describe("choosing models", () => {
  it("is offline where no model is named", () => {
    const models = createModels(settings({}));
    expect(models.for("classifier")).toBeNull();
    expect(models.description).toBe("classifier offline, researcher offline, responder offline");
  });

  it("gives every agent the one model, save those that have their own", () => {
    const models = createModels(
      settings({ model: "openai:gpt-5", responderModel: "anthropic:claude-sonnet-4-5" }),
    );
    expect(models.description).toBe(
      "classifier openai:gpt-5, researcher openai:gpt-5, responder anthropic:claude-sonnet-4-5",
    );
    expect(models.for("responder")?._llmType()).toBe("anthropic");
  });

  it("can give a model to one agent alone", () => {
    const models = createModels(settings({ researcherModel: "google:gemini-2.5-pro" }));
    expect(models.for("researcher")?._llmType()).toBe("google");
    expect(models.for("responder")).toBeNull();
  });

  it("keeps colons of the model's own name", () => {
    const baseUrls = { "openai-compatible": "http://localhost:11434/v1" };
    const models = createModels(settings({ model: "openai-compatible:qwen3:8b", baseUrls }));
    expect(models.nameOf("classifier")).toBe("openai-compatible:qwen3:8b");
  });

  it.each([
    ["gpt-5", "model_name_invalid", "provider:model"],
    ["openai:", "model_name_invalid", "provider:model"],
    ["mystery:gpt-5", "model_provider_unknown", "openai-compatible"],
  ])("refuses %j, saying what to write", (model, code, next) => {
    expect(failureOf(settings({ model }))).toMatchObject({ code, next: expect.stringContaining(next) });
  });

  it.each([
    ["openai:gpt-5", "OPENAI_API_KEY"],
    ["anthropic:claude-sonnet-4-5", "ANTHROPIC_API_KEY"],
    ["google:gemini-2.5-pro", "GOOGLE_API_KEY"],
  ])("names the variable when the key of %s is missing", (model, variable) => {
    expect(failureOf(settings({ model, keys: {} }))).toMatchObject({
      code: "model_key_missing",
      next: expect.stringContaining(variable),
    });
  });

  it("names the variable when the address of a compatible server is missing", () => {
    expect(failureOf(settings({ model: "openai-compatible:qwen3" }))).toMatchObject({
      code: "model_address_missing",
      next: expect.stringContaining("OPENAI_COMPATIBLE_BASE_URL"),
    });
  });

  it("has spent nothing before it is used", () => {
    expect(createModels(settings({ model: "openai:gpt-5" })).usage().responder).toEqual({
      calls: 0,
      inputTokens: 0,
      outputTokens: 0,
    });
  });
});

function failureOf(given: ModelSettings): OperatorError {
  try {
    createModels(given);
  } catch (error) {
    if (error instanceof OperatorError) return error;
    throw error;
  }
  throw new Error("The settings were accepted.");
}
