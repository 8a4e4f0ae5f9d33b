import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { BindToolsInput } from "@langchain/core/language_models/chat_models";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdtemp, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { cutBeforeReply } from "../../evals/replay/cut.ts";
import { replayHtml } from "../../evals/report/html-replay.ts";
import { openReadingDesk } from "../../evals/replay/reading-desk.ts";
import { Replay } from "../../evals/replay/replay-document.ts";
import { evalCommand } from "../../evals/command.ts";
import { parseConfig } from "../../src/config.ts";
import type { Runtime } from "../../src/runtime.ts";
import { openStore } from "../../src/store/database.ts";
import { listReviews } from "../../src/store/reviews.ts";
import { readConversation } from "../../src/tools/conversations.ts";
import { policy } from "../../src/tools/policy.ts";
import { ScriptedModel } from "../agents/scriptedModel.ts";
import { openTestDesk } from "../support/desk.ts";
import { evalIn } from "./eval-command.ts";

const project = resolve(import.meta.dirname, "../..");
const shipped = join(project, "src/sandbox/workspace");
const MINA = "mina.park@quillbook.example";
const PRIYA = "priya.nair@quillbook.example";
const [mina, tomas] = ["5510001", "5510002"];
const ANA = "66f0a15cfd11bfc17f30fccd";

interface Said {
  from: "customer" | "mina" | "tomas" | "note" | "close";
  body?: string;
}

/** Closed conversations of a small workspace, the oldest first; a day lies between them. */
const conversations: { id: string; said: Said[]; more?: Record<string, unknown> }[] = [
  {
    id: "9001",
    said: [
      { from: "customer", body: "How do I add a 15 minute buffer between appointments?" },
      { from: "mina", body: "OLD ANSWER: open Settings, then Services, and set the buffer there." },
      { from: "close" },
    ],
  },
  {
    id: "9002",
    said: [
      { from: "customer", body: "Hello, my phone is +353 87 123 4567. How do I connect Google Calendar?" },
      { from: "note", body: "LATER NOTE by Tomas" },
      { from: "tomas", body: "LATER ANSWER: Hi Marisol, open Settings, then Calendar." },
      { from: "customer", body: "LATER THANKS" },
      { from: "close" },
    ],
    more: { title: "LATER TITLE", tag_ids: ["9100022"], admin_assignee_id: tomas },
  },
  { id: "9003", said: [{ from: "customer", body: "Are you there?" }, { from: "close" }] },
  {
    id: "9004",
    said: [
      { from: "customer", body: "EVEN LATER question about a buffer" },
      { from: "mina", body: "EVEN LATER answer." },
      { from: "close" },
    ],
  },
];

