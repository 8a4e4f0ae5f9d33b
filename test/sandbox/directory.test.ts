import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { ADA, BEN, CLEO, openTestSandbox, pick, pickTexts, type TestSandbox } from "./start.ts";

const NORA = "65a1f0c2b7d9e0a1c2d3e4f1";
const OTTO = "65a1f0c2b7d9e0a1c2d3e4f2";

let test: TestSandbox;
beforeAll(async () => {
  test = await openTestSandbox({ clock: () => new Date("2026-03-02T12:00:00Z") });
});
afterAll(() => test.sandbox.close());

const names = (answer: unknown) => pick(answer, "data.*.name");
const titles = (answer: unknown) => pickTexts(answer, "data.articles.*.title");

describe("teammates", () => {
  it("are who their token says, in the workspace it belongs to", async () => {
    expect(await test.run("identify_admin", {}, BEN)).toMatchObject({
      type: "admin",
      id: "12",
      email: BEN,
      has_inbox_seat: true,
      team_ids: [71],
      app: { type: "app", id_code: "tiny1234", region: "US", timezone: "America/New_York" },
    });
    expect(await test.run("identify_admin", {}, CLEO)).toMatchObject({
      has_inbox_seat: false,
      role: { name: "Engineer" },
    });
  });

  it("and teams are listed with each other", async () => {
    const { admins } = await test.run("list_admins");
    expect(admins).toHaveLength(5);
    expect(pick(admins, "0")).not.toHaveProperty("avatar");
    const { teams } = await test.run("list_teams");
    expect(teams).toMatchObject([
      { id: "71", name: "Support", admin_ids: [11, 12, 14] },
      { id: "72", admin_ids: [11] },
    ]);
    expect((await test.refusal("retrieve_team", { team_id: "9" })).toolErrorCode).toBe("team_not_found");
  });
});

describe("contacts", () => {
  it("are found by their attributes", async () => {
    const search = async (field: string, operator: string, value: unknown) =>
      names(await test.run("search_contacts", { query: { field, operator, value } }));
    expect(await search("email", "=", "NORA@lotus.example")).toEqual(["Nora Field"]);
    expect(await search("email_domain", "=", "grey.example")).toEqual(["Otto Grey"]);
    expect(await search("role", "=", "lead")).toEqual(["Otto Grey"]);
    expect(await search("external_id", "=", "u-1")).toEqual(["Nora Field"]);
    expect(await search("custom_attributes.plan", "=", "Studio")).toEqual(["Nora Field"]);
    expect(await search("tag_id", "=", "92")).toEqual(["Nora Field"]);
    expect(await search("name", "~", "zzz")).toEqual([]);
  });

  it("match dates by the calendar day of the workspace", async () => {
    // Half past three in the night of 1 March in UTC is still 28 February in New York.
    const created = async (operator: string, iso: string) => {
      const query = { field: "created_at", operator, value: Date.parse(iso) / 1000 };
      return names(await test.run("search_contacts", { query }));
    };
    expect(await created("=", "2026-02-28T18:00:00Z")).toEqual(["Otto Grey"]);
    expect(await created(">", "2026-02-28T18:00:00Z")).toEqual([]);
    expect(await created(">", "2026-02-27T18:00:00Z")).toEqual(["Otto Grey"]);
    expect(await created("<", "2026-02-28T18:00:00Z")).toEqual(["Nora Field"]);
  });

  it("carry attributes, tags, notes and companies", async () => {
    const contact = await test.run("retrieve_contact", { contact_id: NORA });
    expect(contact).toMatchObject({
      type: "contact",
      role: "user",
      custom_attributes: { plan: "Studio", seats: 4 },
      tags: { data: [{ type: "tag", id: "92", url: "/tags/92" }], total_count: 1, has_more: false },
      companies: { data: [{ type: "company", id: "comp-1" }] },
      location: { country: "United States" },
      last_replied_at: Date.parse("2026-03-02T10:00:00Z") / 1000,
    });
    expect(await test.run("list_contact_tags", { contact_id: NORA })).toMatchObject({
      data: [{ name: "vip" }],
    });
    expect(await test.run("list_contact_companies", { contact_id: NORA })).toMatchObject({
      type: "list",
      data: [{ name: "Lotus Yoga", monthly_spend: 39, user_count: 1 }],
    });
    expect((await test.refusal("retrieve_contact", { contact_id: "nobody" })).toolErrorMessage).toContain(
      "User Not Found",
    );
  });

  it("take notes, the newest first, by the token's owner unless another is named", async () => {
    const note = await test.run("create_contact_note", { contact_id: NORA, body: "Called." }, BEN);
    expect(note).toMatchObject({
      type: "note",
      body: "<p>Called.</p>",
      author: { id: "12" },
      contact: { id: NORA },
    });
    const { data, total_count } = await test.run("list_contact_notes", { contact_id: NORA });
    expect(total_count).toBe(2);
    expect(pick(data, "*.body")).toEqual(["<p>Called.</p>", "<p>Prefers e-mail.</p>"]);
    expect(
      (await test.refusal("create_contact_note", { contact_id: NORA, body: "x", admin_id: "99" }))
        .toolErrorCode,
    ).toBe("admin_not_found");
  });
});

