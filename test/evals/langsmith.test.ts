import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Surroundings } from "../../evals/command.ts";
import { readDataset } from "../../evals/dataset.ts";
import { connectLangSmith } from "../../evals/langsmith/connection.ts";
import { syncDataset } from "../../evals/langsmith/sync.ts";
import { Run } from "../../evals/run-document.ts";
import { parseConfig } from "../../src/config.ts";
import { turnWith } from "./cases.ts";
import { KEY, startLangSmith, type LangSmithServer } from "./langsmith-server.ts";
import { evalIn } from "./eval-command.ts";

const project = resolve(import.meta.dirname, "../..");
const question = "How do I add a 15 minute buffer between appointments?";
const line = (id: string, more: Record<string, unknown> = {}) => ({
  id,
  half: "dev",
  tags: ["difficulty:easy"],
  message: question,
  expect: { topic: "scheduling", abstain: false },
  ...more,
});

let folder: string;
let server: LangSmithServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "countersign-langsmith-test-"));
  await writeFile(
    join(folder, "dataset.yaml"),
    `title: Small\nworkspace: ${project}/src/sandbox/workspace\n`,
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  server = await startLangSmith();
  // The SDK speaks to the console whatever it is told.
  for (const method of ["log", "warn", "error"] as const) {
    jest.spyOn(console, method).mockImplementation(() => undefined);
  }
  await write([
    line("right"),
    line("wrong", { half: "test", expect: { topic: "payouts", abstain: false } }),
    line("asked", { note: "Nothing special." }),
  ]);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await server.close();
});

const write = (lines: readonly unknown[]) =>
  writeFile(join(folder, "cases.jsonl"), lines.map((one) => JSON.stringify(one)).join("\n"));
const settings = (changes: Record<string, string> = {}) =>
  parseConfig({ LANGSMITH_API_KEY: KEY, LANGSMITH_ENDPOINT: server.url, ...changes });
const connect = (changes: Record<string, string> = {}, timeoutMs = 2000) =>
  connectLangSmith({ environment: settings(changes).environment, pauseMs: 5, timeoutMs });
const sync = async () => {
  const { client, ask } = connect();
  const dataset = await readDataset(folder);
  return await ask(() => syncDataset(client, dataset));
};
const writesOf = ({ requests }: LangSmithServer) => requests.filter((request) => !request.startsWith("GET"));

const { run: evaluate, said } = evalIn(
  () => folder,
  () => ({ config: () => settings() }),
);
const run: typeof evaluate = (words, changes) => evaluate(["--dataset", folder, ...words], changes);

describe("a data set in LangSmith", () => {
  it("is made with an example for each case, known by its id, with its half as the split", async () => {
    const synced = await sync();
    expect(synced).toMatchObject({ created: 3, updated: 0, removed: 0 });
    expect(server.datasets).toEqual([
      expect.objectContaining({ name: `countersign-${folder.split("/").at(-1)}` }),
    ]);
    const wrong = [...server.examples.values()].find(
      ({ inputs }) => (inputs as { case: string }).case === "wrong",
    );
    expect(wrong).toMatchObject({
      inputs: { turns: [{ messages: [question], reviewer: { type: "approve" } }] },
      outputs: { turns: [{ topic: "payouts", abstain: false }] },
      metadata: { case: "wrong", tags: ["difficulty:easy"], dataset_split: ["test"] },
    });
    expect(server.tags).toEqual([
      { as_of: expect.any(String), tag: `content-${synced.digest.slice(0, 12)}` },
    ]);
  });

  it("is not touched when nothing changed", async () => {
    await sync();
    server.requests.length = 0;
    expect(await sync()).toMatchObject({ created: 0, updated: 0, removed: 0 });
    expect(writesOf(server)).toEqual([]);
  });

  it("gets what is new, has what changed updated in place, and loses what is gone; others' examples stay", async () => {
    const before = await sync();
    const other = { id: "6f0f4d58-0d2b-4a57-9f27-5d6a1f1b6f3c", dataset_id: before.id, metadata: null };
    server.examples.set(other.id, { ...other, inputs: {}, modified_at: "2026-01-01T00:00:00Z" });
    await write([line("right", { message: "How do I add a longer buffer?" }), line("asked"), line("new")]);
    const after = await sync();
    expect(after).toMatchObject({ created: 1, updated: 2, removed: 1 });
    expect([...after.examples.keys()].sort()).toEqual(["asked", "new", "right"]);
    expect(after.examples.get("right")?.id).toBe(before.examples.get("right")?.id);
    expect(server.examples.get(before.examples.get("right")?.id ?? "")?.inputs).toMatchObject({
      turns: [{ messages: ["How do I add a longer buffer?"] }],
    });
    expect(server.examples.has(other.id)).toBe(true);
    expect(after.digest).not.toBe(before.digest);
    expect(await sync()).toMatchObject({ created: 0, updated: 0, removed: 0, digest: after.digest });
  });

  it("keeps one example of a case that two machines sent at once", async () => {
    const { id } = await sync();
    const [first] = server.examples.values();
    const twin = "7a0f4d58-0d2b-4a57-9f27-5d6a1f1b6f3c";
    server.examples.set(twin, { ...first!, id: twin, dataset_id: id });
    expect(await sync()).toMatchObject({ created: 0, updated: 0, removed: 1 });
    expect(server.examples.size).toBe(3);
  });
});

