import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { bandOf, editDistance, fates } from "../../evals/replay/distance.ts";
import { forecastOf } from "../../evals/replay/forecast.ts";
import { comparePast, readPastAnswers } from "../../evals/replay/past-reviews.ts";
import { planDigest, type Plan } from "../../src/domain/action.ts";
import type { Decision } from "../../src/domain/decision.ts";
import type { Review } from "../../src/domain/review.ts";
import { recordDecision } from "../../src/store/decisions.ts";
import { claimDelivery, finishDelivery } from "../../src/store/deliveries.ts";
import { openReview } from "../../src/store/reviews.ts";
import { openTestStore, type TestStore } from "../store/engines.ts";
import { approval, AT, newConversation, plan, proposal } from "../store/fixtures.ts";

describe("the edit distance", () => {
  it("is none for the same text, however it is spaced and composed", () => {
    expect(editDistance("Hello  José,\n\nthe buffer.", "Hello Jose\u0301, the buffer. ")).toBe(0);
    expect(bandOf(editDistance("Hello", "Hello"))).toBe("unchanged");
  });

  it("counts capitals and punctuation", () => {
    expect(editDistance("Hello there.", "hello there!")).toBeCloseTo(2 / 12);
  });

  it("falls into four bands, whose borders belong to the lower one", () => {
    const bands = [0, 0.0001, 0.1, 0.1001, 0.4, 0.4001, 1].map(bandOf);
    expect(bands).toEqual(["unchanged", "light", "light", "heavy", "heavy", "rejected", "rejected"]);
  });

  it("is between 0 and 1 and the same both ways", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (one, other) => {
        const distance = editDistance(one, other);
        expect(distance).toBeGreaterThanOrEqual(0);
        expect(distance).toBeLessThanOrEqual(1);
        expect(editDistance(other, one)).toBe(distance);
      }),
    );
  });
});

const DRAFT = "Hi Ana,\n\nThe buffer can be set under Services, up to 120 minutes.\n\nMina";

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

/** Opens a review of a conversation as the graph would, for the message with this id. */
async function open(conversationId: string, body = DRAFT, lastPartId = "p9", changes: Partial<Review> = {}) {
  const basis = proposal(conversationId);
  const seen = { ...plan(conversationId).seen, lastPartId };
  const draft = { ...basis.draft, body, ...changes.draft };
  return await openReview(
    store.db,
    proposal(conversationId, { plan: { ...plan(conversationId), seen }, ...changes, draft }),
    AT,
  );
}

/** Decides it, and lets its reply end in a way. */
async function decide(
  review: Review,
  changes: Partial<Decision>,
  ends: "sent" | "failed" | "stale" | null = "sent",
) {
  const writes = changes.type === undefined || changes.type === "approve" || changes.type === "edit";
  const approved: Plan | null = writes ? review.plan : null;
  const proposed = approval(review, {
    plan: approved,
    planDigest: approved && planDigest(approved),
    body: writes ? review.draft.body : null,
    ...changes,
  });
  await recordDecision(store.db, proposed);
  const [reply] = proposed.deliveries;
  if (!reply || ends === null) return;
  const claimed = await claimDelivery(store.db, reply.id, AT);
  const nothing = { partId: null, executionId: null, reason: null, actor: "countersign", at: AT };
  await finishDelivery(store.db, {
    ...{ id: reply.id, fence: claimed!.fence, from: "sending", to: ends },
    ...nothing,
  });
}

async function read(conversationId: string) {
  const { answers, leftOut } = await readPastAnswers(store.db, { since: null, limit: Infinity });
  const own = answers.filter(({ review }) => review.conversationId === conversationId);
  return { own: own.map(comparePast), leftOut };
}

