import { createHmac } from "node:crypto";
import { request } from "node:http";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { ReviewList } from "../../src/web/api.ts";
import { MINA } from "../support/desk.ts";
import { startWebDesk, type WebDesk } from "../web/fixtures/desk.ts";

/** Mina's, of nobody. */
const CONVERSATION = "215400000053";
const OTHER = "215400000060";
const SECRET = "the client secret of the app";

let desk: WebDesk;
beforeAll(async () => {
  desk = await startWebDesk([CONVERSATION, OTHER], { COUNTERSIGN_INTERCOM_SECRET: SECRET });
}, 120_000);
afterAll(() => desk.stop());

describe("Intercom's webhooks", () => {
  it("are answered to the probe, and count only when they are signed", async () => {
    const address = new URL("/webhooks/intercom", desk.url);
    expect((await fetch(address, { method: "HEAD" })).status).toBe(200);
    const body = eventOf("conversation.user.replied");
    for (const signature of ["", "sha1=", `sha1=${"0".repeat(40)}`, signed(`${body} `)]) {
      const refused = await post(body, signature);
      expect([refused.status, await refused.json()]).toMatchObject([403, { code: "signature_refused" }]);
    }
    expect((await post("not json", signed("not json"))).status).toBe(503);
    const ping = JSON.stringify({ id: "p1", topic: "ping", app_id: "x", data: { item: { type: "ping" } } });
    expect(await (await post(ping, signed(ping))).json()).toEqual({ result: "nothing_to_do" });
  });

  it("have a new draft made of what the customer wrote, at once, and once for each event", async () => {
    const before = await versionOf(CONVERSATION);
    await control(`conversations/${CONVERSATION}/messages`, { body: "It is an iPhone, by the way." });
    const body = eventOf("conversation.user.replied");
    expect(await (await post(body, signed(body))).json()).toEqual({ result: "taken" });
    await until(async () => (await versionOf(CONVERSATION)) === before! + 1);
    expect(await (await post(body, signed(body))).json()).toEqual({ result: "repeated" });
  });

  it("take a draft away that waits for nobody any more", async () => {
    await control(`conversations/${OTHER}/replies`, { admin_id: "5510001", body: "Answered by hand." });
    const body = eventOf("conversation.admin.replied", OTHER);
    expect(await (await post(body, signed(body))).json()).toEqual({ result: "taken" });
    await until(async () => (await versionOf(OTHER)) === null);
    const again = eventOf("conversation.admin.replied", OTHER);
    expect(await (await post(again, signed(again))).json()).toEqual({ result: "nothing_to_do" });
  });

  it("of another workspace are about nobody", async () => {
    const body = JSON.stringify({
      ...JSON.parse(eventOf("conversation.user.created", "42")),
      app_id: "theirs",
    });
    expect(await (await post(body, signed(body))).json()).toEqual({ result: "nothing_to_do" });
  });
});

it("calls itself where it listens, whatever host a request names", async () => {
  const callers: string[] = [];
  const elsewhere = createServer((socket) => {
    callers.push(socket.remoteAddress ?? "");
    socket.destroy();
  });
  await new Promise<void>((listening) => elsewhere.listen(0, "127.0.0.1", listening));
  const { port } = elsewhere.address() as { port: number };
  const answer = await new Promise<string>((done, fail) => {
    const asked = request(new URL(`/api/conversations/${CONVERSATION}/open`, desk.url), {
      method: "POST",
      headers: { host: `127.0.0.1:${port}`, authorization: `Bearer ${desk.tokens[MINA]}` },
    });
    asked.on("response", (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("end", () => {
        done(text);
      });
    });
    asked.on("error", fail);
    asked.end();
  });
  elsewhere.close();
  expect(answer).toContain('"waiting"');
  expect(callers).toEqual([]);
});

let events = 0;
function eventOf(topic: string, id = CONVERSATION): string {
  events += 1;
  return JSON.stringify({
    ...{ type: "notification_event", id: `notif_${events}`, topic, app_id: "qb7x2m1k" },
    data: { item: { type: "conversation", id, admin_assignee_id: null } },
  });
}

function signed(body: string): string {
  return `sha1=${createHmac("sha1", SECRET).update(body).digest("hex")}`;
}

function post(body: string, signature: string): Promise<Response> {
  return fetch(new URL("/webhooks/intercom", desk.url), {
    method: "POST",
    headers: { "content-type": "application/json", "x-hub-signature": signature },
    body,
  });
}

async function control(path: string, body: unknown): Promise<void> {
  const answer = await fetch(new URL(`/sandbox/${path}`, desk.sandbox.url), {
    method: "POST",
    headers: { "x-sandbox-key": desk.sandbox.controlKey, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(answer.ok).toBe(true);
}

/** The version of the conversation's open draft; null when none is open. */
async function versionOf(conversationId: string): Promise<number | null> {
  const answer = await fetch(new URL("/api/reviews", desk.url), {
    headers: { authorization: `Bearer ${desk.tokens[MINA]}` },
  });
  const { reviews } = ReviewList.parse(await answer.json());
  return reviews.find((review) => review.conversationId === conversationId)?.version ?? null;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error("it did not come about within 20 seconds");
    await delay(50);
  }
}
