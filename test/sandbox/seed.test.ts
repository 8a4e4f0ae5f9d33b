import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { populate } from "../../src/sandbox/intercom/populate.ts";
import { readSeed } from "../../src/sandbox/seed.ts";
import { fixtureFolder } from "./start.ts";

const quillbook = resolve(import.meta.dirname, "../../src/sandbox/workspace");

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "countersign-seed-"));
  await cp(fixtureFolder, folder, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function replace(file: string, from: string, to: string): Promise<void> {
  const text = await readFile(join(folder, file), "utf8");
  if (!text.includes(from)) throw new Error(`${file} does not contain ${from}`);
  await writeFile(join(folder, file), text.replace(from, to));
}

describe("a workspace folder that is wrong", () => {
  it.each<[string, string, string, string, string]>([
    ["a missing field", "teams.yaml", "name: Support ", "title: Support ", "teams.yaml: [0].name: "],
    [
      "a wrong value",
      "admins.yaml",
      "connection: pending",
      "connection: maybe",
      "admins.yaml: [3].connection: ",
    ],
    ["a wrong address", "contacts.yaml", "nora@lotus.example", "nora", "contacts.yaml: [0].email: "],
    [
      "a wrong time",
      "conversations/01-refund.yaml",
      "2026-03-02T09:01:00Z",
      "monday",
      "conversations/01-refund.yaml: messages[1].at: ",
    ],
    [
      "an unknown field",
      "macros.yaml",
      "name: Greeting",
      "name: Greeting\n  colour: red",
      'macros.yaml: [0]: Unrecognized key: "colour"',
    ],
    ["broken YAML", "tags.yaml", "- {", "- [", "tags.yaml: "],
    [
      "no front matter",
      "articles/calendar-sync.md",
      "---\n",
      "",
      "articles/calendar-sync.md: begins without a front matter",
    ],
    [
      "an unknown contact",
      "conversations/02-calendar.yaml",
      "contact_id: 65a1f0c2b7d9e0a1c2d3e4f2",
      "contact_id: nobody",
      "conversations: 1002: contact_id: there is no contact nobody",
    ],
    [
      "an unknown team",
      "admins.yaml",
      '["71", "72"]',
      '["71", "79"]',
      "admins.yaml: [0].team_ids: there is no team 79",
    ],
    ["an unknown tag", "contacts.yaml", 'tag_ids: ["92"]', 'tag_ids: ["99"]', "tag_ids: there is no tag 99"],
    [
      "an unknown author",
      "articles/refund-draft.md",
      'author_id: "11"',
      'author_id: "19"',
      "articles/refund-draft.md: author_id: there is no admin 19",
    ],
    ["an id twice", "tickets.yaml", 'id: "8802"', 'id: "8801"', "tickets.yaml: id: 8801 is there twice"],
    [
      "messages out of order",
      "conversations/01-refund.yaml",
      "2026-03-02T09:01:00Z",
      "2026-03-01T09:01:00Z",
      "conversations: 1001: messages[1].at: is earlier",
    ],
    [
      "a snooze without an end",
      "conversations/04-snoozed.yaml",
      "snoozed_until: 2026-03-03T12:00:00Z\n",
      "",
      "conversations: 1004: snoozed_until",
    ],
    [
      "a message without words",
      "conversations/03-closed.yaml",
      ", body: Under Settings.",
      "",
      "conversations: 1003: messages[1]: needs a body",
    ],
  ])("is refused for %s, naming file and field", async (_, file, from, to, problem) => {
    await replace(file, from, to);
    await expect(readSeed(folder)).rejects.toMatchObject({
      code: "seed_invalid",
      message: expect.stringContaining(problem),
    });
  });

  it("is refused without a workspace, and names every problem at once", async () => {
    await rm(join(folder, "workspace.yaml"));
    await replace("admins.yaml", "connection: pending", "connection: maybe");
    const refusal = readSeed(folder);
    await expect(refusal).rejects.toThrow(
      /workspace\.yaml: is missing[\s\S]*admins\.yaml: \[3\]\.connection/,
    );
  });
});

describe("the times of a workspace", () => {
  it("are shifted together so that it looks fresh", async () => {
    const seed = await readSeed(folder);
    const later = populate(seed, new Date("2027-03-02T12:00:00Z"));
    const written = populate(seed, null);
    const year = 365 * 86_400;
    expect(later.conversations[0]!.createdAt - written.conversations[0]!.createdAt).toBe(year);
    expect(later.articles[0]!.updatedAt - written.articles[0]!.updatedAt).toBe(year);
    expect(written.conversations[0]!.createdAt).toBe(Date.parse("2026-03-02T09:00:00Z") / 1000);
  });
});

describe("Quillbook", () => {
  it("is a workspace that can be loaded, with its six teammates", async () => {
    const seed = await readSeed(quillbook);
    expect(seed.workspace).toMatchObject({ name: "Quillbook", id_code: "qb7x2m1k", region: "US" });
    expect(seed.admins.map(({ id, email, connection }) => `${id} ${email} ${connection}`)).toEqual([
      "5510001 mina.park@quillbook.example active",
      "5510002 tomas.oliveira@quillbook.example active",
      "5510003 priya.nair@quillbook.example active",
      "5510004 jonas.weber@quillbook.example active",
      "5510005 leila.haddad@quillbook.example active",
      "5510006 sam.okafor@quillbook.example pending",
    ]);
  });

  it("happened before the moment it is seen from", async () => {
    const { workspace, conversations, articles, contacts } = await readSeed(quillbook);
    const end = Date.parse(workspace.as_of);
    const times = [
      ...conversations.flatMap(({ id, messages }) => messages.map(({ at }) => ({ id, at }))),
      ...articles.map(({ id, updated_at }) => ({ id, at: updated_at })),
      ...contacts.flatMap(({ id, created_at, last_seen_at }) =>
        [created_at, last_seen_at ?? created_at].map((at) => ({ id, at })),
      ),
    ];
    expect(times.filter(({ at }) => Date.parse(at) > end)).toEqual([]);
  });

  it("leaves no Markdown in the articles' HTML", async () => {
    const { articles } = populate(await readSeed(quillbook), null);
    const left = articles
      .filter(({ body }) => /\*\*|^#{1,6} |\]\(|^\||^[-*] |```/m.test(body))
      .map(({ id }) => id);
    expect(left).toEqual([]);
  });
});