describe("articles", () => {
  it("are found by any of the words, in any form, the most relevant first", async () => {
    expect(titles(await test.run("search_articles", { phrase: "cancelling refunded calendars" }))).toEqual([
      "Refunds and cancellations",
      "Sync your calendar",
    ]);
    expect(titles(await test.run("search_articles", { phrase: "how do I sync with Outlook" }))).toEqual([
      "Sync your calendar",
    ]);
    expect(titles(await test.run("search_articles", { phrase: "elephants" }))).toEqual([]);
  });

  it("are the published and public ones unless drafts are asked for", async () => {
    const all = await test.run("search_articles", { phrase: "refund", state: "all" });
    expect(titles(all).sort()).toEqual(["Refund policy, next year", "Refunds and cancellations"]);
    const drafts = await test.run("search_articles", { phrase: "refund", state: "draft" });
    expect(pick(drafts, "data.articles")).toMatchObject([{ state: "draft", url: null }]);
    expect((await test.refusal("search_articles", { phrase: "x", state: "new" })).toolErrorCode).toBe(
      "parameter_invalid",
    );
    expect((await test.refusal("retrieve_article", { article_id: "3004" })).toolErrorCode).toBe(
      "article_not_found",
    );
  });

  it("show where the words stand on request", async () => {
    const { data } = await test.run("search_articles", { phrase: "refunds", highlight: true });
    expect(pick(data, "highlights.0")).toMatchObject({
      article_id: "3001",
      highlighted_title: [
        { type: "highlight", text: "Refunds" },
        { type: "plain", text: " " },
        { type: "plain", text: "and" },
        { type: "plain", text: " " },
        { type: "plain", text: "cancellations" },
      ],
    });
  });

  it("have a body in HTML and an address", async () => {
    const article = await test.run("retrieve_article", { article_id: "3001" });
    expect(article.url).toBe("https://help.tiny.example/en/articles/3001-refund-policy");
    expect(article.body).toBe(
      [
        "<h1>Who gets a refund</h1>",
        "<p>Annual plans are refunded within <b>30 days</b>. To cancel:</p>",
        "<ol>",
        "<li>Open <i>Settings</i>.</li>",
        '<li>Choose <a href="https://tiny.example/billing">Billing</a>.</li>',
        "</ol>",
        "<p>Monthly plans are not refunded &amp; stay active.</p>",
      ].join("\n"),
    );
  });
});

describe("macros", () => {
  it("are those the token's owner may see", async () => {
    expect(names(await test.run("list_macros", {}, ADA))).toEqual(["Refund steps", "Greeting"]);
    expect(names(await test.run("list_macros", {}, BEN))).toEqual(["Greeting"]);
    expect(await test.run("get_macro", { macro_id: "502" }, ADA)).toMatchObject({
      visible_to_team_ids: ["72"],
    });
    expect((await test.refusal("get_macro", { macro_id: "502" }, BEN)).toolErrorCode).toBe("not_found");
  });

  it("keep their placeholders", async () => {
    expect(await test.run("get_macro", { macro_id: "501" })).toMatchObject({
      body: '<p>Hi <attribute key="user.first_name" default="there"/>, thanks for writing.</p>',
      body_text: 'Hi {{user.first_name|fallback:"there"}}, thanks for writing.',
      updated_at: "2026-01-10T10:00:00.000Z",
    });
  });
});

