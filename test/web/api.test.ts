import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { z } from "zod";
import { ReviewCounts, ReviewEventData, ReviewList, ReviewPage } from "../../src/web/api.ts";
import { describeApi } from "../../src/web/routes/openapi.ts";
import { MINA, PRIYA } from "../support/desk.ts";
import { startWebDesk, type WebDesk } from "./fixtures/desk.ts";
import { listen } from "./fixtures/listen.ts";

/** Mina's: 15, 46, 60. Priya's: 17. */
const conversations = ["15", "46", "60", "17"].map((end) => `2154000000${end}`);

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

  it("shows nobody another teammate's review, nor takes their decision", async () => {
    const [theirs] = ReviewList.parse(await read(PRIYA, "/api/reviews")).reviews;
    for (const [method, path] of [
      ["GET", `/api/reviews/${theirs!.id}`],
      ["POST", `/api/reviews/${theirs!.id}/decision`],
    ] as const) {
      const answer = await call(MINA, path, method, { answer: { type: "approve" } });
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({ code: "review_unknown" });
    }
    expect((await fetch(new URL(`/api/reviews/${theirs!.id}`, desk.url))).status).toBe(401);
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

function call(identifier: string, path: string, method: "GET" | "POST", body?: unknown): Promise<Response> {
  return fetch(new URL(path, desk.url), {
    method,
    headers: { authorization: `Bearer ${desk.tokens[identifier]}`, "content-type": "application/json" },
    ...(method === "POST" && { body: JSON.stringify(body) }),
  });
}
