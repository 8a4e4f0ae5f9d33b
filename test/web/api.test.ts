import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { z } from "zod";
import { Progress, ReviewCounts, ReviewEventData, ReviewList, ReviewPage } from "../../src/web/api.ts";
import { describeApi } from "../../src/web/routes/openapi.ts";
import { JONAS, MINA, PRIYA, SAM } from "../support/desk.ts";
import { startWebDesk, type WebDesk } from "./fixtures/desk.ts";
import { listen } from "./fixtures/listen.ts";

/** Mina's: 15, 46, 60. Priya's: 17. */
const conversations = ["15", "46", "60", "17"].map((end) => `2154000000${end}`);

/** May see only what is with her or her teams, which is nothing. */
const LEILA = "leila.haddad@quillbook.example";

let desk: WebDesk;
beforeAll(async () => {
  desk = await startWebDesk(conversations);
}, 120_000);
afterAll(() => desk.stop());

describe("the API behind the page", () => {
  it("lists, counts and shows what its own description says", async () => {
    const list = ReviewList.parse(await read(MINA, "/api/reviews?order=risk&limit=2"));
    expect(list.reviews).toHaveLength(2);
    const rest = ReviewList.parse(await read(MINA, `/api/reviews?order=risk&limit=2&after=${list.next}`));
    expect(rest.reviews).toHaveLength(1);
    expect(rest.next).toBeNull();
    expect(ReviewCounts.parse(await read(MINA, "/api/reviews/counts")).total).toBe(3);
    const page = ReviewPage.parse(await read(MINA, `/api/reviews/${list.reviews[0]!.id}`));
    expect(page.conversation).toMatchObject({ kind: "read", change: null });
    expect(page.authorName).toBe("Mina Park");
  });

  it("shows a colleague's review to who can read its conversation in Intercom, and takes no decision of theirs", async () => {
    const [theirs] = ReviewList.parse(await read(PRIYA, "/api/reviews")).reviews;
    const path = `/api/reviews/${theirs!.id}`;
    expect(ReviewPage.parse(await read(MINA, path))).toMatchObject({
      permission: { kind: "pick_up" },
      authorName: "Priya Nair",
      conversation: { kind: "read" },
    });
    expect(ReviewPage.parse(await read(JONAS, path))).toMatchObject({
      permission: { kind: "refused", reason: expect.stringContaining("assigned to another teammate") },
    });
    const decided = await call(MINA, `${path}/decision`, "POST", { answer: { type: "approve" } });
    expect([decided.status, await decided.json()]).toMatchObject([403, { code: "not_your_review" }]);
    const picked = await call(JONAS, `${path}/pick-up`, "POST");
    expect([picked.status, await picked.json()]).toMatchObject([403, { code: "not_permitted" }]);
    expect((await fetch(new URL(path, desk.url))).status).toBe(401);
  });

  it("hides it from who cannot, as if it were not there, in lists as well", async () => {
    const [theirs] = ReviewList.parse(await read(PRIYA, "/api/reviews")).reviews;
    for (const [method, path] of [
      ["GET", `/api/reviews/${theirs!.id}`],
      ["POST", `/api/reviews/${theirs!.id}/decision`],
      ["POST", `/api/reviews/${theirs!.id}/pick-up`],
      ["GET", "/api/reviews/guessed"],
    ] as const) {
      const answer = await call(LEILA, path, method, { answer: { type: "approve" } });
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({ code: "review_unknown" });
    }
    for (const scope of ["mine", "team", "all"]) {
      expect(await listed(LEILA, `/api/reviews?order=risk&scope=${scope}`)).toEqual([]);
    }
    const refused = await call(SAM, "/api/reviews?order=risk&scope=all", "GET");
    expect([refused.status, await refused.json()]).toMatchObject([
      403,
      { next: expect.stringMatching(/connect/i) },
    ]);
  });

  it("shows it no longer once their own connection is taken away, though it was readable a moment ago", async () => {
    const [theirs] = ReviewList.parse(await read(PRIYA, "/api/reviews")).reviews;
    const path = `/api/reviews/${theirs!.id}`;
    await read(JONAS, path);
    await desk.sandboxed("POST", "/sandbox/accounts", { identifier: JONAS, change: "token_revoked" });
    const answer = await call(JONAS, path, "GET");
    await desk.sandboxed("POST", "/sandbox/accounts", { identifier: JONAS, change: "active" });
    expect([answer.status, await answer.json()]).toMatchObject([404, { code: "review_unknown" }]);
  });

  it("lists one's own, those of one's teams, and all one may see", async () => {
    const ends = async (identifier: string, scope: string) =>
      (await listed(identifier, `/api/reviews?order=risk&scope=${scope}`)).map((id) => id.slice(-2)).sort();
    expect(await ends(MINA, "mine")).toEqual(["15", "46", "60"]);
    expect(await ends(MINA, "team")).toEqual(["17"]);
    expect(await ends(MINA, "all")).toEqual(["15", "17", "46", "60"]);
    expect(await ends(JONAS, "team")).toEqual([]);
    expect(ReviewCounts.parse(await read(MINA, "/api/reviews/counts?scope=all")).total).toBe(4);
  });

  it("hands a colleague's review over on request, once", async () => {
    const [theirs] = ReviewList.parse(await read(PRIYA, "/api/reviews")).reviews;
    const answer = await call(MINA, `/api/reviews/${theirs!.id}/pick-up`, "POST");
    const events = (await answer.text()).trim().split("\n");
    const last = Progress.parse(JSON.parse(events.at(-1)!));
    expect(last).toEqual({ type: "waiting", reviewId: expect.any(String) });
    const mine = ReviewPage.parse(
      await read(MINA, `/api/reviews/${"reviewId" in last ? last.reviewId : ""}`),
    );
    expect(mine).toMatchObject({ permission: { kind: "yours" }, authorName: "Mina Park" });
    const again = await call(MINA, `/api/reviews/${theirs!.id}/pick-up`, "POST");
    expect([again.status, await again.json()]).toMatchObject([
      409,
      { code: "review_not_open", message: expect.stringContaining("Mina Park") },
    ]);
    const sent = await call(MINA, `/api/reviews/${mine.review.id}/decision`, "POST", {
      answer: { type: "take_over", digest: mine.review.digest },
    });
    expect(sent.status).toBe(200);
  });

  it("refuses what it does not understand, what is stale and what is decided, each with its status", async () => {
    const [review] = ReviewList.parse(await read(MINA, "/api/reviews?order=risk&q=gap")).reviews.slice(-1);
    const decide = (answer: unknown) => call(MINA, `/api/reviews/${review!.id}/decision`, "POST", { answer });
    expect((await call(MINA, "/api/reviews?q=gap", "GET")).status).toBe(400);
    expect((await decide({ type: "edit", body: " " })).status).toBe(422);
    expect((await decide({ type: "approve", digest: "0".repeat(64) })).status).toBe(409);
    const decided = await decide({ type: "reject", reason: "No." });
    expect([decided.status, await decided.json()]).toEqual([
      200,
      { type: "ended", outcome: { type: "rejected" } },
    ]);
    const again = await decide({ type: "approve" });
    expect(again.status).toBe(409);
    expect(await again.json()).toMatchObject({
      code: "already_decided",
      message: expect.stringContaining(MINA),
    });
  });

  it("tells what happens as it happens, to its teammate alone, and goes on after the last event", async () => {
    const [review] = ReviewList.parse(await read(MINA, "/api/reviews")).reviews;
    const mine = await listen(desk, MINA);
    const theirs = await listen(desk, PRIYA);
    const answer = { type: "take_over" };
    await call(MINA, `/api/reviews/${review!.id}/decision`, "POST", { answer });
    const event = await mine.next("review");
    expect(ReviewEventData.parse(JSON.parse(event.data))).toMatchObject({
      event: "review.decided",
      reviewId: review!.id,
    });
    expect(theirs.said()).not.toContain(review!.id);
    mine.close();
    theirs.close();

    const resumed = await listen(desk, MINA, { "last-event-id": String(Number(event.id) - 1) });
    expect(await resumed.next("review")).toEqual(event);
    resumed.close();
  });

  it("is described by OpenAPI, each route and schema of it", async () => {
    const described = await read(MINA, "/api/openapi.json");
    expect(described).toEqual(JSON.parse(JSON.stringify(describeApi())));
    const { paths, components } = z
      .looseObject({
        paths: z.record(z.string(), z.unknown()),
        components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
      })
      .parse(described);
    const used = [...JSON.stringify(paths).matchAll(/#\/components\/schemas\/(\w+)/g)].map(
      ([, name]) => name,
    );
    for (const name of used) expect(Object.keys(components.schemas)).toContain(name);
    expect(Object.keys(paths)).toContain("/api/reviews/{id}/decision");
  });
});

async function read(identifier: string, path: string): Promise<unknown> {
  const answer = await call(identifier, path, "GET");
  expect(answer.status).toBe(200);
  return answer.json();
}

async function listed(identifier: string, path: string): Promise<string[]> {
  const { reviews } = ReviewList.parse(await read(identifier, path));
  return reviews.map(({ conversationId }) => conversationId);
}

function call(identifier: string, path: string, method: "GET" | "POST", body?: unknown): Promise<Response> {
  return fetch(new URL(path, desk.url), {
    method,
    headers: { authorization: `Bearer ${desk.tokens[identifier]}`, "content-type": "application/json" },
    ...(method === "POST" && { body: JSON.stringify(body) }),
  });
}