let folder: string;
let workspace: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "countersign-replay-test-"));
  workspace = join(folder, "workspace");
  await cp(shipped, workspace, { recursive: true, filter: (path) => !path.includes("/conversations/") });
  await mkdir(join(workspace, "conversations"), { recursive: true });
  for (const [index, { id, said: messages, more }] of conversations.entries()) {
    const day = Date.parse("2025-11-10T09:00:00Z") + index * 86_400_000;
    const seeded = {
      ...{ id, title: null, channel: "conversation", contact_id: ANA, state: "closed" },
      ...{ admin_assignee_id: mina, team_assignee_id: null },
      messages: messages.map(({ from, body }, minute) => ({
        from: from === "customer" ? { contact: ANA } : { admin: from === "tomas" ? tomas : mina },
        type: from === "note" || from === "close" ? from : "comment",
        at: new Date(day + minute * 3_600_000).toISOString(),
        ...(body !== undefined && { body }),
      })),
      ...more,
    };
    await writeFile(join(workspace, "conversations", `${id}.yaml`), JSON.stringify(seeded));
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const settings = (changes: Record<string, string> = {}) =>
  parseConfig({
    COUNTERSIGN_DATA: join(folder, "data"),
    COUNTERSIGN_WORKSPACE: workspace,
    COUNTERSIGN_DESK: join(project, "desk"),
    COUNTERSIGN_LOG_LEVEL: "silent",
    ...changes,
  });
const file = (name: string) => join(folder, name);
const readReplay = async (name: string) => Replay.parse(JSON.parse(await readFile(file(name), "utf8")));

const { run: evaluate, said } = evalIn(
  () => folder,
  () => ({ now: () => new Date("2025-11-20T15:00:00Z"), config: () => settings() }),
);
const run: typeof evaluate = (words, changes) => evaluate(["replay", ...words], changes);

/** Notes every call of the desk, and keeps the runtime to look at afterwards. */
function watch() {
  const seen: { reads: string[]; writes: number; runtime: Runtime | null } = {
    reads: [],
    writes: 0,
    runtime: null,
  };
  const change = (runtime: Runtime): Runtime => {
    seen.runtime = runtime;
    const gateway: Runtime["gateway"] = {
      ...runtime.gateway,
      read: (actor, as, tool, args) => {
        seen.reads.push(`${as.identifier} ${tool}`);
        return runtime.gateway.read(actor, as, tool, args);
      },
      write: (...given) => {
        seen.writes += 1;
        return runtime.gateway.write(...given);
      },
    };
    return { ...runtime, gateway };
  };
  return { seen, change };
}

describe("replay --conversations", () => {
  it("drafts for what people answered, as if they had not, and forecasts what would be sent", async () => {
    expect(await run(["--conversations", "--json", file("shadow.json"), "--html", file("shadow.html")])).toBe(
      0,
    );
    const { series, redacted } = await readReplay("shadow.json");
    expect(redacted).toBe(false);
    expect(series).toEqual([
      expect.objectContaining({
        kind: "unseen",
        leftOut: [{ reason: "no teammate answered in public", count: 1 }],
      }),
    ]);
    const answers = new Map(series[0]?.answers.map((answer) => [answer.conversationId, answer]));
    expect([...answers.keys()]).toEqual(["9004", "9002", "9001"]);
    expect(answers.get("9001")).toMatchObject({
      topic: "scheduling",
      sent: "OLD ANSWER: open Settings, then Services, and set the buffer there.",
      draft: { channel: "comment", body: expect.stringContaining("120 minutes") },
      messages: [{ from: "customer", text: "How do I add a 15 minute buffer between appointments?" }],
    });
    const { sent: _, ...calendar } = answers.get("9002")!;
    expect(JSON.stringify(calendar)).not.toContain("LATER");
    const text = said.join("\n");
    expect(text).toContain("If this were switched on: 3 answers");
    expect(text).toMatch(/all topics +3 .*%.*few/);
    expect(text).toContain("too few to rely on");
    expect(text).toContain("1: no teammate answered in public");
    expect(text).toContain("keep it as safe as your inbox");
  });

  it("reads as the teammate that is named, writes nothing anywhere and leaves nothing behind", async () => {
    const { seen, change } = watch();
    await run(["--conversations", "--as", PRIYA], { change });
    expect(seen.writes).toBe(0);
    expect(seen.runtime?.sandbox?.world.writes()).toEqual([]);
    const reads = policy.filter(({ access }) => access === "read").map(({ tool }) => `${PRIYA} ${tool}`);
    expect(seen.reads.length).toBeGreaterThan(5);
    expect(seen.reads.filter((read) => !reads.includes(read))).toEqual([]);
    expect(existsSync(file("data"))).toBe(false);
    expect(existsSync(seen.runtime!.config.environment.COUNTERSIGN_DATA)).toBe(false);
  });

  it("reads at most so many, and nothing older than a date", async () => {
    await run(["--conversations", "--limit", "1", "--json", file("one.json")]);
    expect((await readReplay("one.json")).series[0]?.answers.map((one) => one.conversationId)).toEqual([
      "9004",
    ]);
    await run(["--conversations", "--since", "2025-11-12", "--json", file("since.json")]);
    const [since] = (await readReplay("since.json")).series;
    expect(since?.answers.map((one) => one.conversationId)).toEqual(["9004"]);
    expect(since?.leftOut).toEqual([{ reason: "no teammate answered in public", count: 1 }]);
  });

  it("exports what it read as cases, for nobody's eyes but the owner's, redacted on request", async () => {
    await run([
      "--conversations",
      "--export",
      file("cases.jsonl"),
      "--redact",
      "--json",
      file("redacted.json"),
    ]);
    const text = await readFile(file("cases.jsonl"), "utf8");
    const lines = text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { id: string; tags: string[] });
    expect(lines.map(({ id }) => id)).toEqual(["replay-9004", "replay-9002", "replay-9001"]);
    expect(lines.every(({ tags }) => tags.includes("kind:replay"))).toBe(true);
    expect((await stat(file("cases.jsonl"))).mode & 0o077).toBe(0);
    for (const written of [text, await readFile(file("redacted.json"), "utf8")]) {
      expect(written).not.toMatch(/Marisol|87 123|Mina\b/);
      expect(written).toContain("[number]");
      expect(written).toContain("[customer]");
    }
    expect(said.join()).toContain("other personal data may remain");
  });

  it("does not touch the sandbox of the data folder, and reads it as it stands", async () => {
    const data = file("standing");
    const { change, seen } = watch();
    await mkdir(data);
    const desk = await openReadingDesk({
      config: settings(),
      now: () => new Date("2025-11-20T15:00:00Z"),
      change,
    });
    await cp(
      join(seen.runtime!.config.environment.COUNTERSIGN_DATA, "sandbox.json"),
      join(data, "sandbox.json"),
    );
    await desk.close();
    const digest = async () =>
      createHash("sha256")
        .update(await readFile(join(data, "sandbox.json")))
        .digest("hex");
    const before = await digest();
    const config = () => settings({ COUNTERSIGN_DATA: data, COUNTERSIGN_WORKSPACE: shipped });
    await run(["--conversations", "--json", file("standing.json")], { config });
    expect((await readReplay("standing.json")).series[0]?.answers).toHaveLength(3);
    expect(await digest()).toBe(before);
  });

  it("says what to do about a teammate who is not connected, and about words that make no sense", async () => {
    await expect(run(["--conversations", "--as", "nobody@quillbook.example"])).rejects.toMatchObject({
      code: "reader_not_connected",
      next: expect.stringContaining("--as"),
    });
    for (const words of [
      [],
      ["--store", "--conversations"],
      ["--store", "--export", "x"],
      ["--conversations", "--redraft"],
    ]) {
      await expect(run(words)).rejects.toMatchObject({ code: "eval_usage" });
    }
    await expect(run(["--conversations", "--since", "yesterday"])).rejects.toMatchObject({
      code: "commander.invalidArgument",
    });
  });
});

