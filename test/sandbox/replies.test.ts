import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { ADA, BEN, CLEO, control, openTestSandbox, pick, type TestSandbox } from "./start.ts";

let now: Date;
let test: TestSandbox;
beforeEach(async () => {
  now = new Date("2026-03-02T12:00:00Z");
  test = await openTestSandbox({ clock: () => now });
});
afterEach(() => test.sandbox.close());

const seconds = () => now.getTime() / 1000;
const passMinutes = (minutes: number) => {
  now = new Date(now.getTime() + minutes * 60_000);
};
const reply = (changes: Record<string, unknown> = {}) => ({
  conversation_id: "1001",
  admin_id: "11",
  message_type: "comment",
  type: "admin",
  body: "We refund it today.",
  ...changes,
});
const manage = (changes: Record<string, unknown>) => ({
  conversation_id: "1001",
  admin_id: "11",
  type: "admin",
  ...changes,
});
const lastPart = (conversation: unknown) => pick(conversation, "conversation_parts.conversation_parts.-1");

describe("a reply", () => {
  it("is a new part by the named admin, in the whole conversation, and nobody waits any more", async () => {
    passMinutes(5);
    const conversation = await test.run("reply_to_conversation", reply());
    expect(conversation).toMatchObject({
      id: "1001",
      read: true,
      waiting_since: null,
      updated_at: seconds(),
    });
    expect(conversation.statistics).toMatchObject({
      last_admin_reply_at: seconds(),
      count_conversation_parts: 6,
    });
    expect(lastPart(conversation)).toMatchObject({
      part_type: "comment",
      body: "<p>We refund it today.</p>",
      created_at: seconds(),
      author: { type: "admin", id: "11", name: "Ada Lane" },
    });
  });

  it("comes from whichever admin is named, not from the token's owner", async () => {
    const conversation = await test.run("reply_to_conversation", reply({ admin_id: "12" }), ADA);
    expect(pick(lastPart(conversation), "author")).toMatchObject({ id: "12", name: "Ben Ortiz" });
    expect(test.sandbox.world.writes()[0]).toMatchObject({ identifier: ADA });
  });

  it("as a note leaves the customer waiting", async () => {
    const conversation = await test.run("reply_to_conversation", reply({ message_type: "note" }));
    expect(pick(lastPart(conversation), "part_type")).toBe("note");
    expect(conversation.waiting_since).toBe(Date.parse("2026-03-02T09:00:00Z") / 1000);
    expect(conversation.read).toBe(false);
  });

  it("does not reopen a closed conversation", async () => {
    const conversation = await test.run("reply_to_conversation", reply({ conversation_id: "1003" }));
    expect(conversation.state).toBe("closed");
  });

  it.each([
    [
      "HTML with wrappers and white space",
      "<html> <body>  <h2>A list</h2>  <ul>   <li>Coffee</li>   <li>Tea</li> </ul>  </body> </html>",
      "<h2>A list</h2>\n<ul>\n<li>Coffee</li>\n<li>Tea</li>\n</ul>",
    ],
    ["plain paragraphs", "One.\n\nTwo,\nstill two.", "<p>One.</p>\n<p>Two,<br>still two.</p>"],
    ["text with signs of markup", "5 < 6 & 7 > 2", "<p>5 &lt; 6 &amp; 7 &gt; 2</p>"],
    ["scripts and handlers", '<p onclick="x()">Hi<script>alert(1)</script></p>', "<p>Hi</p>"],
    [
      "links",
      '<p><a href="javascript:x">a</a> <a href="https://a.example">b</a></p>',
      '<p><a href="" rel="nofollow noopener noreferrer" target="_blank">a</a> <a href="https://a.example" rel="nofollow noopener noreferrer" target="_blank">b</a></p>',
    ],
    ["a stray sign among tags", "<p>1 < 2</p>", "<p>1 &lt; 2</p>"],
  ])("stores %s the way Intercom does", async (_, body, stored) => {
    const conversation = await test.run("reply_to_conversation", reply({ body }));
    expect(pick(lastPart(conversation), "body")).toBe(stored);
  });

  it("to `last` goes to the conversation that moved last", async () => {
    expect(await test.run("reply_to_conversation", reply({ conversation_id: "last" }))).toMatchObject({
      id: "1002",
    });
  });

  it("may be dated back, but not ahead", async () => {
    const created_at = seconds() - 60;
    const conversation = await test.run("reply_to_conversation", reply({ created_at }));
    expect(pick(lastPart(conversation), "created_at")).toBe(created_at);
    const ahead = await test.refusal("reply_to_conversation", reply({ created_at: seconds() + 3600 }));
    expect(ahead.toolErrorCode).toBe("parameter_invalid");
  });

  it.each<[string, Record<string, unknown>, string, string]>([
    ["a conversation that does not exist", { conversation_id: "9" }, "not_found", "ScalekitToolException"],
    ["an admin who does not exist", { admin_id: "99" }, "admin_not_found", "ScalekitToolException"],
    ["another message type", { message_type: "sms" }, "parameter_invalid", "ScalekitToolException"],
    ["an empty body", { body: "  " }, "parameter_not_found", "ScalekitToolException"],
    ["the name of a customer", { type: "user" }, "parameter_not_found", "ScalekitToolException"],
    ["another type", { type: "bot" }, "parameter_invalid", "ScalekitToolException"],
  ])("is refused for %s, and nothing is written", async (_, changes, toolErrorCode, kind) => {
    expect(await test.refusal("reply_to_conversation", reply(changes))).toMatchObject({
      kind,
      toolErrorCode,
    });
    expect(test.sandbox.world.writes()).toEqual([]);
    expect(test.sandbox.world.parts("1001")).toHaveLength(4);
  });
});

