import { createHmac } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { ADA, BEN, control, openTestSandbox, pick, type TestSandbox } from "./start.ts";
import { openReceiver, type Receiver } from "./webhook-receiver.ts";

let test: TestSandbox;
let receiver: Receiver;
beforeEach(async () => {
  receiver = await openReceiver();
  test = await openTestSandbox({ webhooks: { scalekit: receiver.url } });
});
afterEach(async () => {
  await test.sandbox.close();
  await receiver.close();
});

const types = () => receiver.received.map(({ body }) => body.type);
const change = (status: "active" | "expired" | "disconnected", identifier = ADA) =>
  test.sandbox.world.changeAccount(identifier, status);

describe("Scalekit's webhooks", () => {
  it("tell a change of an account's status in Scalekit's words", async () => {
    await change("expired");
    const [{ body }] = (await receiver.atLeast(1)) as [(typeof receiver.received)[0]];
    const account = test.sandbox.world.accounts().find(({ identifier }) => identifier === ADA)!;
    expect(body).toMatchObject({
      spec_version: "1",
      id: expect.stringMatching(/^evt_\d+$/),
      type: "connected_account.status_updated",
      object: "ConnectedAccount",
      environment_id: expect.stringMatching(/^env_/),
      data: {
        id: account.id,
        identifier: ADA,
        connection_name: "intercom",
        provider: "INTERCOM",
        authorization_type: "OAUTH",
        status: "EXPIRED",
        old_status: "ACTIVE",
      },
    });
  });

  it("are verified by the SDK, and no longer when a byte, the id or the secret is another", async () => {
    await change("expired");
    const [{ headers, text }] = (await receiver.atLeast(1)) as [(typeof receiver.received)[0]];
    const secret = test.sandbox.webhookSecrets.scalekit;
    const verify = (key: string, over: Record<string, string>, payload: string) =>
      test.client.verifyWebhookPayload(key, { ...headers, ...over }, payload);
    expect(verify(secret, {}, text)).toBe(true);
    expect(() => verify(secret, {}, text.replace("EXPIRED", "ACTIVE "))).toThrow("Invalid Signature");
    expect(() => verify(secret, { "webhook-id": "msg_other" }, text)).toThrow("Invalid Signature");
    const other = await openTestSandbox();
    expect(() => verify(other.sandbox.webhookSecrets.scalekit, {}, text)).toThrow("Invalid Signature");
    await other.sandbox.close();
  });

  it("tell the whole way from link to deletion, in order, without a token in any of them", async () => {
    const identifier = "fay@tiny.example";
    const { actions } = test.client;
    await actions.getOrCreateConnectedAccount({ connectionName: "intercom", identifier });
    const { link } = await actions.getAuthorizationLink({
      connectionName: "intercom",
      identifier,
      userVerifyUrl: "http://127.0.0.1:9/connect/verify",
    });
    const body = new URLSearchParams({ decision: "allow", admin_id: "15" });
    const back = await fetch(link, { method: "POST", body, redirect: "manual" });
    const authRequestId = new URL(back.headers.get("location")!).searchParams.get("auth_request_id")!;
    await actions.verifyConnectedAccountUser({ authRequestId, identifier });
    await actions.deleteConnectedAccount({ connectionName: "intercom", identifier });
    await receiver.atLeast(7);
    expect(types().map((type) => String(type).replace("connected_account.", ""))).toEqual([
      "created",
      "magic_link_generated",
      "oauth_tokens_fetched",
      "status_updated",
      "oauth_succeeded",
      "status_updated",
      "deleted",
    ]);
    expect(pick(receiver.received[5]!.body, "data.old_status")).toBe("PENDING_VERIFICATION");
    expect(pick(receiver.received[5]!.body, "data.status")).toBe("ACTIVE");
    for (const token of test.sandbox.world.providerTokens()) {
      expect(receiver.received.map(({ text }) => text).join()).not.toContain(token);
    }
  });

  it("say nothing of a grant that only Intercom has revoked", async () => {
    await test.sandbox.world.changeAccount(ADA, "token_revoked");
    await change("expired", BEN);
    await receiver.atLeast(1);
    expect(pick(receiver.received[0]!.body, "data.identifier")).toBe(BEN);
  });

  it("come again with the same id and a fresh signature until they are taken", async () => {
    receiver.answers.push(500);
    await change("expired");
    const [first, second] = await receiver.atLeast(2);
    expect(second!.headers["webhook-id"]).toBe(first!.headers["webhook-id"]);
    expect(second!.text).toBe(first!.text);
    const { scalekit } = test.sandbox.webhookSecrets;
    expect(test.client.verifyWebhookPayload(scalekit, second!.headers, second!.text)).toBe(true);
    await settled();
    expect(receiver.received).toHaveLength(2);
  });

  it("do not wait for one that has to be repeated", async () => {
    receiver.answers.push(500);
    await change("expired");
    await change("disconnected", BEN);
    await receiver.atLeast(3);
    expect(receiver.received.map(({ body }) => pick(body, "data.identifier"))).toEqual([ADA, BEN, ADA]);
  });

  it("come twice when their answer is lost, and late when they are held up", async () => {
    const { faults } = test.sandbox;
    faults.add({ tool: "webhooks/scalekit", when: "after", effect: { kind: "reset" } });
    await change("expired");
    const [first, second] = await receiver.atLeast(2);
    expect(second!.headers["webhook-id"]).toBe(first!.headers["webhook-id"]);
    await settled();
    faults.add({ tool: "webhooks/scalekit", effect: { kind: "latency", milliseconds: 300 } });
    await change("active");
    await change("disconnected");
    await receiver.atLeast(4);
    const later = receiver.received.slice(2).map(({ body }) => pick(body, "data.status"));
    expect(later).toEqual(["DISCONNECTED", "ACTIVE"]);
  });

  it("can be lost on the way for one teammate alone", async () => {
    const fault = { tool: "webhooks/scalekit", identifier: ADA, times: "always" as const };
    test.sandbox.faults.add({ ...fault, effect: { kind: "hang" } });
    await change("expired");
    await change("expired", BEN);
    await receiver.atLeast(1);
    expect(receiver.received.map(({ body }) => pick(body, "data.identifier"))).toEqual([BEN]);
    expect(test.sandbox.world.undelivered()).toMatchObject([{ identifier: ADA, sender: "scalekit" }]);
  });

  it("go where the control endpoint says, and nowhere once it says so", async () => {
    const other = await openReceiver();
    const set = (url: unknown) => control(test.sandbox, "POST", "/webhooks", { sender: "scalekit", url });
    const answer = (await (await set(other.url)).json()) as Record<string, { url: string; secret: string }>;
    expect(answer.scalekit).toEqual({ url: other.url, secret: test.sandbox.webhookSecrets.scalekit });
    await change("expired");
    await other.atLeast(1);
    expect(receiver.received).toEqual([]);
    await set(null);
    await change("active");
    expect(test.sandbox.world.undelivered()).toEqual([]);
    expect((await set("file:///etc/passwd")).status).toBe(400);
    await other.close();
  });
});

