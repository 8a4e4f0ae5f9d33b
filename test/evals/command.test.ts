import { LLMock } from "@copilotkit/aimock";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Surroundings } from "../../evals/command.ts";
import { Run } from "../../evals/run-document.ts";
import { parseConfig } from "../../src/config.ts";
import { evalIn } from "./eval-command.ts";

const workspace = resolve(import.meta.dirname, "../../src/sandbox/workspace");
const question = "How do I add a 15 minute buffer between appointments? <b>Please</b>";
const lines = ["one", "two", "three", "four", "five"].map((id, index) => ({
  id,
  half: index === 0 ? "test" : "dev",
  tags: ["difficulty:easy", `kind:${id}`],
  message: question,
  expect: { topic: "scheduling", articles: { must: ["services-durations-and-buffers"] }, abstain: false },
}));

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "countersign-evals-test-"));
  await writeFile(join(folder, "dataset.yaml"), `title: Small\nworkspace: ${workspace}\n`);
  await writeFile(join(folder, "cases.jsonl"), lines.map((line) => JSON.stringify(line)).join("\n"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const { run, said } = evalIn(() => folder);

const file = (name: string) => join(folder, name);
const readRun = async (name: string) => Run.parse(JSON.parse(await readFile(file(name), "utf8")));

describe("npm run eval", () => {
  it("checks a data set by its path, and says where a broken one is broken", async () => {
    expect(await run(["check", folder])).toBe(0);
    expect(said.join()).toContain("5 cases (4 dev, 1 test), all valid");
    await expect(run(["check", file("nowhere")])).rejects.toMatchObject({ code: "dataset_missing" });
  });

  it("refuses options that make no sense", async () => {
    await expect(run(["--half", "third"])).rejects.toMatchObject({ code: "commander.invalidArgument" });
    await expect(run(["--concurrency", "0"])).rejects.toMatchObject({ code: "commander.invalidArgument" });
    await expect(run(["--dataset", folder, "--filter", "nothing"])).rejects.toMatchObject({
      code: "eval_usage",
    });
    await expect(run(["baseline", "--dataset", folder, "--filter", "one"])).rejects.toMatchObject({
      code: "eval_usage",
    });
    await expect(run(["compare", file("a.json"), file("b.json")])).rejects.toMatchObject({
      code: "eval_usage",
    });
  });

  it("writes a baseline, and is good against it", async () => {
    expect(await run(["baseline", "--dataset", folder])).toBe(0);
    expect(await run(["--dataset", folder, "--json", file("good.json"), "--html", file("report.html")])).toBe(
      0,
    );
    expect(said.join()).toContain("Against the baseline: no case changed.");
    expect(said.join()).toContain("Safety: 10 writes, each of them approved");
    expect((await readRun("good.json")).results).toHaveLength(5);
  });

  it("fails on a regression beyond noise, and names the cases", async () => {
    const change: Surroundings["change"] = (runtime) => ({
      ...runtime,
      engines: {
        ...runtime.engines,
        classify: async (briefing) => ({ ...(await runtime.engines.classify(briefing)), topic: "payouts" }),
      },
    });
    expect(await run(["--dataset", folder, "--json", file("bad.json")], { change })).toBe(1);
    expect(said.join()).toMatch(
      /topic \(5 cases\): 5 lost, 0 won, p = 0\.031 {2}REGRESSION\n {4}lost: five, four, one, three, two/,
    );
    expect(await run(["compare", file("good.json"), file("bad.json")])).toBe(1);
    expect(said.join()).toMatch(/topic accuracy\s+1\.000 → 0\.000/);
    expect(await run(["compare", file("good.json"), file("good.json")])).toBe(0);
  });

  it("chooses cases by half, id and tag", async () => {
    expect(
      await run(["--dataset", folder, "--only", "classifier", "--half", "test", "--json", file("half.json")]),
    ).toBe(0);
    expect((await readRun("half.json")).results.map(({ id }) => id)).toEqual(["one"]);
    await run([
      "--dataset",
      folder,
      "--only",
      "classifier",
      "--filter",
      "kind:two",
      "--json",
      file("tag.json"),
    ]);
    expect((await readRun("tag.json")).results.map(({ id }) => id)).toEqual(["two"]);
  });

  it("goes on where it was interrupted, and begins anew unless told to", async () => {
    const words = ["--dataset", folder, "--only", "classifier", "--filter", "o"];
    const stopping = new AbortController();
    const interrupted = run([...words, "--concurrency", "1"], {
      journals: file("resumed"),
      signal: stopping.signal,
      progress: () => {
        stopping.abort();
      },
    });
    await expect(interrupted).rejects.toMatchObject({ name: "AbortError" });
    const [name = ""] = await readdir(file("resumed"));
    const journal = join(file("resumed"), name);
    const first = await readFile(journal, "utf8");
    await writeFile(journal, `${first.replace('"dataset"', '"note":"kept","dataset"')}{"result":{"cut`);
    await run([...words, "--resume", "--json", file("resumed.json")], { journals: file("resumed") });
    const notes = (await readRun("resumed.json")).results.map(({ note }) => note);
    expect(notes).toHaveLength(3);
    expect(notes.filter((note) => note === "kept")).toHaveLength(1);
    expect(await readdir(file("resumed"))).toEqual([]);
    await writeFile(journal, first);
    await run([...words, "--json", file("anew.json")], { journals: file("resumed") });
    expect((await readRun("anew.json")).results.every(({ note }) => note === undefined)).toBe(true);
  });
});

describe("the report", () => {
  it("is one file without scripts and without anything from elsewhere", async () => {
    const html = await readFile(file("report.html"), "utf8");
    expect(html).not.toMatch(/<script|<link|<iframe|<img|@import|url\(/i);
    expect(html).not.toMatch(/\son\w+=/i);
  });

  it("shows what a customer wrote as text, the draft, the evidence and the reasons", async () => {
    const html = await readFile(file("report.html"), "utf8");
    expect(html).toContain("&lt;b&gt;Please&lt;/b&gt;");
    for (const part of [
      "The draft: a reply",
      "Evidence",
      "What the judges say",
      "Cost and time",
      "retrieval hit@5",
    ]) {
      expect(html).toContain(part);
    }
  });

  it("can be made of a run that was written down", async () => {
    expect(await run(["report", file("bad.json"), "--html", file("bad.html")])).toBe(0);
    expect(await readFile(file("bad.html"), "utf8")).toContain(
      "Worse than the baseline in topic (small".replace("small", readdirName()),
    );
  });
});

const readdirName = () => folder.split("/").at(-1) ?? "";

describe("with a model", () => {
  const answers: Record<string, unknown> = {
    classify: {
      topic: "scheduling",
      confidence: 0.9,
      urgency: "normal",
      sentiment: "neutral",
      language: "en",
      asks: ["How do I add a buffer?"],
      route: "reply",
      reason: "A plain question.",
    },
    give_findings: {
      quotations: [],
      gaps: [{ ask: 1, reason: "Nothing was looked for." }],
    },
    write_draft: { abstain: true, paragraphs: [], followUps: [] },
  };
  let mock: LLMock;

  beforeAll(async () => {
    mock = new LLMock({ port: 0, logLevel: "silent" });
    await mock.start();
    mock.on({ predicate: () => true }, (request) => {
      const offered = JSON.stringify(request.tools ?? []);
      const name = Object.keys(answers).find((one) => offered.includes(`"${one}"`)) ?? "";
      return {
        toolCalls: [{ name, arguments: JSON.stringify(answers[name]) }],
        usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 },
      };
    });
  });
  afterAll(() => mock.stop());

  it("plays a matrix of models beside the offline engines, counts what each case cost, and skips the baseline", async () => {
    const config = () => parseConfig({ OPENAI_COMPATIBLE_BASE_URL: `${mock.url}/v1` });
    const models = ["--model", "openai-compatible:small", "--model", "offline"];
    const words = [
      "--dataset",
      folder,
      "--filter",
      "t",
      ...models,
      "--repeats",
      "2",
      "--json",
      file("models.json"),
    ];
    expect(await run(words, { config })).toBe(0);
    const { results, engines } = await readRun("models.json");
    expect(engines).toEqual(["openai-compatible:small", "offline"]);
    const usage = (engine: string) =>
      results
        .filter((one) => one.engine === engine)
        .flatMap(({ trace }) => trace.turns.map((turn) => turn.usage));
    expect(usage("openai-compatible:small")).toEqual(
      Array.from({ length: 4 }, () => ({ calls: 3, inputTokens: 33, outputTokens: 21 })),
    );
    expect(usage("offline").every(({ calls }) => calls === 0)).toBe(true);
    expect(said.join()).toContain("cases passed every time");
    expect(said.join()).not.toContain("Against the baseline");
  });

  it("says which variable is missing, and leaves no store behind", async () => {
    const words = ["--dataset", folder, "--filter", "one", "--model", "openai:gpt-5"];
    await expect(run(words)).rejects.toMatchObject({ code: expect.stringContaining("model") });
    expect(existsSync(file("journals"))).toBe(true);
  });
});
