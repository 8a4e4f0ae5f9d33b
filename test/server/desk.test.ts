import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Client } from "@langchain/langgraph-sdk";
import { z } from "zod";
import { MINA, PRIYA } from "../support/desk.ts";
import { prepareData, removeData, startDesk, type StartedDesk } from "../support/server.ts";

/** Mina's: 15, 28, 46, 50, 53, 60, 65. Priya's: 17, 19. */
const conversations = ["15", "28", "46", "50", "53", "60", "65", "17", "19"].map((end) => `2154000000${end}`);

let place: Awaited<ReturnType<typeof prepareData>>;
let desk: StartedDesk;

beforeAll(async () => {
  place = await prepareData(conversations);
  desk = await startDesk(place);
}, 120_000);

afterAll(async () => {
  await desk.kill();
  await removeData(place);
});

describe("npm start", () => {
  it("says which workspace, how each conversation went, what waits and where to go on", () => {
    const printed = desk.printed();
    expect(printed).toContain("qb7x2m1k (sandbox: nothing leaves this machine)");
    expect(printed).toContain(`Opening ${conversations.length} waiting conversations`);
    for (const id of conversations) expect(printed).toMatch(new RegExp(`✓ ${id} .* draft ready for`));
    expect(printed).toContain(`${conversations.length} drafts wait for a teammate`);
    expect(printed).toContain(desk.url);
    expect(printed).toContain(desk.tokenOf(MINA));
  });
});

describe("a plain LangGraph client with nothing but the URL and a token", () => {
  it("finds the waiting threads, answers one by its interrupt's id, and the reply can be read back", async () => {
    const client = clientFor(MINA);
    const threads = await client.threads.search({ status: "interrupted", limit: 100 });
    expect(threads).toHaveLength(7);
    const { thread, interrupt } = waitingOn(threads, "215400000015");
    await client.runs.wait(thread.thread_id, "support", {
      command: { resume: { [interrupt.id]: { type: "edit", body: "In a client's words.", followUps: [] } } },
    });
    const state = await client.threads.getState(thread.thread_id);
    expect(state.values).toMatchObject({ outcome: { type: "sent" } });
    const parts = await partsOf("215400000015", MINA);
    expect(parts.at(-1)).toMatchObject({
      type: "comment",
      text: "In a client's words.",
      author: { type: "admin", id: "5510001", name: "Mina Park" },
    });
  });

  it("is told why a malformed answer is refused, and the review stays open", async () => {
    const client = clientFor(MINA);
    const { thread, interrupt } = waitingOn(await client.threads.search({ limit: 100 }), "215400000046");
    const answer = { command: { resume: { [interrupt.id]: { type: "edit", body: "" } } } };
    await expect(client.runs.wait(thread.thread_id, "support", answer)).rejects.toThrow(/body/);
    const after = await client.threads.get(thread.thread_id);
    expect(after.status).toBe("interrupted");
    expect(Object.values(after.interrupts).flat()[0]?.id).toBe(interrupt.id);
  });

  it.each([
    ["a list of one, as Agent Inbox sends it", "215400000046", [{ type: "accept", args: null }]],
    ["LangChain's decisions", "215400000050", { decisions: [{ type: "approve" }] }],
  ])("may answer in %s", async (_, conversation, resume) => {
    const client = clientFor(MINA);
    const { thread } = waitingOn(await client.threads.search({ limit: 100 }), conversation);
    await client.runs.wait(thread.thread_id, "support", { command: { resume } });
    expect(await client.threads.getState(thread.thread_id)).toMatchObject({
      values: { outcome: { type: "sent" } },
    });
  });

  it("sees complete, named schemas and the whole graph, as Studio draws it", async () => {
    const client = clientFor(MINA);
    const [assistant] = await client.assistants.search({ graphId: "support" });
    const schemas = await client.assistants.getSchemas(assistant!.assistant_id);
    expect(schemas.input_schema?.properties).toHaveProperty("conversationId");
    expect(Object.keys(schemas.context_schema?.properties ?? {})).toEqual(
      expect.arrayContaining(["tone", "policy", "signature", "confidence", "followUps"]),
    );
    expect(Object.keys(schemas.state_schema?.properties ?? {})).toEqual(
      expect.arrayContaining(["conversationId", "classification", "findings", "draft", "outcome"]),
    );
    const graph = await client.assistants.getGraph(assistant!.assistant_id);
    expect(graph.nodes.map(({ id }) => id)).toEqual(
      expect.arrayContaining([
        "load",
        "classifier",
        "researcher",
        "responder",
        "propose",
        "review",
        "deliver",
      ]),
    );
  });

  it("cannot see or answer anybody else's threads", async () => {
    const mina = clientFor(MINA);
    const priya = clientFor(PRIYA);
    const { thread, interrupt } = waitingOn(await priya.threads.search({ limit: 100 }), "215400000017");
    const mine = (await mina.threads.search({ limit: 100 })).map(({ thread_id }) => thread_id);
    expect(mine).not.toContain(thread.thread_id);
    await expect(mina.threads.get(thread.thread_id)).rejects.toThrow(/404/);
    const answer = { command: { resume: { [interrupt.id]: { type: "approve" } } } };
    await expect(mina.runs.wait(thread.thread_id, "support", answer)).rejects.toThrow();
    expect((await partsOf("215400000017", PRIYA)).at(-1)?.author.type).not.toBe("admin");
  });

  it("is refused without a token, and with a wrong one", async () => {
    for (const headers of [{}, { authorization: "Bearer csdev_wrong" }, { "x-api-key": "cst_wrong" }]) {
      const response = await fetch(new URL("/threads/search", desk.url), {
        method: "POST",
        headers: { ...headers, "content-type": "application/json" },
        body: "{}",
      });
      expect(response.status).toBe(401);
    }
  });
});