describe("the report of a replay", () => {
  it("is one file without scripts, with the forecast and each answer beside what was sent", async () => {
    const html = await readFile(file("shadow.html"), "utf8");
    expect(html).not.toMatch(/<script|<link|<iframe|<img|@import|url\(/i);
    expect(html).not.toMatch(/\son\w+=/i);
    for (const part of ["If this were switched on", "scheduling", "What people sent", "Left out", "few"]) {
      expect(html).toContain(part);
    }
  });

  it("marks what was changed where a draft was edited, and nothing where it was written anew", () => {
    const answer = {
      ...{
        conversationId: "1",
        at: "",
        topic: "scheduling",
        messages: [],
        asks: [],
        distance: 0.1,
        reason: "",
      },
      draft: { channel: "comment" as const, body: "Up to 120 minutes." },
      sent: "Up to <90> minutes.",
    };
    const page = (fate: "light" | "rejected") =>
      replayHtml({
        ...{ format: 1, kind: "replay", redacted: false, startedAt: "" },
        series: [{ kind: "decided", title: "", engines: [], leftOut: [], answers: [{ ...answer, fate }] }],
      });
    expect(
      page("light")
        .match(/<(del|ins)>[^<]*/g)
        ?.join(),
    ).toMatch(/<del>120,.*&lt;/);
    expect(page("rejected")).not.toMatch(/<(del|ins)>/);
    expect(page("rejected")).toContain("Up to &lt;90&gt; minutes.");
  });

  it("can be made again of what was written down", async () => {
    const program = evalCommand(
      {
        say: () => undefined,
        progress: null,
        now: () => new Date(),
        config: () => settings(),
        journals: "",
        baseline: "",
      },
      () => undefined,
    );
    await program.parseAsync(["node", "eval", "report", file("shadow.json"), "--html", file("again.html")]);
    expect(await readFile(file("again.html"), "utf8")).toBe(await readFile(file("shadow.html"), "utf8"));
  });
});

/** Notes the tools it is given. */
class WatchedModel extends ScriptedModel {
  readonly offered: string[] = [];

  override bindTools(tools: BindToolsInput[]) {
    this.offered.push(...tools.map((tool) => ("name" in tool ? String(tool.name) : "")));
    return super.bindTools(tools);
  }
}

describe("a model that drafts for the past", () => {
  it("is given no tool that writes, and cannot look up what came later", async () => {
    const classifier = new WatchedModel([
      {
        call: "classify",
        with: {
          ...{
            topic: "calendar_sync",
            confidence: 0.9,
            urgency: "normal",
            sentiment: "neutral",
            language: "en",
          },
          ...{ asks: ["How do I connect Google Calendar?"], route: "reply", reason: "A question." },
        },
      },
    ]);
    const query = { field: "state", operator: "=", value: "closed" };
    const researcher = new WatchedModel([
      {
        calls: [
          { call: "intercom_retrieve_conversation", with: { conversation_id: "9002" } },
          { call: "intercom_retrieve_conversation", with: { conversation_id: "9004" } },
          { call: "intercom_search_conversations", with: { query } },
        ],
      },
      { call: "intercom_retrieve_conversation", with: { conversation_id: "9001" } },
      { call: "give_findings", with: { quotations: [], gaps: [{ ask: 1, reason: "Nothing was found." }] } },
    ]);
    const responder = new WatchedModel([
      { call: "write_draft", with: { abstain: true, paragraphs: [], followUps: [] } },
    ]);
    const scripts = { classifier, researcher, responder };
    const { seen, change: watched } = watch();
    const desk = await openReadingDesk({
      config: settings(),
      now: () => new Date("2025-11-20T15:00:00Z"),
      change: (runtime) => ({
        ...watched(runtime),
        models: { ...runtime.models, for: (agent) => scripts[agent], nameOf: (agent) => `scripted:${agent}` },
      }),
    });
    try {
      const reader = await desk.identify(MINA);
      const conversation = await readConversation(desk.gateway, reader.teammate, "9002");
      if (conversation.kind !== "ok") throw new Error(conversation.reason);
      const cut = cutBeforeReply(conversation.value, "");
      if (typeof cut === "string") throw new Error(cut);
      await desk.draft(reader, cut.conversation);
    } finally {
      await desk.close();
    }
    for (const script of Object.values(scripts)) {
      script.finish();
      expect(script.prompts).not.toContain("LATER");
    }
    expect(researcher.prompts).toContain("OLD ANSWER");
    expect(researcher.prompts).toContain("not_found");
    const writing = policy.filter(({ access }) => access === "write").map(({ tool }) => tool);
    const given = Object.values(scripts).flatMap(({ offered }) => offered);
    expect(given).toContain("intercom_retrieve_conversation");
    expect(given.filter((tool) => writing.includes(tool))).toEqual([]);
    expect(seen.writes).toBe(0);
    expect(seen.runtime?.sandbox?.world.writes()).toEqual([]);
  });
});

describe("replay --store", () => {
  const BUFFER = "215400000060";
  let data: string;

  beforeAll(async () => {
    const desk = await openTestDesk();
    data = file("used");
    try {
      await desk.open(BUFFER, MINA);
      await desk.answer(BUFFER, MINA, { type: "edit", body: "Open Settings, then Services." });
      // Closed first: a live database cannot be copied.
      await desk.runtime.close();
      const { COUNTERSIGN_DATA } = desk.runtime.config.environment;
      await cp(join(COUNTERSIGN_DATA, "store"), join(data, "store"), { recursive: true });
    } finally {
      await desk.close();
    }
  });

  it("compares what was drafted with what was sent", async () => {
    const config = () => settings({ COUNTERSIGN_DATA: file("elsewhere") });
    expect(
      await run(["--store", "--data", data, "--json", file("store.json"), "--html", file("store.html")], {
        config,
      }),
    ).toBe(0);
    const { series } = await readReplay("store.json");
    expect(series).toHaveLength(1);
    expect(series[0]).toMatchObject({
      kind: "decided",
      engines: ["offline"],
      answers: [
        {
          conversationId: BUFFER,
          topic: "scheduling",
          sent: "Open Settings, then Services.",
          fate: "rejected",
        },
      ],
    });
    expect(await readFile(file("store.html"), "utf8")).toContain("Drafts as people decided them");
    const store = await openStore({ url: null, folder: join(data, "store") });
    expect(await listReviews(store.db)).toHaveLength(1);
    await store.close();
  });

  it("says that there is no store, and makes none", async () => {
    await expect(run(["--store", "--data", file("nowhere")])).rejects.toMatchObject({
      code: "replay_store_missing",
    });
    expect(existsSync(file("nowhere"))).toBe(false);
  });

  it("drafts again for the same messages with --redraft", async () => {
    const { seen, change } = watch();
    const config = () => settings({ COUNTERSIGN_WORKSPACE: shipped });
    await run(["--store", "--data", data, "--redraft", "--json", file("redraft.json")], { config, change });
    const { series } = await readReplay("redraft.json");
    expect(series.map(({ kind }) => kind)).toEqual(["decided", "again"]);
    expect(series[1]?.answers).toEqual([
      expect.objectContaining({
        conversationId: BUFFER,
        sent: "Open Settings, then Services.",
        topic: "scheduling",
      }),
    ]);
    expect(series[1]?.answers[0]?.draft).toEqual(series[0]?.answers[0]?.draft);
    expect(seen.reads[0]).toContain(MINA);
    expect(seen.writes).toBe(0);
  });
});