describe("webhooks and the end of a process", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "countersign-webhooks-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("are delivered by the next sandbox when this one could not", async () => {
    const stateFile = join(folder, "sandbox.json");
    const first = await openTestSandbox({ stateFile, webhooks: { scalekit: "http://127.0.0.1:9/closed" } });
    await first.sandbox.world.changeAccount(ADA, "expired");
    await first.sandbox.close();
    const second = await openTestSandbox({ stateFile, webhooks: { scalekit: receiver.url } });
    const [{ body }] = (await receiver.atLeast(1)) as [(typeof receiver.received)[0]];
    expect(pick(body, "data.status")).toBe("EXPIRED");
    expect(second.sandbox.webhookSecrets).toEqual(first.sandbox.webhookSecrets);
    await second.sandbox.close();
  });

  it("can be set up in a world that was kept before there were any", async () => {
    const stateFile = join(folder, "sandbox.json");
    await (await openTestSandbox({ stateFile })).sandbox.close();
    const { outbox: _, ...older } = JSON.parse(await readFile(stateFile, "utf8")) as Record<string, unknown>;
    await writeFile(stateFile, JSON.stringify(older));
    const second = await openTestSandbox({ stateFile });
    const secrets = second.sandbox.webhookSecrets;
    await second.sandbox.close();
    const third = await openTestSandbox({ stateFile });
    expect(third.sandbox.webhookSecrets).toEqual(secrets);
    await third.sandbox.close();
  });
});