describe("the command line", () => {
  it("lists, shows, approves, and reads back as the teammate", async () => {
    const review = await reviewOf("215400000053");
    const listed = await desk.run("reviews");
    expect(listed.output).toContain(review.id.slice(0, 8));
    const shown = await desk.run("show", review.id.slice(0, 8));
    expect(shown.output).toContain(review.digest);
    expect(shown.output).toContain("Joanne Whitlock wrote:");

    const approved = await desk.run("approve", review.id.slice(0, 8), "--digest", review.digest);
    expect(approved).toMatchObject({ code: 0, errors: "" });
    expect(approved.output).toMatch(/sent: (Public reply to Joanne Whitlock|Internal note for the team), /);
    const parts = await partsOf("215400000053", MINA);
    expect(parts.some(({ author }) => author.id === "5510001")).toBe(true);

    const twice = await desk.run("approve", review.id);
    expect(twice).toMatchObject({
      code: 3,
      errors: expect.stringMatching(/already decided \(approve\) by mina/),
    });
    const conversation = await desk.run("conversation", "215400000053");
    expect(conversation.output).toContain("Mina Park (admin)");
  });

  it("refuses a stale digest and another teammate, and sends nothing", async () => {
    const review = await reviewOf("215400000060");
    const stale = await desk.run("approve", review.id, "--digest", "0".repeat(64));
    expect(stale).toMatchObject({ code: 3, errors: expect.stringMatching(/not what you were shown/) });
    const other = await desk.run("--as", "priya", "approve", review.id);
    expect(other).toMatchObject({ code: 3, errors: expect.stringMatching(/is for Mina Park/) });
    expect((await partsOf("215400000060", MINA)).every(({ author }) => author.type !== "admin")).toBe(true);
  });

  it("sends a draft back and shows the new one, edits, rejects, and keeps all of it in the ledger", async () => {
    const first = await reviewOf("215400000060");
    const revised = await desk.run("--json", "revise", first.id, "shorter, please");
    const { reviewId } = z
      .object({ type: z.literal("waiting"), reviewId: z.string() })
      .parse(JSON.parse(revised.output));
    expect(reviewId).not.toBe(first.id);
    const edited = await desk.run("edit", reviewId, "--body", "Typed by hand.", "--follow-ups", "none");
    expect(edited.code).toBe(0);
    expect((await partsOf("215400000060", MINA)).at(-1)?.text).toBe("Typed by hand.");

    const other = await reviewOf("215400000065");
    expect((await desk.run("reject", other.id, "Not now.")).output).toContain("Nothing was sent");

    const ledger = await desk.run("audit", "list", "--conversation", "215400000060");
    expect(ledger.output.match(/review\.decided/g)).toHaveLength(2);
    expect((await desk.run("audit", "verify")).output).toMatch(/entries, unbroken/);
  });

  it("makes a token that works as bearer and as x-api-key, shows it never again, and revokes it", async () => {
    const made = await desk.run("--json", "token", "create", PRIYA);
    const { id, token } = z.object({ id: z.string(), token: z.string() }).parse(JSON.parse(made.output));
    const ghost = await desk.run("token", "create", "ghost@nowhere.example");
    expect(ghost).toMatchObject({ code: 3, errors: expect.stringContaining("for nobody") });
    const me = (headers: Record<string, string>) => fetch(new URL("/api/me", desk.url), { headers });
    expect(await (await me({ authorization: `Bearer ${token}` })).json()).toMatchObject({ identity: PRIYA });
    expect((await me({ "x-api-key": token })).status).toBe(200);
    const listed = await desk.run("token", "list");
    expect(listed.output).toContain(id);
    expect(listed.output).not.toContain(token);
    expect((await desk.run("token", "revoke", id)).code).toBe(0);
    expect((await me({ "x-api-key": token })).status).toBe(401);
  });

  it("examines the desk, and names who has not connected", async () => {
    const { code, output } = await desk.run("doctor");
    expect(output).toMatch(/✓ store: embedded database/);
    expect(output).toMatch(/✓ mina\.park@quillbook\.example: .*all tools/);
    expect(output).toMatch(/✓ sam\.okafor@quillbook\.example: has not connected Intercom yet/);
    expect(code).toBe(0);
  });

  it("will not erase anything under a running server", async () => {
    expect(await desk.run("reset")).toMatchObject({
      code: 6,
      errors: expect.stringContaining("nothing was erased"),
    });
  });
});

