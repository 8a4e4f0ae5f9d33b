import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { ScriptedModel } from "../agents/scriptedModel.ts";
import { MINA, openTestDesk, type TestDesk } from "../support/desk.ts";

const CONVERSATION = "215400000046";
const QUOTE =
  "A deposit can be a fixed amount of at least $5 or a share of the price. The rest is due at the visit, or it can be charged to the saved card 24 hours before.";

const classifier = new ScriptedModel([
  {
    call: "classify",
    with: {
      topic: "payments_setup",
      confidence: 0.93,
      urgency: "normal",
      sentiment: "neutral",
      language: "en",
      asks: ["How do deposits work?"],
      route: "reply",
      reason: "A question about deposits.",
    },
  },
]);
const researcher = new ScriptedModel([
  { call: "intercom_search_articles", with: { phrase: "deposit saved card" } },
  {
    call: "give_findings",
    with: {
      quotations: [
        { source: "article", id: "8800022", quote: QUOTE, ask: 1 },
        { source: "article", id: "8800022", quote: "Deposits are always free of charge.", ask: 1 },
      ],
      gaps: [],
    },
  },
]);
const responder = new ScriptedModel([
  {
    call: "write_draft",
    with: {
      abstain: false,
      paragraphs: [
        [
          { text: "A deposit is at least $5 or a share of the price.", citations: ["p1"], kind: "fact" },
          { text: "It is refunded within an hour.", citations: ["p9"], kind: "fact" },
        ],
      ],
      followUps: [
        { type: "tag", name: "payouts" },
        { type: "assign", name: "The Board" },
      ],
    },
  },
]);
const scripts = { classifier, researcher, responder };

let desk: TestDesk;

beforeAll(async () => {
  desk = await openTestDesk({
    models: {
      for: (agent) => scripts[agent],
      nameOf: (agent) => `scripted:${agent}`,
      usage: () => {
        throw new Error("nobody asks here what was spent");
      },
      description: "scripted",
    },
  });
});

afterAll(async () => {
  await desk.close();
});

describe("the graph with models", () => {
  it("shows a draft whose citations code has checked, and sends nothing", async () => {
    const { asked } = await desk.open(CONVERSATION, MINA);
    for (const script of Object.values(scripts)) script.finish();

    expect(asked?.body).toContain("A deposit is at least $5 or a share of the price.");
    expect(asked).toMatchObject({
      engine: "scripted:responder",
      citations: [{ passages: [{ quote: QUOTE, source: { id: "8800022" } }] }, { passages: [] }],
      unsupported: ["It is refunded within an hour."],
      author: { teammate: MINA, adminId: "5510001" },
    });
    expect(JSON.stringify(asked)).not.toContain("always free of charge");
    expect(JSON.stringify(asked?.followUps)).not.toContain("The Board");
    expect(desk.writes(CONVERSATION)).toEqual([]);
  });

  it("was offered reading tools only, without the arguments that code sets, and no credential", () => {
    const prompts = Object.values(scripts)
      .map(({ prompts: text }) => text)
      .join("\n");
    expect(prompts).not.toMatch(/reply_to_conversation|manage_conversation|admin_id/);
    for (const token of [...desk.sandbox.world.providerTokens(), desk.sandbox.clientSecret]) {
      expect(prompts).not.toContain(token);
    }
  });

  it("sends what the teammate approved of it, as the teammate", async () => {
    const { outcome } = await desk.answer(CONVERSATION, MINA, { type: "edit", body: "At least $5." });
    expect(outcome).toMatchObject({ type: "sent" });
    expect(desk.writes(CONVERSATION)[0]?.parameters).toMatchObject({
      admin_id: "5510001",
      body: "<p>At least $5.</p>",
    });
  });
});
