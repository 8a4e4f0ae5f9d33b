import { LLMock } from "@copilotkit/aimock";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { createEngines } from "../../src/agents/engines.ts";
import { createModels, type ModelSettings } from "../../src/models/models.ts";
import { briefingOf } from "./briefings.ts";
import { openLibrary } from "./library.ts";

const offline: ModelSettings = { model: null, keys: {}, maxRetries: 0, timeoutMs: 20_000 };
const briefing = briefingOf("When do I get my deposit back?");

describe("the offline engines together", () => {
  it("turn a question into a cited reply", async () => {
    const engines = createEngines({ models: createModels(offline), gateway: openLibrary({}) });
    const classification = await engines.classify(briefing);
    const findings = await engines.research(briefing, classification);
    const draft = await engines.draft({
      ...briefing,
      classification,
      findings,
      instruction: null,
      previousBody: null,
    });
    expect(engines.description).toBe("classifier offline, researcher offline, responder offline");
    expect(draft).toMatchObject({ channel: "comment", engine: "offline", abstained: false });
    expect(draft.body).toContain("Your deposit is returned within 5 days after the bicycle came back.");
  });

  it("turn a question nobody wrote an answer to into a note, and invent nothing", async () => {
    const engines = createEngines({ models: createModels(offline), gateway: openLibrary({ articles: [] }) });
    const classification = await engines.classify(briefing);
    const findings = await engines.research(briefing, classification);
    const draft = await engines.draft({
      ...briefing,
      classification,
      findings,
      instruction: null,
      previousBody: null,
    });
    expect(draft).toMatchObject({ channel: "note", abstained: true });
    expect(findings.passages).toEqual([]);
  });
});

/** What each function is answered with, once: a model that searches, quotes and writes. */
const answers: Record<string, unknown> = {
  classify: {
    topic: "deposit",
    confidence: 0.9,
    urgency: "normal",
    sentiment: "neutral",
    language: "en",
    asks: ["When do I get my deposit back?"],
    route: "reply",
    reason: "A plain question.",
  },
  intercom_search_articles: { phrase: "deposit" },
  give_findings: {
    quotations: [{ source: "article", id: "501", quote: "Your deposit is returned within 5 days", ask: 1 }],
    gaps: [],
  },
  write_draft: {
    abstain: false,
    paragraphs: [[{ text: "You get it back within 5 days.", citations: ["p1"], kind: "fact" }]],
    followUps: [],
  },
};

describe.each([
  ["openai:gpt-5", "/v1"],
  ["openai-compatible:qwen3", "/v1"],
  ["anthropic:claude-sonnet-4-5", ""],
  ["google:gemini-2.5-pro", ""],
])("the engines of %s, over its own protocol", (model, suffix) => {
  let mock: LLMock;
  beforeEach(async () => {
    mock = new LLMock({ port: 0, logLevel: "silent" });
    await mock.start();
  });
  afterEach(async () => {
    await mock.stop();
  });

  it("classify, look up with the gateway's tools, and draft", async () => {
    const script = Object.keys(answers);
    mock.on({ predicate: () => true }, () => {
      const name = script.shift();
      if (name === undefined) return { content: "The script is over." };
      return { toolCalls: [{ name, arguments: JSON.stringify(answers[name]) }] };
    });
    const baseUrls = Object.fromEntries(
      ["openai", "openai-compatible", "anthropic", "google"].map((provider) => [provider, mock.url + suffix]),
    );
    const keys = { openai: "k", anthropic: "k", google: "k" };
    const models = createModels({ ...offline, model, keys, baseUrls });
    const library = openLibrary({});
    const engines = createEngines({ models, gateway: library });
    const classification = await engines.classify(briefing);
    const findings = await engines.research(briefing, classification);
    const draft = await engines.draft({
      ...briefing,
      classification,
      findings,
      instruction: null,
      previousBody: null,
    });
    expect(library.reads).toEqual([{ tool: "intercom_search_articles", args: { phrase: "deposit" } }]);
    expect(findings).toMatchObject({ passages: [{ source: { id: "501" } }], gaps: [], cautions: [] });
    expect(draft).toMatchObject({
      body: "Hi Ana,\n\nYou get it back within 5 days.\n\nDana from Pedalworks",
      engine: model,
      warnings: [],
    });
    expect(script).toEqual([]);
    expect(models.usage()).toMatchObject({
      classifier: { calls: 1 },
      researcher: { calls: 2 },
      responder: { calls: 1 },
    });
  });
});
