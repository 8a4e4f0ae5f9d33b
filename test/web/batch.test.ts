import { beforeEach, describe, expect, it } from "@jest/globals";
import type { Answer } from "../../src/domain/decision.ts";
import type { Progress, ReviewPage } from "../../src/web/api.ts";
import type { Answered } from "../../src/web/inbox/answered.ts";
import {
  doubtsAbout,
  hindranceTo,
  resultInPage,
  summaryOf,
  type BatchRun,
  type Choice,
} from "../../src/web/inbox/batch.ts";
import { createBatchRunner, type BatchRunner } from "../../src/web/inbox/batch-runner.ts";
import { sentenceAbout } from "../../src/web/inbox/readers.ts";
import { MINA, proposal } from "../store/fixtures.ts";

const AT = "2026-11-20T09:00:00.000Z";
const sent: Answered<Progress> = {
  kind: "ok",
  value: { type: "ended", outcome: { type: "sent", partId: "1" } },
};
const offline: Answered<Progress> = { kind: "offline" };

function pageOf(changes: Partial<ReviewPage["review"]> = {}, more: Partial<ReviewPage> = {}): ReviewPage {
  const review: ReviewPage["review"] = {
    ...proposal("1"),
    ...{ version: 1, status: "open", createdAt: AT },
    ...changes,
  };
  return {
    review,
    permission: { kind: "yours" },
    shown: { followUps: [], warnings: [] },
    ...{ decision: null, deliveries: [], topicTitle: "Payments", authorName: "Mina Park", history: [] },
    conversation: { kind: "refused", code: "x", message: "Not now.", next: "Later." },
    ...more,
  };
}

function decidedPage(statuses: ReviewPage["deliveries"][number]["status"][], digest = "d1"): ReviewPage {
  const { plan } = proposal("1");
  return pageOf(
    { status: "decided" },
    {
      decision: {
        ...{
          id: "dec",
          reviewId: "r",
          type: "approve",
          decidedBy: MINA,
          via: "session",
          shownDigest: digest,
        },
        ...{ plan, planDigest: digest, body: "", comment: null, decidedAt: AT },
      },
      deliveries: statuses.map((status, position) => ({
        ...{ id: String(position), decisionId: "dec", position, action: plan.actions[0]!, status, fence: 1 },
        ...{
          claimedAt: null,
          finishedAt: null,
          partId: null,
          executionId: null,
          reason: "The customer wrote.",
        },
      })),
    },
  );
}

describe("a batch on its way", () => {
  let run: BatchRun | null;
  let asked: { id: string; answer: Answer }[];
  let atOnce: number;
  let most: number;
  let signedOut: number;
  let answers: Record<string, Answered<Progress>>;
  let pages: Record<string, Answered<ReviewPage>[]>;
  let waits: { milliseconds: number; pass: () => void }[];
  let runner: BatchRunner;

  beforeEach(() => {
    [run, asked, atOnce, most, signedOut, answers, pages, waits] = [null, [], 0, 0, 0, {}, {}, []];
    runner = createBatchRunner({
      client: {
        decide: async (id, answer) => {
          asked.push({ id, answer });
          atOnce += 1;
          most = Math.max(most, atOnce);
          await settled();
          atOnce -= 1;
          return answers[id] ?? sent;
        },
        review: async (id) => pages[id]?.shift() ?? { kind: "ok", value: pageOf() },
      },
      clock: () => new Date(AT),
      wait: (milliseconds) => new Promise((pass) => waits.push({ milliseconds, pass })),
      onChange: (next) => (run = next),
      onItem: () => undefined,
      onOver: () => undefined,
      onSignedOut: () => (signedOut += 1),
    });
  });
  const start = (...ids: string[]) => {
    runner.start(
      ids.map((id) => ({ id, customer: id, title: "", digest: `d-${id}` })),
      5,
    );
  };
  /** Lets everything pass that is waited for, and whatever follows. */
  const passAll = async () => {
    for (let turn = 0; turn < 60; turn += 1) {
      for (const { pass } of waits.splice(0)) pass();
      await settled();
    }
  };
  const statuses = () => Object.fromEntries(run?.items.map(({ id, status }) => [id, status]) ?? []);

  it("has not left before the undo window is over, and can be taken back whole until then", async () => {
    start("a", "b");
    await settled();
    expect(waits.map(({ milliseconds }) => milliseconds)).toEqual([5_000]);
    expect(runner.undo()).toBe(true);
    await passAll();
    expect([run, asked]).toEqual([null, []]);
    start("a");
    await passAll();
    expect(runner.undo()).toBe(false);
  });

  it("approves each by the digest that was shown, once, two at a time at most", async () => {
    start("a", "b", "c", "d", "e");
    await passAll();
    expect(asked).toEqual(
      ["a", "b", "c", "d", "e"].map((id) => ({ id, answer: { type: "approve", digest: `d-${id}` } })),
    );
    expect(most).toBe(2);
    expect(run).toMatchObject({ status: "over" });
    expect(summaryOf(run!.items)).toBe("5 sent");
  });

  it("goes on when one is refused or comes back, and says which and why", async () => {
    const problem = { code: "already_decided", message: "Jonas was faster.", next: "Nothing more." };
    answers = {
      a: { kind: "refused", problem },
      b: { kind: "ok", value: { type: "waiting", reviewId: "new" } },
      c: { kind: "ok", value: { type: "ended", outcome: { type: "unknown", reason: "Timed out." } } },
    };
    start("a", "b", "c", "d");
    await passAll();
    expect(statuses()).toEqual({ a: "refused", b: "back", c: "reconciling", d: "sent" });
    expect(run!.items[0]!.message).toContain("Jonas was faster.");
    expect(run!.items[1]!.nextReviewId).toBe("new");
    expect(summaryOf(run!.items)).toBe("1 sent, 1 being reconciled, 1 came back, 1 refused");
  });

  it("stops when the connection is lost, reads what it does not know again, and sends nothing twice", async () => {
    answers = { a: offline, b: offline };
    pages = { a: [{ kind: "offline" }, { kind: "ok", value: decidedPage(["sent"], "d-a") }] };
    start("a", "b", "c");
    await passAll();
    expect(asked.map(({ id }) => id)).toEqual(["a", "b"]);
    // b was looked for several times, and still waits; c never left.
    expect(statuses()).toEqual({ a: "sent", b: "held", c: "held" });
    answers = {};
    runner.sendRest();
    await passAll();
    expect(asked.map(({ id }) => id)).toEqual(["a", "b", "b", "c"]);
    expect(statuses()).toEqual({ a: "sent", b: "sent", c: "sent" });
  });

  it("stops when the session ends, and keeps what has not left", async () => {
    answers = { a: { kind: "signed_out" }, b: { kind: "signed_out" } };
    start("a", "b", "c");
    await passAll();
    expect(signedOut).toBeGreaterThan(0);
    expect(statuses()).toEqual({ a: "held", b: "held", c: "held" });
  });

  it("is taken up after a reload: what waited is held, what had left is looked for", async () => {
    pages = { b: [{ kind: "ok", value: decidedPage(["sent"], "d-b") }] };
    const item = { customer: "", title: "", message: "", nextReviewId: null };
    runner.resume({
      status: "sending",
      leavesAt: 0,
      items: [
        { ...item, id: "a", digest: "d-a", status: "waiting" },
        { ...item, id: "b", digest: "d-b", status: "sending" },
        { ...item, id: "c", digest: "d-c", status: "sent" },
      ],
    });
    await passAll();
    expect([statuses(), asked]).toEqual([{ a: "held", b: "sent", c: "sent" }, []]);
    runner.dismiss();
    expect(run).toBeNull();
  });
});