describe("a server that is killed", () => {
  it("has its open reviews again after a restart, and they can be decided", async () => {
    const before = await reviewOf("215400000028");
    await desk.kill();
    desk = await startDesk(place);
    const after = await reviewOf("215400000028");
    expect(after.id).toBe(before.id);
    expect((await desk.run("approve", after.id)).code).toBe(0);
    const replies = (await partsOf("215400000028", MINA)).filter(({ author }) => author.type === "admin");
    expect(replies.filter(({ type }) => type === "comment" || type === "note")).toHaveLength(1);
  });

  it("leaves no credential in its store, threads, logs or output", async () => {
    const state = z
      .object({ environment: z.object({ clientSecret: z.string() }) })
      .parse(JSON.parse(await readFile(join(place.data, "sandbox.json"), "utf8")));
    const kept = await readFile(join(place.data, "sandbox.json"), "utf8");
    const canaries = [...kept.matchAll(/intercom-canary-[\w-]+/g)].map(([canary]) => canary);
    expect(canaries.length).toBeGreaterThanOrEqual(5);
    const secrets = [state.environment.clientSecret, ...canaries];

    const { code, output, errors } = await desk.interrupt();
    expect(code).toBe(0);
    const texts = [
      output,
      errors,
      ...(await contentsBelow(join(place.data, "store"))),
      ...(await contentsBelow(join(place.data, ".langgraph_api"))),
    ];
    expect(texts.length).toBeGreaterThan(5);
    for (const secret of secrets) expect(texts.some((text) => text.includes(secret))).toBe(false);
    await expect(fetch(new URL("/info", desk.url))).rejects.toThrow();
    expect((await desk.run("audit", "verify")).output).toMatch(/entries, unbroken/);
  });
});

function clientFor(identifier: string): Client {
  return new Client({ apiUrl: desk.url, apiKey: desk.tokenOf(identifier), callerOptions: { maxRetries: 0 } });
}

type Threads = Awaited<ReturnType<Client["threads"]["search"]>>;

function waitingOn(threads: Threads, conversationId: string) {
  for (const thread of threads) {
    // An idle thread has none, whatever the type says.
    const interrupts = thread.interrupts as typeof thread.interrupts | null;
    for (const interrupt of Object.values(interrupts ?? {}).flat()) {
      const asked = z.object({ conversationId: z.string() }).safeParse(interrupt.value);
      if (asked.data?.conversationId === conversationId && interrupt.id !== undefined) {
        return { thread, interrupt: { id: interrupt.id } };
      }
    }
  }
  throw new Error(`no thread waits for ${conversationId}`);
}

async function partsOf(conversationId: string, identifier: string) {
  const response = await fetch(new URL(`/api/conversations/${conversationId}`, desk.url), {
    headers: { authorization: `Bearer ${desk.tokenOf(identifier)}` },
  });
  const Part = z.object({
    type: z.string(),
    text: z.string(),
    author: z.object({ type: z.string(), id: z.string(), name: z.string() }),
  });
  return z.object({ parts: z.array(Part) }).parse(await response.json()).parts;
}

async function reviewOf(conversationId: string) {
  const { output } = await desk.run("--json", "reviews");
  const reviews = z
    .array(z.object({ id: z.string(), conversationId: z.string(), digest: z.string() }))
    .parse(JSON.parse(output));
  const review = reviews.find((candidate) => candidate.conversationId === conversationId);
  if (!review) throw new Error(`no review of ${conversationId} is open`);
  return review;
}

async function contentsBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(
    files.map(async ({ parentPath, name }) => (await readFile(join(parentPath, name))).toString("latin1")),
  );
}