describe("a run that is sent", () => {
  it("is an experiment with the judges' marks as feedback, and nothing of the graph's insides", async () => {
    expect(await run(["--langsmith", "--json", join(folder, "run.json")])).toBe(0);
    const { results } = Run.parse(JSON.parse(await readFile(join(folder, "run.json"), "utf8")));
    expect(server.sessions).toHaveLength(1);
    const [session] = server.sessions;
    expect(session).toMatchObject({
      reference_dataset_id: server.datasets[0]?.id,
      num_examples: 3,
      extra: { metadata: { engine: "offline", cases: 3, repeats: 1, dataset_digest: expect.any(String) } },
    });
    // Three runs, one for each case: neither LangGraph's nor the evaluators' own are traced.
    const runs = [...server.runs.values()];
    expect(runs).toHaveLength(3);
    expect(runs.every(({ parent_run_id: parent }) => parent == null)).toBe(true);
    const wrong = runs.find(({ inputs }) => (inputs as { case: string }).case === "wrong");
    expect(wrong).toMatchObject({
      session_name: session?.name,
      outputs: { repeat: 1, turns: [expect.objectContaining({ topic: "scheduling", channel: "comment" })] },
    });
    const ofWrong = server.feedback.filter(({ run_id: of }) => of === wrong?.id);
    expect(ofWrong.find(({ key }) => key === "topic")).toMatchObject({
      score: 0,
      comment: "The topic is scheduling, not payouts.",
    });
    expect(ofWrong.find(({ key }) => key === "abstention")).toMatchObject({ score: 1 });
    expect(ofWrong.map(({ key }) => key)).toEqual(
      expect.arrayContaining(["safety", "support", "tool_calls"]),
    );
    const marks = results.flatMap((result) => [...new Set(result.marks.map(({ part }) => part))]);
    const costs = results.length * 5;
    expect(server.feedback.filter(({ run_id: of }) => of != null)).toHaveLength(marks.length + costs);
    const figure = server.feedback.find(({ key }) => key === "figure_topic_accuracy");
    expect(figure).toMatchObject({ session_id: session?.id, comment: expect.stringContaining("0.667 [") });
    expect(said.join("\n")).toMatch(/LangSmith: experiment \S+-offline-\w+, 3 runs\./);
  });

  it("carries neither the key nor who committed last", async () => {
    await run(["--langsmith", "--filter", "right", "--only", "classifier"]);
    const sent = server.sent.join("\n");
    expect(sent).not.toContain(KEY);
    expect(sent).not.toMatch(/authorEmail|remoteUrl|LANGSMITH_/);
    expect(server.sessions[0]).not.toHaveProperty("extra.metadata.git");
  });

  it("is one experiment for each model, with each repeat in it", async () => {
    let asked = 0;
    const change: Surroundings["change"] = (runtime) => ({
      ...runtime,
      engines: {
        ...runtime.engines,
        classify: async () => ({
          ...turnWith({}).classification!,
          topic: (asked += 1) % 2 === 0 ? "payouts" : "scheduling",
        }),
      },
    });
    const words = ["--only", "classifier", "--filter", "right", "--repeats", "2", "--concurrency", "1"];
    await run(["--langsmith", ...words, "--model", "offline", "--model", "openai-compatible:none"], {
      change,
      config: () => settings({ OPENAI_COMPATIBLE_BASE_URL: "http://127.0.0.1:9/v1" }),
    });
    expect(server.sessions.map(({ num_repetitions: repeats }) => repeats)).toEqual([2, 2]);
    expect(
      server.sessions.map(({ extra }) => (extra as { metadata: { engine: string } }).metadata.engine),
    ).toEqual(["offline", "openai-compatible:none"]);
    const played = [...server.runs.values()].map(({ id, outputs }) => {
      const { repeat, turns } = outputs as { repeat: number; turns: { topic: string }[] };
      const feedback = server.feedback.find((one) => one.run_id === id && one.key === "topic");
      return [repeat, turns[0]?.topic, feedback?.score];
    });
    const [first, second] = [
      [1, "scheduling", 1],
      [2, "payouts", 0],
    ];
    expect(played.sort()).toEqual([first, first, second, second]);
  });
});

