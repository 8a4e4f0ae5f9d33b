import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Conversation } from "../../src/domain/conversation.ts";
import { Teammate } from "../../src/domain/teammate.ts";
import type { Caller, ReadOutcome } from "../../src/tools/gateway.ts";
import { readArticle, searchArticles } from "../../src/tools/articles.ts";
import { readContact } from "../../src/tools/contacts.ts";
import { readConversation, searchPastConversations, searchWaiting } from "../../src/tools/conversations.ts";
import { identifyTeammate, readDirectory } from "../../src/tools/intercom.ts";
import { listMacros } from "../../src/tools/macros.ts";
import { callerOf, openSandbox, type OpenSandbox } from "./sandbox.ts";

describe("Intercom, as a teammate", () => {
  let sandbox: OpenSandbox;
  let mina: Caller;
  let tomas: Caller;
  beforeAll(async () => {
    sandbox = await openSandbox();
    mina = await callerOf(sandbox.gateway, "mina.park");
    tomas = await callerOf(sandbox.gateway, "tomas.oliveira");
  });
  afterAll(() => sandbox.close());

  it("says who each teammate is, by their own connection", async () => {
    const { gateway } = sandbox;
    const [one, other] = [
      valueOf(await identifyTeammate(gateway, mina)),
      valueOf(await identifyTeammate(gateway, tomas)),
    ];
    expect(Teammate.parse(one)).toEqual({
      ...mina,
      adminId: "5510001",
      name: "Mina Park",
      email: "mina.park@quillbook.example",
      hasInboxSeat: true,
      teamIds: ["7700001", "7700002"],
      workspaceId: "qb7x2m1k",
    });
    expect(other).toMatchObject({ adminId: "5510002", teamIds: ["7700001"] });
    const leila = await callerOf(gateway, "leila.haddad");
    expect(valueOf(await identifyTeammate(gateway, leila))).toMatchObject({
      hasInboxSeat: false,
      teamIds: [],
    });
  });

  it("never answers one teammate under another's account", async () => {
    const mixed = { identifier: tomas.identifier, connectedAccountId: mina.connectedAccountId };
    expect(await identifyTeammate(sandbox.gateway, mixed)).toMatchObject({ kind: "needs_connection" });
    expect(await sandbox.gateway.listTools("desk", mixed)).toMatchObject({ kind: "needs_connection" });
  });

  it("has no connection for a teammate who never finished connecting", async () => {
    const sam = await callerOf(sandbox.gateway, "sam.okafor");
    expect(await identifyTeammate(sandbox.gateway, sam)).toMatchObject({
      kind: "needs_connection",
      code: "connection_inactive",
    });
    expect(await sandbox.gateway.findAccount("nobody@quillbook.example")).toMatchObject({
      kind: "ok",
      value: null,
    });
  });

  it("reads every conversation of the workspace as the domain has it", async () => {
    const conversations = sandbox.world.conversations();
    expect(conversations.length).toBeGreaterThan(10);
    for (const { id, parts, source, contactIds } of conversations) {
      const read = Conversation.parse(valueOf(await readConversation(sandbox.gateway, mina, id)));
      expect(read.lastPartId).toBe(parts.at(-1)?.id ?? source.id);
      expect(read.contactId).toBe(contactIds[0] ?? null);
      expect(read.parts.length + read.omittedParts).toBe(parts.length + 1);
      expect(JSON.stringify(read)).not.toMatch(/<\/?(?:p|div|span|br|html)\b/);
    }
  });

  it("bounds a long conversation to its first part and its newest ones, and counts the rest", async () => {
    const { world, gateway } = sandbox;
    const contactId = world.conversations()[0]!.contactIds[0]!;
    const { id } = await world.beginConversation({ contactId, body: "How it began" });
    for (let index = 0; index < 120; index += 1) {
      await world.customerWrites(id, { body: `message ${String(index)} ${"word ".repeat(60)}` });
    }
    await world.customerWrites(id, { body: `the newest ${"long ".repeat(5_000)}` });
    const read = valueOf(await readConversation(gateway, mina, id));
    const total = read.parts.reduce((sum, part) => sum + part.text.length, 0);
    expect(read.parts.length).toBeLessThanOrEqual(60);
    expect(total).toBeLessThanOrEqual(24_000);
    expect(Math.max(...read.parts.map(({ text }) => text.length))).toBeLessThanOrEqual(4_000);
    expect(read.parts[0]?.text).toBe("How it began");
    expect(read.parts.at(-1)?.text).toMatch(/^the newest[^]*left out\]$/);
    expect(read.parts.at(-2)?.text).toMatch(/^message 119 /);
    expect(read.omittedParts).toBe(122 - read.parts.length);
    expect(read.lastPartId).toBe(world.parts(id).at(-1)?.id);
  });

  it("shows no text of a redacted part", async () => {
    const { world, gateway } = sandbox;
    const contactId = world.conversations()[0]!.contactIds[0]!;
    const { id } = await world.beginConversation({ contactId, body: "Hello" });
    const part = await world.customerWrites(id, { body: "My card is 4242 4242 4242 4242" });
    await world.redactPart(id, part.id);
    const read = valueOf(await readConversation(gateway, mina, id));
    expect(read.parts.at(-1)).toMatchObject({ id: part.id, redacted: true, text: "" });
  });

  it.each(["last", "", "1 OR 1=1", "../me", "123456789012345678901"])(
    "refuses the conversation id %j",
    async (id) => {
      expect(await readConversation(sandbox.gateway, mina, id)).toMatchObject({
        kind: "rejected",
        code: "invalid_arguments",
      });
    },
  );

  it("says that a conversation does not exist", async () => {
    expect(await readConversation(sandbox.gateway, mina, "999999999999")).toMatchObject({
      kind: "rejected",
      code: "not_found",
    });
  });

  it("finds every conversation that waits, and only those, by assignee", async () => {
    const { gateway, world } = sandbox;
    for (const assigneeId of [null, "5510001", "5510002"]) {
      const expected = world
        .conversations()
        .filter(
          (found) =>
            found.state === "open" && found.waitingSince !== null && found.adminAssigneeId === assigneeId,
        )
        .map(({ id }) => id);
      const waiting = valueOf(await searchWaiting(gateway, mina, { assigneeId }));
      expect(waiting.map(({ id }) => id).sort()).toEqual(expected.sort());
      expect(waiting.map(({ waitingSince }) => waitingSince)).toEqual(
        waiting.map(({ waitingSince }) => waitingSince).sort((one, other) => one - other),
      );
      for (const { title } of waiting) expect(title).not.toMatch(/[<>]/);
    }
  });

  it("finds what waits on all pages", async () => {
    const { world, gateway } = sandbox;
    const contactId = world.conversations()[0]!.contactIds[0]!;
    const before = valueOf(await searchWaiting(gateway, mina, { assigneeId: null })).length;
    for (let index = 0; index < 160; index += 1)
      await world.beginConversation({ contactId, body: "Anyone there?" });
    expect(valueOf(await searchWaiting(gateway, mina, { assigneeId: null }))).toHaveLength(before + 160);
  });

  it("reads a customer with their companies and tags by name", async () => {
    const contactIds = new Set(sandbox.world.conversations().map(({ contactIds: [id] }) => id!));
    const contacts = await Promise.all(
      [...contactIds].map(async (id) => valueOf(await readContact(sandbox.gateway, mina, id))),
    );
    expect(contacts.some(({ companies }) => companies.length > 0)).toBe(true);
    expect(contacts.some(({ tags }) => tags.length > 0)).toBe(true);
    expect(contacts.every(({ name }) => name !== "")).toBe(true);
    expect(contacts.some(({ attributes }) => attributes.plan !== undefined)).toBe(true);
  });

  it("knows the workspace's teams and tags by name", async () => {
    const directory = valueOf(await readDirectory(sandbox.gateway, mina));
    expect(directory.teams).toContainEqual({ id: "7700002", name: "Billing & Accounts" });
    expect(directory.tags.length).toBeGreaterThan(3);
  });

  it("finds articles with the same version as when they are read, and never a draft", async () => {
    const found = valueOf(await searchArticles(sandbox.gateway, mina, "refund annual plan"));
    expect(found.length).toBeGreaterThan(0);
    for (const article of found.slice(0, 5)) {
      expect(valueOf(await readArticle(sandbox.gateway, mina, article.id))).toEqual(article);
      expect(article.url).toMatch(/^https:\/\/help\.quillbook\.example\//);
      expect(article.text).not.toMatch(/<[a-z]/);
    }
    expect(await readArticle(sandbox.gateway, mina, "1")).toMatchObject({
      kind: "rejected",
      code: "not_found",
    });
    expect(valueOf(await searchArticles(sandbox.gateway, mina, "xylophone quagga"))).toEqual([]);
  });

  it("lists the macros a teammate may use, without raw placeholders", async () => {
    const [own, others] = [
      valueOf(await listMacros(sandbox.gateway, mina)),
      valueOf(await listMacros(sandbox.gateway, tomas)),
    ];
    expect(own.length).toBeGreaterThan(0);
    expect(others.length).toBeLessThanOrEqual(own.length);
    expect(JSON.stringify(own)).not.toMatch(/<attribute|\{\{/);
    expect(new Set(own.map(({ id }) => id)).size).toBe(own.length);
  });

  it("finds closed conversations by the words of their opening message", async () => {
    const { world, gateway } = sandbox;
    const contactId = world.conversations()[0]!.contactIds[0]!;
    const { id } = await world.beginConversation({
      contactId,
      body: "Where can I see my zebraprint invoice?",
    });
    expect(valueOf(await searchPastConversations(gateway, mina, ["zebraprint"]))).toEqual([]);
    await world.closeConversation(id, "5510001");
    expect(valueOf(await searchPastConversations(gateway, mina, ["unheardof", "zebraprint"]))).toMatchObject([
      { id, text: "Where can I see my zebraprint invoice?" },
    ]);
    expect(valueOf(await searchPastConversations(gateway, mina, []))).toEqual([]);
  });

  it("keeps the provider's tokens to itself in everything that was said and logged", async () => {
    const { gateway, world, logged } = sandbox;
    const said = [
      await identifyTeammate(gateway, mina),
      await gateway.listAccounts(),
      await gateway.listTools("researcher", mina),
      await readDirectory(gateway, mina),
    ];
    const tokens = world.providerTokens();
    expect(tokens.length).toBeGreaterThan(0);
    for (const token of tokens) expect(JSON.stringify(said) + logged.join("")).not.toContain(token);
    expect(logged.join("")).not.toContain(sandbox.clientSecret);
  });

  it("knows whose access token it is given", async () => {
    const token = await sandbox.mintAccessToken(mina.identifier);
    expect(await sandbox.gateway.verifyAccessToken(token)).toEqual({ identifier: mina.identifier });
    expect(await sandbox.gateway.verifyAccessToken(`${token}x`)).toBeNull();
  });
});

function valueOf<T>(outcome: ReadOutcome<T>): T {
  if (outcome.kind !== "ok") throw new Error(`${outcome.code}: ${outcome.reason}`);
  return outcome.value;
}
