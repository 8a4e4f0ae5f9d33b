import { request } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { openTestSandbox, type TestSandbox } from "./start.ts";

const NORA = "65a1f0c2b7d9e0a1c2d3e4f1";

let test: TestSandbox;
beforeEach(async () => {
  test = await openTestSandbox();
});
afterEach(() => test.sandbox.close());

const pageOf = async (path: string) => (await fetch(test.sandbox.messengerUrl + path)).text();

/** A form as the page's own script sends it; `origin` null leaves the header out. */
function send(path: string, fields: Record<string, string>, origin: string | null = test.sandbox.url) {
  return fetch(test.sandbox.messengerUrl + path, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers: origin === null ? {} : { origin },
    redirect: "manual",
  });
}

describe("the messenger page", () => {
  it("shows the customer's side of a conversation: answers, but no notes and nobody's assignment", async () => {
    const { world } = test.sandbox;
    await world.adminWrites("1002", { adminId: "11", body: "We are on it." });
    await world.adminWrites("1002", { adminId: "11", body: "A difficult one.", type: "note" });
    await world.assignConversation("1002", "11", { type: "admin", id: "12" });
    for (const text of [await pageOf("/conversations/1002"), await pageOf("")]) {
      expect(text).toContain("We are on it.");
      expect(text).not.toContain("A difficult one.");
    }
  });

  it("shows whatever anyone wrote as text, in the list and in the conversation", async () => {
    const begun = await test.sandbox.world.beginConversation({
      contactId: NORA,
      subject: '"><script>alert(1)</script>',
      body: '<img src=x onerror=alert(2)> <a href="javascript:alert(3)">here</a>',
    });
    for (const text of [await pageOf(`/conversations/${begun.id}`), await pageOf("")]) {
      expect(text).toContain("&lt;script&gt;alert(1)");
      expect(text).toContain("&lt;img src=x");
      expect(text).not.toMatch(/<img|<script>|<a [^>]*javascript:/);
    }
  });

  it("may load nothing from elsewhere, and holds no key", async () => {
    const response = await fetch(`${test.sandbox.messengerUrl}/conversations/1002`);
    const policy = response.headers.get("content-security-policy")!;
    expect(policy).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    const text = await response.text();
    for (const address of text.matchAll(/(?:src|href|action)="([^"]*)"/g))
      expect(address[1]).toMatch(/^[/#]/);
    expect(text).not.toContain(test.sandbox.controlKey);
    expect(text).not.toContain(test.sandbox.clientSecret);
  });

  it("finds conversations by customer, subject and what was said last", async () => {
    const begun = await test.sandbox.world.beginConversation({ contactId: NORA, body: "Zebra crossing" });
    const found = await pageOf("?q=nora%20ZEBRA");
    expect(found).toContain("1 conversation");
    expect(found).toContain(`/messenger/conversations/${begun.id}?q=nora%20ZEBRA`);
    expect(await pageOf("?q=nothing-like-it")).toContain("0 conversations");
  });

  it("says so when there is no such conversation", async () => {
    expect((await fetch(`${test.sandbox.messengerUrl}/conversations/9`)).status).toBe(404);
    expect((await fetch(`${test.sandbox.messengerUrl}/conversations/9/events`)).status).toBe(404);
    expect((await send("/conversations/9/messages", { body: "Hello" })).status).toBe(404);
  });
});

describe("playing the customer", () => {
  it("writes in a conversation as its customer, and opens it again when it was closed", async () => {
    const { world } = test.sandbox;
    await world.closeConversation("1002", "11");
    expect(await pageOf("/conversations/1002")).not.toMatch(/id="closed"[^>]*hidden/);
    const response = await send("/conversations/1002/messages", { body: "Still not working\n\nSorry!" });
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toBe("/messenger/conversations/1002");
    const conversation = world.conversation("1002");
    expect(conversation.state).toBe("open");
    expect(conversation.parts.at(-1)).toMatchObject({
      author: { type: "lead", id: conversation.contactIds[0] },
      body: "<p>Still not working</p>\n<p>Sorry!</p>",
    });
  });

  it("begins a conversation, by e-mail when it has a subject", async () => {
    const chat = await send("/conversations", { contact_id: NORA, subject: " ", body: "Hi" });
    const mail = await send("/conversations", { contact_id: NORA, subject: "Refund", body: "Hi" });
    const [first, second] = [chat, mail].map((response) => {
      const id = response.headers.get("location")!.split("/").at(-1)!;
      return test.sandbox.world.conversation(id);
    });
    expect(first).toMatchObject({ channel: "conversation", contactIds: [NORA] });
    expect(second).toMatchObject({ channel: "email", source: { subject: "Refund", body: "<p>Hi</p>" } });
  });

  it("says what is missing and gives the text back", async () => {
    const nobody = await send("/conversations", { contact_id: "guess", subject: "S", body: "Kept <text>" });
    expect(nobody.status).toBe(422);
    const page = await nobody.text();
    expect(page).toContain("Choose who you are.");
    expect(page).toContain("Kept &lt;text&gt;</textarea>");
    const empty = await send("/conversations/1002/messages", { body: "  \n " });
    expect(empty.status).toBe(422);
    expect(await empty.text()).toContain("Write a message first.");
    const long = await send("/conversations/1002/messages", { body: "x".repeat(10_001) });
    expect(long.status).toBe(422);
    const huge = await send("/conversations/1002/messages", { body: "x".repeat(200_000) });
    expect(huge.status).toBe(413);
    expect(test.sandbox.world.parts("1002")).toEqual([]);
  });

  it.each([
    ["another page", "https://evil.example"],
    ["another port of this machine", "http://127.0.0.1:1"],
    ["a page without an origin", "null"],
    ["no page", null],
  ])("is refused to %s", async (_, origin) => {
    const before = test.sandbox.world.conversations();
    expect((await send("/conversations/1002/messages", { body: "Hello" }, origin)).status).toBe(403);
    expect((await send("/conversations", { contact_id: NORA, body: "Hello" }, origin)).status).toBe(403);
    expect(test.sandbox.world.conversations()).toEqual(before);
  });

  it("is refused under a foreign name, to be read too", async () => {
    const { port } = new URL(test.sandbox.url);
    const headers = { host: `evil.example:${port}`, origin: `http://evil.example:${port}` };
    const status = (method: string, path: string) =>
      new Promise((resolve, reject) => {
        request({ host: "127.0.0.1", port, method, path, headers }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on("error", reject)
          .end();
      });
    expect(await status("GET", "/messenger/conversations/1002")).toBe(403);
    expect(await status("POST", "/messenger/conversations/1002/messages")).toBe(403);
  });

  it("opens no other door: what an administrator does still needs the control key", async () => {
    const { url } = test.sandbox;
    for (const path of ["/conversations/1002/replies", "/conversations/1002/close", "/accounts", "/faults"]) {
      expect((await send(path, { body: "x", admin_id: "11" })).status).toBe(404);
      const answer = await fetch(`${url}/sandbox${path}`, { method: "POST", headers: { origin: url } });
      expect(answer.status).toBe(403);
    }
  });
});

describe("the stream of a conversation", () => {
  it("tells answers and deletions as they come, and keeps notes to the team", async () => {
    const { world } = test.sandbox;
    const stream = await openStream("/conversations/1002/events");
    expect((await stream.next()).messages).toHaveLength(1);
    await world.adminWrites("1002", { adminId: "11", body: "Secret", type: "note" });
    const part = await world.adminWrites("1002", { adminId: "11", body: "Here you <b>go</b>" });
    const answered = await stream.next();
    expect(answered.messages.at(-1)).toMatchObject({
      id: part.id,
      from: "team",
      name: "Ada Lane",
      text: "Here you go",
    });
    await world.redactPart("1002", part.id);
    expect((await stream.next()).messages.at(-1)!.text).toBe("This message was deleted");
    await world.closeConversation("1002", "11");
    expect((await stream.next()).state).toBe("closed");
    expect(stream.text()).not.toContain("Secret");
    await stream.close();
  });

  it("ends with the sandbox", async () => {
    const stream = await openStream("/conversations/1002/events");
    await stream.next();
    const began = Date.now();
    await test.sandbox.close();
    expect(Date.now() - began).toBeLessThan(1_000);
    await expect(stream.next()).rejects.toThrow();
  });
});

interface View {
  state: string;
  messages: { id: string; from: string; name: string; text: string }[];
}

async function openStream(path: string) {
  const abort = new AbortController();
  const response = await fetch(test.sandbox.messengerUrl + path, { signal: abort.signal });
  expect(response.headers.get("content-type")).toContain("text/event-stream");
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let all = "";
  let rest = "";
  return {
    text: () => all,
    async next(): Promise<View> {
      for (;;) {
        const end = rest.indexOf("\n\n");
        if (end === -1) {
          const { value, done } = await reader.read();
          if (done) throw new Error("the stream ended");
          all += value;
          rest += value;
          continue;
        }
        const event = rest.slice(0, end);
        rest = rest.slice(end + 2);
        const data = /^data: (.+)$/m.exec(event)?.[1];
        if (event.includes("event: conversation") && data) return JSON.parse(data) as View;
      }
    },
    async close() {
      abort.abort();
      await reader.cancel().catch(() => undefined);
    },
  };
}
