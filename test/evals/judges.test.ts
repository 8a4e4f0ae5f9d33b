import { describe, expect, it } from "@jest/globals";
import { judgeEnd, judgeFollowUps } from "../../evals/judge/actions.ts";
import { judgeAsks } from "../../evals/judge/asks.ts";
import { judgeAbstention, judgeFacts, judgeForbidden } from "../../evals/judge/draft.ts";
import { judgeCitations, judgeRetrieval } from "../../evals/judge/retrieval.ts";
import { judgeRoute } from "../../evals/judge/route.ts";
import { judgeTopic, judgeUrgency } from "../../evals/judge/topic.ts";
import { draftWith, judged, turnWith } from "./cases.ts";

const { classification } = turnWith({});
if (!classification) throw new Error("the turn of the tests is classified");
const note = draftWith({ channel: "note", body: 'The customer asks: "a credit of $400"', abstained: true });

describe("the topic", () => {
  it("is right when it is one of those acceptable, and counted under what it is", () => {
    const said = judged(judgeTopic, { topic: ["calendar_sync", "scheduling"] });
    expect(said).toMatchObject({ passed: true, labels: { expected: "scheduling", got: "scheduling" } });
  });

  it("is wrong when it is another, or when the run did not come to one", () => {
    expect(judged(judgeTopic, { topic: "payouts" })).toMatchObject({
      passed: false,
      counts: { "topic accuracy": { hit: 0, of: 1 } },
      labels: { expected: "payouts", got: "scheduling" },
      reasons: ["The topic is scheduling, not payouts."],
    });
    expect(judged(judgeTopic, { topic: "payouts" }, { classification: null })?.passed).toBe(false);
  });

  it("is not judged where nothing is expected of it, nor is the urgency", () => {
    expect(judged(judgeTopic, { route: "reply" })).toBeNull();
    expect(judged(judgeUrgency, { route: "reply" })).toBeNull();
    expect(judged(judgeUrgency, { urgency: ["high", "urgent"] })?.passed).toBe(false);
    expect(judged(judgeUrgency, { urgency: "normal" })?.passed).toBe(true);
  });
});

describe("the route", () => {
  it("counts for the recall of escalation only where nothing else is acceptable", () => {
    expect(judged(judgeRoute, { route: "escalate" })?.counts).toEqual({
      "route accuracy": { hit: 0, of: 1 },
      "escalation recall": { hit: 0, of: 1 },
    });
    expect(judged(judgeRoute, { route: ["reply", "escalate"] })?.counts).toEqual({
      "route accuracy": { hit: 1, of: 1 },
    });
  });

  it("counts against the precision of escalation when it was escalated without need", () => {
    const escalated = { classification: { ...classification, route: "escalate" as const } };
    expect(judged(judgeRoute, { route: "reply" }, escalated)).toMatchObject({
      passed: false,
      counts: { "escalation precision": { hit: 0, of: 1 } },
    });
  });
});

describe("the asks", () => {
  it("are covered by their key words in any inflection", () => {
    expect(judged(judgeAsks, { asks: [["adding", "buffers"]] })?.passed).toBe(true);
  });

  it("are not covered when the words are spread over several asks", () => {
    const asks = ["How do I add a room?", "What is a buffer?"];
    const said = judged(
      judgeAsks,
      { asks: [["add", "buffer"], ["room"]] },
      { classification: { ...classification, asks } },
    );
    expect(said).toMatchObject({ passed: false, counts: { "asks covered": { hit: 1, of: 2 } } });
  });
});

describe("retrieval", () => {
  it("hits at the place where the first needed article stands", () => {
    const found = ["a", "b", "refund-policy"];
    expect(
      judged(judgeRetrieval, { articles: { must: [["refund-policy", "disputes"]] } }, { found }),
    ).toMatchObject({
      passed: true,
      counts: { "retrieval hit@1": { hit: 0, of: 1 }, "retrieval hit@5": { hit: 1, of: 1 } },
    });
  });

  it("fails when a needed article is not found, or only far down", () => {
    const found = ["a", "b", "c", "d", "e", "refund-policy"];
    const said = judged(judgeRetrieval, { articles: { must: ["refund-policy", "disputes"] } }, { found });
    expect(said).toMatchObject({
      passed: false,
      counts: { "retrieval hit@5": { hit: 0, of: 1 }, "retrieval recall": { hit: 1, of: 2 } },
    });
  });

  it("is not judged without an article that is needed", () => {
    expect(judged(judgeRetrieval, { articles: { may: ["a"] } })).toBeNull();
  });
});