describe("managing a conversation", () => {
  it("closes it, and posts the body that comes with it", async () => {
    const conversation = await test.run(
      "manage_conversation",
      manage({ message_type: "close", body: "Bye!" }),
    );
    expect(conversation).toMatchObject({ state: "closed", open: false, waiting_since: null });
    expect(lastPart(conversation)).toMatchObject({ part_type: "close", body: "<p>Bye!</p>" });
    expect(conversation.statistics).toMatchObject({ last_closed_by_id: "11", last_close_at: seconds() });
  });

  it("snoozes it until the time that was given, when it opens by itself", async () => {
    const snoozed_until = seconds() + 3600;
    const conversation = await test.run(
      "manage_conversation",
      manage({ message_type: "snoozed", snoozed_until }),
    );
    expect(conversation).toMatchObject({ state: "snoozed", open: true, snoozed_until });
    passMinutes(61);
    const awake = await test.run("retrieve_conversation", { conversation_id: "1001" });
    expect(awake).toMatchObject({ state: "open", snoozed_until: null });
    expect(lastPart(awake)).toMatchObject({ part_type: "timer_unsnooze", author: { type: "bot" } });
  });

  it("assigns it to a teammate, a team or nobody", async () => {
    const assign = (changes: Record<string, unknown>) =>
      test.run("manage_conversation", manage({ message_type: "assignment", ...changes }));
    const toBen = await assign({ assignee_id: "12" });
    expect(toBen).toMatchObject({ admin_assignee_id: 12, team_assignee_id: 72 });
    expect(lastPart(toBen)).toMatchObject({
      part_type: "assignment",
      assigned_to: { type: "admin", id: "12" },
    });
    const toBilling = await assign({ type: "team", assignee_id: "72" });
    expect(toBilling).toMatchObject({ admin_assignee_id: 0, team_assignee_id: 72 });
    const toNobody = await assign({ assignee_id: "0" });
    expect(toNobody).toMatchObject({ admin_assignee_id: 0, team_assignee_id: 0 });
  });

  it("reopens a closed conversation by assigning it", async () => {
    const params = manage({ conversation_id: "1003", message_type: "assignment", assignee_id: "11" });
    const conversation = await test.run("manage_conversation", params);
    expect(conversation).toMatchObject({ state: "open", statistics: { count_reopens: 1 } });
    expect(pick(lastPart(conversation), "part_type")).toBe("assign_and_reopen");
  });

  it("opens it", async () => {
    const params = manage({ conversation_id: "1004", message_type: "open" });
    expect(await test.run("manage_conversation", params)).toMatchObject({
      state: "open",
      snoozed_until: null,
    });
  });

  it("refuses an assignment by a teammate without an inbox seat", async () => {
    const params = manage({ admin_id: "13", message_type: "assignment", assignee_id: "11" });
    const refusal = await test.refusal("manage_conversation", params, CLEO);
    expect(refusal).toMatchObject({
      kind: "ScalekitToolForbiddenException",
      toolErrorCode: "action_forbidden",
    });
    expect(test.sandbox.world.conversation("1001").parts).toHaveLength(4);
  });

  it.each<[string, Record<string, unknown>, string]>([
    [
      "an assignee who does not exist",
      { message_type: "assignment", assignee_id: "99" },
      "assignee_not_found",
    ],
    ["an assignment to no one named", { message_type: "assignment" }, "parameter_not_found"],
    ["a snooze without an end", { message_type: "snoozed" }, "parameter_not_found"],
    ["a snooze into the past", { message_type: "snoozed", snoozed_until: 1 }, "parameter_invalid"],
    ["another message type", { message_type: "delete" }, "parameter_invalid"],
    ["closing as a team", { message_type: "close", type: "team" }, "parameter_invalid"],
  ])("refuses %s", async (_, changes, toolErrorCode) => {
    expect(await test.refusal("manage_conversation", manage(changes))).toMatchObject({ toolErrorCode });
    expect(test.sandbox.world.conversation("1001")).toMatchObject({ state: "open", adminAssigneeId: "11" });
  });

  it("notes a changed attribute as a part", async () => {
    const custom_attributes = { order: "A-7" };
    const conversation = await test.run("update_conversation", {
      conversation_id: "1001",
      read: true,
      custom_attributes,
    });
    expect(conversation).toMatchObject({ read: true, custom_attributes });
    expect(lastPart(conversation)).toMatchObject({
      part_type: "conversation_attribute_updated_by_admin",
      event_details: { attribute: { name: "order" }, value: { name: "A-7" } },
    });
  });
});

