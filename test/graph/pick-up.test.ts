import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { pickUp } from "../../src/review/pick-up.ts";
import { listFacts, verifyLedger } from "../../src/store/audit.ts";
import { findOpenReview, listReviews } from "../../src/store/reviews.ts";
import { dispatcher, JONAS, MINA, openTestDesk, PRIYA, teammate, type TestDesk } from "../support/desk.ts";
import { plainEngines } from "../support/engines.ts";

/** Mina's: assigned to nobody, with no team. */
const UNASSIGNED = "215400000015";
/** Priya's, of the team Billing & Accounts, of which Mina is a member too. */
const BILLING = "215400000017";
const TOMAS = "tomas.oliveira@quillbook.example";
const LEILA = "leila.haddad@quillbook.example";

let desk: TestDesk;
beforeAll(async () => {
  const signed = plainEngines();
  desk = await openTestDesk({
    engines: plainEngines({
      draft: async (request) => {
        const draft = await signed.draft(request);
        const [first] = request.teammate.name.split(" ");
        return { ...draft, body: `${draft.body}\n\n${first}, Quillbook support` };
      },
    }),
  });
});
afterAll(() => desk.close());

describe("picking up a colleague's draft", () => {
  it("makes it one's own: signed by them, sent as them, with both names in the ledger", async () => {
    const { asked } = await desk.open(BILLING, PRIYA);
    expect(await pickUp(desk.runtime, teammate(MINA), asked!.reviewId)).toMatchObject({
      picked: true,
      conversationId: BILLING,
    });
    // The desk's own run puts it before her, on a thread that is hers.
    desk.loseThreads();
    const hers = await desk.open(BILLING, dispatcher(MINA));
    expect(hers.asked).toMatchObject({
      version: 2,
      notice: "Picked up from Priya Nair.",
      body: asked!.body.replace("Priya, Quillbook", "Mina, Quillbook"),
      author: { teammate: MINA, adminId: "5510001" },
    });
    expect(hers.asked?.digest).not.toBe(asked?.digest);
    const { outcome } = await desk.answer(BILLING, MINA, { type: "approve", digest: hers.asked?.digest });
    expect(outcome).toMatchObject({ type: "sent" });
    for (const { parameters } of desk.writes(BILLING)) expect(parameters.admin_id).toBe("5510001");

    const facts = await listFacts(desk.runtime.store.db, { conversationId: BILLING });
    expect(facts.map(({ event, actor }) => [event, actor])).toEqual([
      ["review.opened", "countersign"],
      ["review.picked_up", MINA],
      ["review.opened", MINA],
      ["review.decided", MINA],
      ["delivery.sending", "countersign"],
      ["delivery.sent", MINA],
      ["delivery.sending", "countersign"],
      ["delivery.sent", MINA],
    ]);
    expect(facts[1]?.data).toMatchObject({ from: PRIYA, reviewId: asked?.reviewId });
    expect((await verifyLedger(desk.runtime.store.db)).broken).toBeNull();
  });

  it("is refused by the rules, with whom it is for, and changes nothing", async () => {
    const { asked } = await desk.open(UNASSIGNED, MINA);
    const refused = await pickUp(desk.runtime, teammate(JONAS), asked!.reviewId);
    expect(refused).toMatchObject({
      picked: false,
      report: { code: "not_permitted", message: expect.stringContaining("assigned to nobody") },
    });
    expect(await waiting(UNASSIGNED)).toMatchObject({ id: asked?.reviewId, teammate: MINA });
  });

  it("is refused to who cannot read the conversation, to the desk itself, and of a review that is not there", async () => {
    const review = (await waiting(UNASSIGNED))!;
    expect(await pickUp(desk.runtime, teammate(LEILA), review.id)).toMatchObject({
      report: { code: "not_found" },
    });
    for (const [who, id] of [
      [dispatcher(MINA), review.id],
      [teammate(MINA), "guessed"],
    ] as const) {
      expect(await pickUp(desk.runtime, who, id)).toMatchObject({ report: { code: "review_unknown" } });
    }
  });

  it("lets one of several win, and tells the others who has it", async () => {
    const conversation = "215400000031";
    const { asked } = await desk.open(conversation, TOMAS);
    const results = await Promise.all(
      [JONAS, MINA].map((who) => pickUp(desk.runtime, teammate(who), asked!.reviewId)),
    );
    expect(results.filter(({ picked }) => picked)).toHaveLength(1);
    const winner = (await waiting(conversation))!.teammate;
    expect(results.find((result) => !result.picked)).toMatchObject({
      report: {
        code: "review_not_open",
        message: expect.stringMatching(winner === JONAS ? /Jonas Weber has/ : /Mina Park has/),
      },
    });
    expect(await pickUp(desk.runtime, teammate(winner), (await waiting(conversation))!.id)).toMatchObject({
      picked: true,
    });
    expect(await listReviews(desk.runtime.store.db, { conversationId: conversation })).toHaveLength(2);
  });

  it("makes a new draft of a conversation that moved on", async () => {
    const conversation = "215400000019";
    const { asked } = await desk.open(conversation, PRIYA);
    await desk.sandbox.world.customerWrites(conversation, { body: "And one more thing." });
    expect(await pickUp(desk.runtime, teammate(MINA), asked!.reviewId)).toMatchObject({ picked: true });
    expect(await waiting(conversation)).toBeNull();
    desk.loseThreads();
    expect((await desk.open(conversation, dispatcher(MINA))).asked).toMatchObject({
      author: { teammate: MINA },
    });
  });

  it("is not taken back by a run of the teammate it was taken from", async () => {
    const conversation = "215400000034";
    const { adminAssigneeId } = desk.sandbox.world.conversation(conversation);
    expect(adminAssigneeId).toBe("5510003");
    const { asked } = await desk.open(conversation, PRIYA);
    await pickUp(desk.runtime, teammate(MINA), asked!.reviewId);
    desk.loseThreads();
    const { outcome } = await desk.open(conversation, dispatcher(PRIYA));
    expect(outcome).toMatchObject({ type: "blocked", reason: expect.stringContaining(MINA) });
    expect(await waiting(conversation)).toMatchObject({ teammate: MINA });
  });

  it("helps nobody whom the rules do not let decide any more", async () => {
    const conversation = "215400000034";
    const before = desk.runtime.desk.decide;
    await desk.open(conversation, dispatcher(MINA));
    desk.runtime.desk.decide = { leads: [], team: false };
    const { asked } = await desk.answer(conversation, MINA, { type: "approve" });
    desk.runtime.desk.decide = before;
    expect(asked?.refusal).toContain("By the desk's rules it is for the teammate it is assigned to.");
    expect(desk.writes(conversation)).toEqual([]);
  });
});

function waiting(conversationId: string) {
  return findOpenReview(desk.runtime.store.db, desk.sandbox.world.workspaceId, conversationId);
}