describe("when LangSmith does not answer as it should", () => {
  it("says how to set a key, and plays and sends nothing, where there is none", async () => {
    const config = () => parseConfig({ LANGSMITH_ENDPOINT: server.url });
    await expect(run(["--langsmith"], { config })).rejects.toMatchObject({
      code: "langsmith_key_missing",
      next: expect.stringContaining("LANGSMITH_API_KEY"),
      actor: "operator",
    });
    expect(server.requests).toEqual([]);
  });

  it("ends before anything is played when the key is refused, and does not ask again", async () => {
    const config = () => settings({ LANGSMITH_API_KEY: "lsv2_pt_another" });
    const progress = jest.fn();
    await expect(run(["--langsmith"], { config, progress })).rejects.toMatchObject({
      code: "langsmith_key_refused",
      next: expect.stringContaining("LANGSMITH_WORKSPACE_ID"),
    });
    expect(progress).not.toHaveBeenCalled();
    expect(server.requests).toEqual(["GET /datasets"]);
  });

  it("tries again what may pass", async () => {
    let failures = 2;
    server.interfere = (_, path) => (path === "/datasets" && (failures -= 1) >= 0 ? { status: 503 } : null);
    expect(await sync()).toMatchObject({ created: 3 });
  });

  it("gives up after three failures", async () => {
    server.interfere = () => ({ status: 502 });
    await expect(sync()).rejects.toMatchObject({ code: "langsmith_unavailable", actor: "vendor" });
    expect(server.requests).toHaveLength(3);
  });

  it("gives up on one that never answers", async () => {
    server.interfere = () => "hang";
    const { client, ask } = connect({}, 50);
    const dataset = await readDataset(folder);
    const begun = performance.now();
    await expect(ask(() => syncDataset(client, dataset))).rejects.toMatchObject({
      code: "langsmith_unreachable",
    });
    expect(performance.now() - begun).toBeLessThan(5000);
  });

  it("gives up on one that is not there, in seconds", async () => {
    const gone = await startLangSmith();
    await gone.close();
    const begun = performance.now();
    const config = () => settings({ LANGSMITH_ENDPOINT: gone.url });
    await expect(run(["--langsmith"], { config })).rejects.toMatchObject({
      code: "langsmith_unreachable",
      next: expect.stringContaining("LANGSMITH_ENDPOINT"),
    });
    expect(performance.now() - begun).toBeLessThan(10_000);
  });

  it("fails when only the results are not taken, which the SDK passes over; with --resume nothing is played again", async () => {
    const words = ["--langsmith", "--only", "classifier"];
    server.interfere = (_, path) =>
      path === "/runs/multipart" ? { status: 422, body: "no such field" } : null;
    await expect(run(words)).rejects.toMatchObject({
      code: "langsmith_refused",
      message: expect.stringContaining("no such field"),
    });
    expect(said.join()).toContain("topic accuracy");
    server.interfere = () => null;
    const progress = jest.fn();
    expect(await run([...words, "--resume"], { progress })).toBe(0);
    expect(progress).not.toHaveBeenCalled();
    expect(server.runs.size).toBe(3);
  });
});

describe("the command without --langsmith", () => {
  it("sends nothing, even where key and tracing are switched on in the environment", async () => {
    const tools = { must: ["intercom_search_articles"] };
    await write([line("right", { expect: { tools } })]);
    const words = ["--import", "tsx", "evals/run.ts", "--dataset", folder, "--filter", "right"];
    const env = {
      ...process.env,
      LANGSMITH_API_KEY: KEY,
      LANGSMITH_ENDPOINT: server.url,
      LANGSMITH_TRACING: "true",
      LANGCHAIN_TRACING_V2: "true",
    };
    const child = spawn(process.execPath, words, { cwd: project, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (output += String(data)));
    const code = await new Promise((ended) => child.once("exit", ended));
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining("tool path") });
    expect(server.requests).toEqual([]);
  });
});
