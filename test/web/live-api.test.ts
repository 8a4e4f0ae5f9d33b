import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  ConnectionEventData,
  PresenceEventData,
  ReviewList,
  WorkEventData,
  type Problem,
} from "../../src/web/api.ts";
import { MINA, PRIYA } from "../support/desk.ts";
import { startWebDesk, type WebDesk } from "./fixtures/desk.ts";
import { listen } from "./fixtures/listen.ts";

/** Mina's: 15, 46. Priya's: 17. */
const conversations = ["15", "46", "17"].map((end) => `2154000000${end}`);

let desk: WebDesk;
beforeAll(async () => {
  desk = await startWebDesk(conversations);
}, 120_000);
afterAll(() => desk.stop());

describe("the stream of events", () => {
  it("begins with what is being made, and follows each step until the draft is there, for its teammate alone", async () => {
    const mine = await listen(desk, MINA);
    const theirs = await listen(desk, PRIYA);
    expect(await workIn(mine)).toEqual({ total: 0, works: [] });
    await desk.sandboxed("POST", "/sandbox/faults", {
      tool: "*",
      identifier: MINA,
      times: "always",
      effect: { kind: "latency", milliseconds: 700 },
    });
    await desk.sandboxed("POST", "/sandbox/conversations/215400000046/messages", { body: "And one thing." });
    const opened = call(MINA, "/api/conversations/215400000046/open", "POST");
    const steps: string[] = [];
    for (;;) {
      const { works } = await workIn(mine);
      if (works.length === 0) break;
      expect(works).toMatchObject([{ conversationId: "215400000046", title: "deposits" }]);
      steps.push(works[0]!.step);
    }
    expect(steps).toEqual(expect.arrayContaining(["reading", "researching"]));
    expect((await opened).status).toBe(200);
    await desk.sandboxed("DELETE", "/sandbox/faults");
    expect(theirs.said()).not.toContain("215400000046");
    mine.close();
    theirs.close();
  });

  it("tells a teammate, and nobody else, what happened to their own connection, also who comes back later", async () => {
    const mine = await listen(desk, MINA);
    const theirs = await listen(desk, PRIYA);
    await desk.sandboxed("POST", "/sandbox/accounts", { identifier: PRIYA, change: "token_revoked" });
    expect(await (await call(PRIYA, "/api/connection", "GET")).json()).toMatchObject({ status: "revoked" });
    const event = await theirs.next("connection");
    expect(ConnectionEventData.parse(JSON.parse(event.data))).toMatchObject({
      event: "connection.changed",
      status: "revoked",
    });
    await desk.sandboxed("POST", "/sandbox/accounts", { identifier: PRIYA, change: "active" });
    await call(PRIYA, "/api/connection", "GET");
    expect(JSON.parse((await theirs.next("connection")).data)).toMatchObject({ status: "active" });
    expect(mine.said()).not.toContain("event: connection");
    mine.close();
    theirs.close();

    const resumed = await listen(desk, PRIYA, { "last-event-id": String(Number(event.id) - 1) });
    expect(await resumed.next("connection")).toEqual(event);
    resumed.close();
  });

  it("tells who else looks at a review, and that they left", async () => {
    const id = await firstReviewOf(MINA);
    const events = await listen(desk, MINA);
    const readers = async () => PresenceEventData.parse(JSON.parse((await events.next("presence")).data));
    expect((await call(MINA, `/api/reviews/${id}/presence`, "POST", { editing: false })).status).toBe(204);
    expect(await readers()).toEqual({ reviewId: id, readers: [] });
    await desk.readAlong(id, { editing: false });
    expect(await readers()).toEqual({ reviewId: id, readers: [{ name: "Jonas Weber", editing: false }] });
    await desk.readAlong(id, { editing: true });
    expect((await readers()).readers).toEqual([{ name: "Jonas Weber", editing: true }]);
    await desk.readAlong(id, null);
    expect((await readers()).readers).toEqual([]);
    expect(events.said()).not.toContain("Mina Park");

    await call(MINA, `/api/reviews/${id}/presence`, "DELETE");
    await desk.readAlong(id, { editing: false });
    await new Promise((done) => setTimeout(done, 1_500));
    expect(events.said().match(/event: presence/g)).toHaveLength(4);
    events.close();
  });
});

describe("presence", () => {
  it("is taken only for a review that the caller may see, and only in its form", async () => {
    const own = await firstReviewOf(MINA);
    const heartbeat = (id: string, body: unknown) => call(MINA, `/api/reviews/${id}/presence`, "POST", body);
    for (const [who, id] of [
      // May read nothing but what is with her own teams.
      ["leila.haddad@quillbook.example", own],
      [MINA, "no-such-review"],
    ] as const) {
      const answer = await call(who, `/api/reviews/${id}/presence`, "POST", { editing: false });
      expect([answer.status, ((await answer.json()) as Problem).code]).toEqual([404, "review_unknown"]);
    }
    expect((await heartbeat(own, {})).status).toBe(400);
    expect((await heartbeat(own, { editing: false, name: "Somebody Else" })).status).toBe(400);
    expect((await heartbeat(own, { editing: false, tab: "x".repeat(65) })).status).toBe(400);
    expect((await call(MINA, `/api/reviews/${own}/presence`, "DELETE")).status).toBe(204);
    const stranger = await fetch(new URL(`/api/reviews/${own}/presence`, desk.url), { method: "POST" });
    expect(stranger.status).toBe(401);
  });
});

async function workIn(events: Awaited<ReturnType<typeof listen>>): Promise<WorkEventData> {
  return WorkEventData.parse(JSON.parse((await events.next("work")).data));
}

async function firstReviewOf(identifier: string): Promise<string> {
  const answer = await call(identifier, "/api/reviews?order=risk", "GET");
  return ReviewList.parse(await answer.json()).reviews[0]!.id;
}

function call(identifier: string, path: string, method: string, body?: unknown): Promise<Response> {
  return fetch(new URL(path, desk.url), {
    method,
    headers: { authorization: `Bearer ${desk.tokens[identifier]}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}