describe("Intercom's webhooks", () => {
  beforeEach(() => test.sandbox.world.setWebhook("intercom", receiver.url));

  it("tell what is said and done in conversations, each by its topic, with the part it is about", async () => {
    const { world } = test.sandbox;
    const begun = await world.beginConversation({ contactId: "65a1f0c2b7d9e0a1c2d3e4f1", body: "Hello" });
    await world.customerWrites(begun.id, { body: "Are you <there>?" });
    await world.adminWrites(begun.id, { adminId: "11", body: "Yes." });
    await world.adminWrites(begun.id, { adminId: "11", body: "Careful.", type: "note" });
    await world.assignConversation(begun.id, "11", { type: "admin", id: "12" });
    await world.closeConversation(begun.id, "11");
    await world.customerWrites(begun.id, { body: "One more thing" });
    const received = await receiver.atLeast(7);
    expect(received.map(({ body }) => body.topic)).toEqual([
      "conversation.user.created",
      "conversation.user.replied",
      "conversation.admin.replied",
      "conversation.admin.noted",
      "conversation.admin.assigned",
      "conversation.admin.closed",
      "conversation.user.replied",
    ]);
    const [created, replied] = received.map(({ body }) => body);
    expect(created).toMatchObject({
      type: "notification_event",
      app_id: world.workspaceId,
      delivery_attempts: 1,
      data: { item: { type: "conversation", id: begun.id, conversation_parts: { conversation_parts: [] } } },
    });
    const parts = pick(replied, "data.item.conversation_parts.conversation_parts");
    expect(parts).toMatchObject([{ part_type: "comment", body: "Are you <there>?" }]);
  });

  it("tell what the application itself wrote", async () => {
    await test.run("reply_to_conversation", {
      conversation_id: "1002",
      admin_id: "11",
      message_type: "comment",
      type: "admin",
      body: "Fixed.",
    });
    const [{ body }] = (await receiver.atLeast(1)) as [(typeof receiver.received)[0]];
    expect(body.topic).toBe("conversation.admin.replied");
    expect(pick(body, "data.item.conversation_parts.conversation_parts.0.author.id")).toBe("11");
  });

  it("are signed over their raw bytes with the app's client secret, in each attempt", async () => {
    receiver.answers.push(503);
    await test.sandbox.world.customerWrites("1002", { body: "Ça ne marche pas" });
    const received = await receiver.atLeast(2);
    expect(received.map(({ body }) => body.delivery_attempts)).toEqual([1, 2]);
    expect(new Set(received.map(({ body }) => body.id)).size).toBe(1);
    for (const { headers, text } of received) {
      const mac = createHmac("sha1", test.sandbox.webhookSecrets.intercom).update(text).digest("hex");
      expect(headers["x-hub-signature"]).toBe(`sha1=${mac}`);
    }
  });
});

/** Until nothing is left to be delivered. */
async function settled(): Promise<void> {
  for (let waited = 0; test.sandbox.world.undelivered().length > 0; waited += 20) {
    if (waited > 5_000) throw new Error("something is still to be delivered");
    await sleep(20);
  }
}
