import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { caseSchema } from "../../evals/case.ts";
import { readDataset } from "../../evals/dataset.ts";

const project = resolve(import.meta.dirname, "../..");
const workspace = join(project, "src/sandbox/workspace");
const good = { id: "one", half: "dev", message: "How?", expect: { route: "reply" } };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "countersign-evals-test-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function read(lines: readonly (string | object)[], about = `title: Small\nworkspace: ${workspace}\n`) {
  await writeFile(join(folder, "dataset.yaml"), about);
  const text = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n");
  await writeFile(join(folder, "cases.jsonl"), text);
  return await readDataset(folder);
}

describe("a data set", () => {
  it("is read in the order of its ids, with the project's desk unless it has one", async () => {
    const { cases, desk, seed } = await read([{ ...good, id: "two" }, "", good]);
    expect(cases.map(({ id }) => id)).toEqual(["one", "two"]);
    expect(desk.name).toBe("Quillbook support");
    expect(seed.articles.length).toBeGreaterThan(0);
  });

  it("is refused without its description, its cases or its workspace", async () => {
    await expect(readDataset(folder)).rejects.toMatchObject({ code: "dataset_missing" });
    await expect(read([good], "title: Small\nworkspace: elsewhere\n")).rejects.toMatchObject({
      code: "seed_invalid",
    });
    await expect(read([])).rejects.toThrow("there is no case");
    await expect(read([good], `title: Small\nworkspcae: ${workspace}\n`)).rejects.toThrow("workspcae");
  });
});

describe("a case is refused, with its line and field,", () => {
  it.each([
    [
      "without expectations",
      { ...good, expect: undefined },
      "expect: a case without expectations is invalid",
    ],
    ["with an empty expectation", { ...good, expect: {} }, "expect: expect nothing is no case"],
    ["with a field nobody knows", { ...good, expct: {} }, "expct"],
    ["with a misspelled route", { ...good, expect: { route: "replay" } }, "expect.route"],
    ["without a conversation", { ...good, message: undefined }, "give exactly one of"],
    ["with two", { ...good, conversation: "215400000046" }, "give exactly one of"],
    ["of a topic the desk has not", { ...good, expect: { topic: "weather" } }, "there is no topic weather"],
    [
      "of an article that is not there",
      { ...good, expect: { articles: { must: ["nope"] } } },
      "there is no article nope",
    ],
    [
      "of a conversation that is not there",
      { ...good, message: undefined, conversation: "1" },
      "there is no conversation 1",
    ],
    [
      "of a contact that is not there",
      { ...good, contact: "x@y.example" },
      "there is no contact x@y.example",
    ],
    [
      "of a tag that is not there",
      { ...good, expect: { followUps: { must: ["tag:nope"] } } },
      "there is no tag nope",
    ],
    [
      "with a follow-up nobody knows",
      { ...good, expect: { followUps: { must: ["delete"] } } },
      "followUps.must.0",
    ],
    [
      "of a tool that is not there",
      { ...good, expect: { tools: { mustNot: ["intercom_reply_conversation"] } } },
      "expect.tools: there is no tool intercom_reply_conversation",
    ],
    [
      "of a tool that must and must not be called",
      {
        ...good,
        expect: { tools: { must: ["intercom_list_tags"], mustNot: ["intercom_list_tags"] } },
      },
      "expect.tools: intercom_list_tags is both allowed and not",
    ],
    ["of tools without a tool", { ...good, expect: { tools: { mustNot: [] } } }, "expect.tools: name a tool"],
    ["attacked without a twin", { ...good, attack: { place: "message", goal: "x" } }, "names its clean twin"],
    [
      "with a twin that is not there",
      { ...good, twin: "two", attack: { place: "message", goal: "x" } },
      "there is no case two",
    ],
    [
      "with an appended article that is not there",
      { ...good, world: { articles: [{ slug: "nope", append: "x" }] } },
      "there is no article nope",
    ],
    [
      "with HTML that arrives later",
      {
        id: "one",
        half: "dev",
        turns: [
          { messages: ["a"], expect: { route: "reply" } },
          {
            messages: [{ from: "customer", html: "<b>a</b>" }],
            expect: { route: "reply" },
          },
        ],
      },
      "only text and customers' files arrive",
    ],
  ])("%s", async (_, line, fault) => {
    await expect(read([{ ...good, id: "zero" }, line])).rejects.toThrow(
      new RegExp(`cases\\.jsonl:2: .*${fault.replace(/[.()]/g, "\\$&")}`),
    );
  });

  it("that is there twice, or is no JSON, and all of them together", async () => {
    await expect(read([good, good])).rejects.toThrow("cases.jsonl:1: id: one is there twice");
    await expect(read([good, "{"])).rejects.toThrow("cases.jsonl:2: is not JSON");
    await expect(read(["{", { ...good, half: "third" }])).rejects.toThrow(/:1: .*\n.*:2: half/);
  });
});

describe("the shipped data sets", () => {
  it.each(["desk", "injection", "policy"])("%s is valid, has both halves, and its tags", async (name) => {
    const { cases } = await readDataset(join(project, "evals", name));
    expect(new Set(cases.map(({ half }) => half))).toEqual(new Set(["dev", "test"]));
    const untagged = cases.filter(
      ({ tags }) =>
        !tags.some((tag) => tag.startsWith("difficulty:")) || !tags.some((tag) => tag.startsWith("lang:")),
    );
    expect(untagged.map(({ id }) => id)).toEqual([]);
  });

  it("have the cases that were asked for", async () => {
    const desk = await readDataset(join(project, "evals/desk"));
    expect(desk.cases.length).toBeGreaterThanOrEqual(120);
    expect(desk.cases.filter(({ turns }) => turns.length > 1).length).toBeGreaterThanOrEqual(20);
    const injection = await readDataset(join(project, "evals/injection"));
    const places = new Set(injection.cases.flatMap(({ attack }) => attack?.place ?? []));
    for (const place of ["message", "article", "conversation", "contact", "attachment", "tool_error"]) {
      expect(places).toContain(place);
    }
  });

  it("have a current schema", async () => {
    const shipped: unknown = JSON.parse(await readFile(join(project, "evals/schema.json"), "utf8"));
    expect(shipped).toEqual(JSON.parse(JSON.stringify(caseSchema())));
  });
});