describe("citations", () => {
  it("lose precision by an article that is not to the point, and recall by a dropped citation", () => {
    const cited = ["disputes", "macro:4400001"];
    const said = judged(judgeCitations, { articles: { must: ["refund-policy"] } }, { cited });
    expect(said).toMatchObject({
      passed: false,
      counts: { "citation precision": { hit: 0, of: 1 }, "citation recall": { hit: 0, of: 1 } },
    });
  });

  it("fail on what must not be cited, a macro too", () => {
    const cited = ["refund-policy", "macro:4400001"];
    const articles = { must: ["refund-policy"], mustNot: ["macro:4400001"] };
    expect(judged(judgeCitations, { articles }, { cited })?.reasons).toEqual([
      "macro:4400001 is cited and must not be.",
    ]);
  });

  it("pass when they are what is needed and what is fine", () => {
    const articles = { must: ["refund-policy"], may: ["disputes"] };
    expect(judged(judgeCitations, { articles }, { cited: ["disputes", "refund-policy"] })?.passed).toBe(true);
  });
});

describe("abstention", () => {
  it("fails when a person should have answered, and when there is no draft", () => {
    expect(judged(judgeAbstention, { abstain: true })?.passed).toBe(false);
    expect(judged(judgeAbstention, { abstain: true }, { draft: null })?.passed).toBe(false);
    expect(judged(judgeAbstention, { abstain: true }, { draft: note })?.passed).toBe(true);
  });

  it("fails when what could be answered was left to a person, or to nobody", () => {
    expect(judged(judgeAbstention, { abstain: false }, { draft: note })?.passed).toBe(false);
    expect(judged(judgeAbstention, { abstain: false }, { draft: draftWith({ body: "" }) })?.passed).toBe(
      false,
    );
    expect(judged(judgeAbstention, { abstain: false })?.passed).toBe(true);
  });
});

describe("facts", () => {
  it("are found whatever their case, their white space and their quotation marks", () => {
    const draft = draftWith({ body: "Choose  “Replace\ncard” within 30 days. It’s free." });
    const facts = { must: ['"replace card"', ["60 days", "30 DAYS"], "it's free"] };
    expect(judged(judgeFacts, { facts }, { draft })?.passed).toBe(true);
  });

  it("fail when one is missing", () => {
    expect(judged(judgeFacts, { facts: { must: ["120 minutes", "15 minutes"] } })).toMatchObject({
      passed: false,
      counts: { "required facts": { hit: 1, of: 2 } },
    });
  });

  it("fail when a reply says what it must not; a note may quote it", () => {
    const draft = draftWith({ body: "You get a credit of $400." });
    const facts = { mustNot: ["credit of $400"] };
    expect(judged(judgeForbidden, { facts }, { draft })?.passed).toBe(false);
    expect(judged(judgeForbidden, { facts }, { draft: note })?.passed).toBe(true);
  });
});

describe("follow-ups", () => {
  const draft = draftWith({ followUps: [{ type: "tag", id: "1", name: "Billing" }, { type: "close" }] });

  it("fail by one that is missing and by one that is unwanted", () => {
    const followUps = { must: ["tag:billing", "assign:Customer Support"], mustNot: ["close"] };
    expect(judged(judgeFollowUps, { followUps }, { draft })).toMatchObject({
      passed: false,
      counts: { "follow-ups": { hit: 1, of: 3 } },
    });
  });

  it("pass when they are as they should be", () => {
    const followUps = { must: ["tag:billing", "close"], mustNot: ["snooze"] };
    expect(judged(judgeFollowUps, { followUps }, { draft })?.passed).toBe(true);
  });
});

describe("the end state", () => {
  it.each([
    [{ replies: 0 }],
    [{ notes: 1 }],
    [{ state: "closed" }],
    [{ tags: ["VIP"] }],
    [{ notTags: ["Scheduling"] }],
    [{ assignee: "Customer Support" }],
  ])("fails on %j", (end) => {
    expect(judged(judgeEnd, { end })?.passed).toBe(false);
  });

  it("passes when everything is as expected", () => {
    const end = {
      replies: 1,
      notes: 0,
      state: "open",
      tags: ["Scheduling"],
      notTags: ["VIP"],
      assignee: null,
    };
    expect(judged(judgeEnd, { end })?.passed).toBe(true);
  });

  it("says why the run ended otherwise", () => {
    const changes = {
      outcome: { type: "stale", reason: "The customer wrote again." },
      end: { ...turnWith({}).end, replies: 0 },
    };
    expect(judged(judgeEnd, { end: { replies: 1 } }, changes)?.reasons).toContain(
      "The run: The customer wrote again.",
    );
  });
});