describe("a review of the past", () => {
  it("was sent unchanged when it was approved", async () => {
    const id = newConversation();
    await decide(await open(id), {});
    expect((await read(id)).own).toEqual([
      expect.objectContaining({ fate: "unchanged", distance: 0, sent: DRAFT, topic: "payments_setup" }),
    ]);
  });

  it("was edited lightly, heavily or beyond use, by how much of it was sent", async () => {
    const edited = [
      DRAFT.replace("Hi Ana", "Hello Ana"),
      DRAFT.replace("can be set under Services", "is a setting of each service"),
      "No.",
    ];
    const seen: string[] = [];
    for (const body of edited) {
      const id = newConversation();
      await decide(await open(id), { type: "edit", body });
      seen.push((await read(id)).own[0]?.fate ?? "");
    }
    expect(seen).toEqual(["light", "heavy", "rejected"]);
  });

  it("was rejected when a person said so or answered by hand", async () => {
    for (const type of ["reject", "take_over"] as const) {
      const id = newConversation();
      await decide(await open(id), { type, comment: type === "reject" ? "It is wrong." : null });
      const { own } = await read(id);
      expect(own).toEqual([expect.objectContaining({ fate: "rejected", distance: null, sent: null })]);
      if (type === "reject") expect(own[0]?.reason).toBe("Rejected: It is wrong.");
    }
  });

  it("was left to a person when the draft was a note", async () => {
    const id = newConversation();
    const review = await open(id, DRAFT, "p9", {
      draft: { ...proposal(id).draft, channel: "note", body: "Please look.", abstained: true },
    });
    await decide(review, {});
    expect((await read(id)).own).toEqual([expect.objectContaining({ fate: "person", distance: null })]);
  });

  it("that was sent back is one answer with the next: the first draft counts", async () => {
    const id = newConversation();
    await decide(await open(id), { type: "revise", comment: "Shorter." });
    await decide(await open(id, "Up to 120 minutes."), {});
    const { own } = await read(id);
    expect(own).toHaveLength(1);
    expect(own[0]).toMatchObject({ fate: "rejected", sent: "Up to 120 minutes." });
    expect(own[0]?.distance).toBeGreaterThan(0.4);
    expect(own[0]?.reason).toContain("Sent back once");
  });

  it("that did not get out and came back with the person's own words is compared with what the desk wrote", async () => {
    const id = newConversation();
    await decide(await open(id), { type: "edit", body: "My own words." }, "failed");
    await decide(await open(id, "My own words."), {});
    expect((await read(id)).own).toEqual([
      expect.objectContaining({
        fate: "rejected",
        sent: "My own words.",
        draft: { channel: "comment", body: DRAFT },
      }),
    ]);
  });

  it("is not counted when the customer wrote again, and the next one is for itself", async () => {
    const id = newConversation();
    await decide(await open(id), {}, "stale");
    await decide(await open(id, DRAFT, "p12"), {});
    const { own, leftOut } = await read(id);
    expect(own.map(({ fate }) => fate)).toEqual(["unchanged"]);
    expect(leftOut).toContain("the conversation went on before the answer was sent");
  });

  it("is not counted while nobody decided, while it is on its way, and where nothing was to be sent", async () => {
    const ids = [newConversation(), newConversation(), newConversation()] as const;
    await open(ids[0]);
    await decide(await open(ids[1]), {}, null);
    const silent = { ...plan(ids[2]), actions: [] };
    await decide(await open(ids[2], ""), { plan: silent, planDigest: planDigest(silent), body: null }, null);
    const { leftOut } = await read(ids[0]);
    for (const id of ids) expect((await read(id)).own).toEqual([]);
    expect(leftOut).toEqual(
      expect.arrayContaining([
        "nobody has decided yet",
        "on its way, or being looked for",
        "the draft was to send nothing, and a person agreed",
      ]),
    );
  });

  it("is read from a date on, and at most so many", async () => {
    const later = new Date(AT.getTime() + 1);
    expect((await readPastAnswers(store.db, { since: later, limit: Infinity })).answers).toEqual([]);
    expect((await readPastAnswers(store.db, { since: AT, limit: 2 })).answers).toHaveLength(2);
  });
});

describe("the forecast", () => {
  const answer = (topic: string, fate: (typeof fates)[number]) => ({
    ...{
      conversationId: "1",
      at: "",
      topic,
      fate,
      messages: [],
      asks: [],
      sent: null,
      distance: null,
      reason: "",
    },
    draft: { channel: "comment" as const, body: "" },
  });

  it("gives each share with Wilson's interval, over all and by topic, the most frequent first", () => {
    const answers = [
      ...Array.from({ length: 30 }, (_, index) => answer("scheduling", index < 15 ? "unchanged" : "light")),
      answer("payouts", "person"),
    ];
    const [all, scheduling, payouts] = forecastOf(answers);
    expect([all?.topic, scheduling?.topic, payouts?.topic]).toEqual([null, "scheduling", "payouts"]);
    expect(scheduling?.shares.unchanged).toMatchObject({ value: 0.5 });
    expect(scheduling?.shares.unchanged.low).toBeCloseTo(0.332, 3);
    expect(scheduling?.shares.unchanged.high).toBeCloseTo(0.668, 3);
    expect(payouts?.shares.person).toMatchObject({ value: 1, high: 1 });
    for (const { shares } of [all!, scheduling!, payouts!]) {
      expect(fates.reduce((sum, fate) => sum + shares[fate].value, 0)).toBeCloseTo(1);
    }
  });

  it("says where there are too few", () => {
    const answers = Array.from({ length: 20 }, (_, index) => answer(index < 19 ? "one" : "two", "heavy"));
    expect(forecastOf(answers).map(({ few }) => few)).toEqual([false, true, true]);
  });
});