describe("tags", () => {
  it("are put on and taken off once, and leave no part", async () => {
    const tag = { conversation_id: "1001", admin_id: "11" };
    const attached = await test.run("attach_tag_to_conversation", { ...tag, id: "92" });
    expect(attached).toMatchObject({
      type: "tag",
      id: "92",
      name: "vip",
      applied_by: { type: "admin", id: "11" },
    });
    await test.run("attach_tag_to_conversation", { ...tag, id: "92" });
    expect(test.sandbox.world.conversation("1001").tags.map(({ id }) => id)).toEqual(["91", "92"]);
    await test.run("detach_tag_from_conversation", { ...tag, tag_id: "91" });
    expect(test.sandbox.world.conversation("1001").tags.map(({ id }) => id)).toEqual(["92"]);
    expect(test.sandbox.world.parts("1001")).toHaveLength(4);
    expect((await test.refusal("attach_tag_to_conversation", { ...tag, id: "99" })).toolErrorCode).toBe(
      "not_found",
    );
    expect((await test.refusal("detach_tag_from_conversation", { ...tag, tag_id: "91" })).toolErrorCode).toBe(
      "tag_not_found",
    );
  });
});

describe("the customer", () => {
  it("writes in a conversation and waits", async () => {
    await test.run("reply_to_conversation", reply());
    passMinutes(10);
    await test.sandbox.world.customerWrites("1001", { body: "Thank you!\n\nAnd when?" });
    const conversation = await test.run("retrieve_conversation", { conversation_id: "1001" });
    expect(conversation).toMatchObject({ read: false, waiting_since: seconds(), updated_at: seconds() });
    expect(lastPart(conversation)).toMatchObject({
      part_type: "comment",
      body: "<p>Thank you!</p>\n<p>And when?</p>",
      author: { type: "user", name: "Nora Field" },
    });
  });

  it.each(["1003", "1004"])(
    "reopens conversation %s with a part of type open that carries the words",
    async (id) => {
      await test.sandbox.world.customerWrites(id, { body: "One more thing." });
      const conversation = await test.run("retrieve_conversation", { conversation_id: id });
      expect(conversation).toMatchObject({ state: "open", statistics: { count_reopens: 1 } });
      expect(lastPart(conversation)).toMatchObject({ part_type: "open", body: "<p>One more thing.</p>" });
    },
  );

  it("begins a conversation, by e-mail when there is a subject", async () => {
    const { world } = test.sandbox;
    const chat = await world.beginConversation({ contactId: "65a1f0c2b7d9e0a1c2d3e4f2", body: "Hello?" });
    const found = await test.run("retrieve_conversation", { conversation_id: chat.id });
    expect(found).toMatchObject({
      waiting_since: seconds(),
      source: { type: "conversation", author: { type: "lead" } },
    });
    const body = { contact_id: "65a1f0c2b7d9e0a1c2d3e4f1", body: "Hello!", subject: "A question" };
    const mail = await control(test.sandbox, "POST", "/conversations", body);
    expect(await mail.json()).toMatchObject({ conversation: { channel: "email", title: "A question" } });
  });
});

describe("what people do by hand", () => {
  it("closes, reassigns, answers and redacts", async () => {
    const { sandbox } = test;
    const post = (path: string, body: unknown) =>
      control(sandbox, "POST", `/conversations/1001${path}`, body);
    await post("/replies", { admin_id: "12", body: "I am on it." });
    await post("/assign", { admin_id: "12", to: { type: "admin", id: "12" } });
    const target = sandbox.world.parts("1001")[3]!;
    expect((await post("/redact", { part_id: target.id })).status).toBe(204);
    await post("/close", { admin_id: "12" });
    const conversation = await test.run("retrieve_conversation", { conversation_id: "1001" }, BEN);
    expect(conversation).toMatchObject({ state: "closed", admin_assignee_id: 12 });
    const redacted = pick(conversation, "conversation_parts.conversation_parts.3");
    expect(redacted).toMatchObject({
      redacted: true,
      body: "<p><i>This message was deleted</i></p>",
      attachments: [],
    });
    expect(sandbox.world.writes()).toEqual([]);
  });
});