describe("tickets", () => {
  it("are found and retrieved by id, not by their number", async () => {
    const query = { operator: "AND", value: [{ field: "contact_ids", operator: "=", value: NORA }] };
    const list = await test.run("search_tickets", { query });
    expect(list).toMatchObject({
      type: "ticket.list",
      total_count: 1,
      tickets: [
        {
          id: "8801",
          ticket_id: "41",
          ticket_attributes: { _default_title_: "Calendar shows the wrong hour" },
          ticket_state: { category: "in_progress" },
          ticket_type: { name: "Bug" },
        },
      ],
    });
    expect(await test.run("retrieve_ticket", { ticket_id: "8801" })).toMatchObject({ ticket_id: "41" });
    expect((await test.refusal("retrieve_ticket", { ticket_id: "41" })).toolErrorCode).toBe(
      "ticket_not_found",
    );
    expect((await test.run("list_ticket_types")).data).toMatchObject([
      { name: "Bug" },
      { category: "Back-office" },
    ]);
  });

  it("are created, answered, moved on and assigned", async () => {
    const created = await test.run("create_ticket", {
      ticket_type_id: "81",
      contacts: [{ email: "otto@grey.example" }],
      ticket_attributes: { _default_title_: "Wrong total" },
    });
    expect(created).toMatchObject({
      ticket_id: "43",
      contacts: { contacts: [{ id: OTTO }] },
      ticket_state: { category: "submitted" },
    });
    const answer = {
      ticket_id: created.id,
      admin_id: "11",
      type: "admin",
      message_type: "note",
      body: "Looking.",
    };
    expect(await test.run("reply_to_ticket", answer)).toMatchObject({
      type: "ticket_part",
      part_type: "note",
    });
    const moved = await test.run("update_ticket", {
      ticket_id: created.id,
      state: "resolved",
      assignment: { admin_id: "11", assignee_id: "12" },
    });
    expect(moved).toMatchObject({
      open: false,
      admin_assignee_id: 12,
      ticket_state: { category: "resolved" },
    });
    expect(pick(moved, "ticket_parts.ticket_parts.-1")).toMatchObject({
      part_type: "ticket_state_updated_by_admin",
      previous_ticket_state: "submitted",
      ticket_state: "resolved",
    });
  });

  it("refuse what Intercom refuses", async () => {
    const user = { ticket_id: "8802", admin_id: "11", type: "user", message_type: "comment", body: "Hi" };
    expect((await test.refusal("reply_to_ticket", user)).toolErrorCode).toBe("parameter_mismatch");
    const internal = { conversation_id: "1002", ticket_type_id: "82" };
    expect((await test.refusal("convert_conversation_to_ticket", internal)).toolErrorCode).toBe(
      "parameter_invalid",
    );
    const assignment = { ticket_id: "8801", assignment: { admin_id: "13", assignee_id: "11" } };
    expect((await test.refusal("update_ticket", assignment, CLEO)).toolErrorCode).toBe("action_forbidden");
    expect((await test.refusal("update_ticket", { ticket_id: "8801", state: "done" })).toolErrorCode).toBe(
      "parameter_invalid",
    );
  });

  it("come of a conversation once", async () => {
    const params = { conversation_id: "1002", ticket_type_id: "81" };
    const ticket = await test.run("convert_conversation_to_ticket", params);
    expect(ticket).toMatchObject({
      category: "Customer",
      linked_objects: { data: [{ type: "conversation", id: "1002" }] },
    });
    expect(await test.run("retrieve_conversation", { conversation_id: "1002" })).toMatchObject({
      ticket: { id: ticket.id },
    });
    expect((await test.refusal("convert_conversation_to_ticket", params)).toolErrorCode).toBe(
      "parameter_invalid",
    );
  });
});