describe("a review that is read again after its answer was lost", () => {
  it("says sent only of what was sent, and knows nothing while nothing is decided", () => {
    expect(resultInPage(pageOf(), "d1")).toBeNull();
    expect(resultInPage(decidedPage(["sent", "sent"]), "d1")?.status).toBe("sent");
    expect(resultInPage(decidedPage(["sent", "sending"]), "d1")).toBeNull();
    expect(resultInPage(decidedPage(["unknown", "queued"]), "d1")?.status).toBe("reconciling");
    expect(resultInPage(decidedPage(["stale", "skipped"]), "d1")).toMatchObject({
      status: "back",
      message: "The customer wrote.",
    });
    expect(resultInPage(decidedPage(["sent"]), "another")?.status).toBe("refused");
    expect(resultInPage(pageOf({ status: "superseded" }), "d1")?.status).toBe("back");
  });
});

describe("a draft among others", () => {
  const choice = (page: ReviewPage | null): Choice => ({
    ...{ id: "r", customer: "", title: "", page, problem: null, ticked: false },
  });
  const conversation = (change: string | null) =>
    ({ kind: "read", conversation: {}, contact: null, change }) as unknown as ReviewPage["conversation"];
  it("cannot be approved when it is closed, out of date, or cannot be read", () => {
    expect(hindranceTo(choice(null))).not.toBeNull();
    expect(hindranceTo(choice(pageOf()))).toContain("Not now.");
    expect(hindranceTo(choice(pageOf({}, { conversation: conversation("Ana wrote.") })))).toContain(
      "Ana wrote.",
    );
    expect(hindranceTo(choice(decidedPage(["sent"])))).toContain("decided");
    expect(hindranceTo(choice(pageOf({}, { permission: { kind: "pick_up" } })))).toContain("Mina Park");
    expect(hindranceTo(choice(pageOf({}, { conversation: conversation(null) })))).toBeNull();
  });

  it("is doubted for each thing that is better read by itself", () => {
    expect(doubtsAbout(pageOf(), false)).toEqual([]);
    const { draft, classification } = proposal("1");
    const sentences = [{ text: "Two days.", citations: [], kind: "fact" as const }];
    expect(doubtsAbout(pageOf({ draft: { ...draft, sentences } }), false)).toEqual([
      "1 sentence has no source.",
    ]);
    const uncertain = pageOf({ classification: { ...classification, uncertain: true } });
    expect(doubtsAbout(uncertain, false)).toEqual(["The topic is uncertain: Payments."]);
    expect(doubtsAbout(pageOf(), true)).toHaveLength(1);
    expect(doubtsAbout(pageOf({ kept: "My words." }), false)).toHaveLength(1);
    const warned = pageOf({}, { shown: { followUps: [], warnings: ["Sources disagree."] } });
    expect(doubtsAbout(warned, false)).toEqual(["Sources disagree."]);
  });
});

describe("who else is there", () => {
  it("is said in a sentence, those who edit first", () => {
    const is = (name: string, editing = false) => ({ name, editing });
    expect(sentenceAbout([])).toBe("");
    expect(sentenceAbout([is("Jonas")])).toBe("Jonas is looking");
    expect(sentenceAbout([is("Jonas"), is("Mina", true)])).toBe("Mina is editing · Jonas is looking");
    expect(sentenceAbout([is("A"), is("B")])).toBe("A and B are looking");
    expect(sentenceAbout(["A", "B", "C", "D"].map((name) => is(name)))).toBe("A, B and 2 others are looking");
  });
});

/** Once everything that follows from what is known has happened. */
function settled(): Promise<void> {
  return new Promise((done) => setImmediate(done));
}
