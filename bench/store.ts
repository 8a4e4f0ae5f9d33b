import { join } from "node:path";
import { MemorySaver } from "@langchain/langgraph";
import { supportGraph } from "../graphs/support.ts";
import { planDigest } from "../src/domain/action.ts";
import type { Review } from "../src/domain/review.ts";
import { threadIdOf } from "../src/runs/client.ts";
import { appendFact } from "../src/store/audit.ts";
import { openStore, type Store } from "../src/store/database.ts";
import { recordDecision, type ProposedDecision } from "../src/store/decisions.ts";
import { findOpenReview, listReviews, listReviewSummaries, openReview } from "../src/store/reviews.ts";
import type { Benchmark, Table } from "./benchmark.ts";
import { beginConversation, openDesk, requireReview, runConfig } from "./desk.ts";
import { makeDatabase } from "./postgres.ts";
import { cellsOf, interleave, spreadOf, timed } from "./sampling.ts";
import type { Workbench } from "./workbench.ts";

/** Open reviews in the stores that are listed. */
const sizes = [100, 1_000, 10_000];
const rounds = 9;
/** Facts or decisions in one sample. */
const batch = 40;
/** How much longer a page may take among the most reviews than among the fewest, and still be called flat. */
const most = 1.5;

/** How fast the store records, and whether it slows down as reviews pile up. */
export const store: Benchmark = {
  name: "store",
  question:
    "how many decisions and ledger entries a second, and does listing stay flat as open reviews pile up?",
  async run(workbench) {
    const template = await templateOf(workbench);
    const engines = await openEngines(workbench);
    const writing = await writes(workbench, engines, template);
    const reading = await lists(workbench, engines, template);
    return {
      target: {
        text: `a page of summaries among ${largest.toLocaleString("en")} open reviews takes at most ${most} times what it takes among ${smallest.toLocaleString("en")} (medians)`,
        met: reading.every(({ pageRatio }) => pageRatio <= most),
      },
      tables: [writing, ...reading.map(({ table }) => table)],
      notes: [
        `Every review is a copy of one that the desk drafted (${template.bytes.toLocaleString("en")} bytes as JSON), in a conversation of its own, all of one teammate. A decision approves it: the review closes, the decision, its ${template.review.plan.actions.length} deliveries and the fact are stored in one transaction. Rates are samples of ${batch}.`,
        "The embedded database writes to its files without forcing them to the disk; PostgreSQL does what its server is set to.",
      ],
    };
  },
};

const smallest = sizes[0] ?? 0;
const largest = sizes.at(-1) ?? 0;

type EngineName = "embedded" | "PostgreSQL";

interface Engine {
  name: EngineName;
  /** Opens a store with its tables and nothing in them. */
  open: () => Promise<Store>;
}

interface Template {
  review: Review;
  bytes: number;
  newId: () => string;
}

/** One review as the desk really makes it. */
async function templateOf(workbench: Workbench): Promise<Template> {
  workbench.progress("store: drafting the review to copy");
  const desk = await openDesk(workbench);
  const conversationId = await beginConversation(desk);
  const graph = supportGraph(desk.runtime);
  graph.checkpointer = new MemorySaver();
  await graph.invoke({ conversationId }, runConfig(desk, conversationId, desk.teammate));
  const review = await requireReview(desk, conversationId);
  const bytes = Buffer.byteLength(JSON.stringify(review));
  return { review, bytes, newId: desk.runtime.newId };
}

async function openEngines(workbench: Workbench): Promise<Engine[]> {
  const embedded = async () => {
    const folder = join(await workbench.folder(), "store");
    return kept(workbench, await openStore({ url: null, folder }));
  };
  const first = await makeDatabase(workbench);
  if (first === null) return [{ name: "embedded", open: embedded }];
  let unused: string | null = first;
  const postgres = async () => {
    const url = unused ?? (await makeDatabase(workbench));
    unused = null;
    if (url === null) throw new Error("PostgreSQL made one database and refused the next");
    return kept(workbench, await openStore({ url, folder: "" }));
  };
  return [
    { name: "embedded", open: embedded },
    { name: "PostgreSQL", open: postgres },
  ];
}

function kept(workbench: Workbench, opened: Store): Store {
  workbench.atEnd(() => opened.close());
  return opened;
}

async function writes(workbench: Workbench, engines: readonly Engine[], template: Template): Promise<Table> {
  const measures: { name: string; work: () => Promise<number> }[] = [];
  for (const { name, open } of engines) {
    const opened = await open();
    const fact = () => appendOne(opened, template);
    const decide = async (parallel: boolean) => {
      const proposed: ProposedDecision[] = [];
      for (let count = 0; count < batch; count += 1) {
        proposed.push(approvalOf(await openOne(opened, template), template));
      }
      const works = proposed.map((one) => () => recordDecision(opened.db, one));
      return perSecond(works, parallel);
    };
    const facts = Array.from({ length: batch }, () => fact);
    measures.push(
      { name: `${name}: ledger entries, one after the other`, work: () => perSecond(facts, false) },
      { name: `${name}: ledger entries, all at once`, work: () => perSecond(facts, true) },
      { name: `${name}: decisions, one after the other`, work: () => decide(false) },
      { name: `${name}: decisions, all at once`, work: () => decide(true) },
    );
  }
  const subjects = Object.fromEntries(measures.map(({ name, work }) => [name, work]));
  workbench.progress("store: warming up");
  for (const { work } of measures) await work();
  const measured = await interleave(subjects, rounds, (round) => {
    workbench.progress(`store: writing, round ${round} of ${rounds}`);
  });
  return {
    title: "Recorded",
    columns: [
      { name: "what" },
      { name: "median", unit: "perSecond" },
      { name: "least", unit: "perSecond" },
      { name: "most", unit: "perSecond" },
    ],
    rows: measures.map(({ name }) => [name, ...cellsOf(measured.map((round) => round[name] ?? NaN))]),
  };
}

/** Each size has a store of its own, so that all are read in the same rounds. */
async function lists(
  workbench: Workbench,
  engines: readonly Engine[],
  template: Template,
): Promise<{ table: Table; pageRatio: number }[]> {
  const results: { table: Table; pageRatio: number }[] = [];
  for (const engine of engines) {
    const filled: { size: number; store: Store; conversationId: string }[] = [];
    for (const size of sizes) {
      const opened = await engine.open();
      filled.push({
        size,
        store: opened,
        conversationId: await fill(workbench, engine, opened, size, template),
      });
    }
    const subjects = Object.fromEntries(
      filled.flatMap(({ size, store: opened, conversationId }) =>
        readings(opened, template.review, conversationId).map(({ name, work }) => [
          `${name} ${size}`,
          () => timed(work),
        ]),
      ),
    );
    for (const subject of Object.values(subjects)) await subject();
    const measured = await interleave(subjects, rounds, (round) => {
      workbench.progress(`store: reading (${engine.name}), round ${round} of ${rounds}`);
    });
    const samples = (name: string, size: number) => measured.map((round) => round[`${name} ${size}`] ?? NaN);
    const ratio = (name: string) =>
      spreadOf(samples(name, largest).map((time, round) => time / (samples(name, smallest)[round] ?? NaN)))
        .median;
    results.push({
      pageRatio: ratio(readingNames.page),
      table: {
        title: `Read among open reviews (${engine.name}; medians)`,
        columns: [
          { name: "what" },
          ...sizes.map((size) => ({
            name: `among ${size.toLocaleString("en")}`,
            unit: "milliseconds" as const,
          })),
          { name: `${largest.toLocaleString("en")} to ${smallest.toLocaleString("en")}`, unit: "ratio" },
        ],
        rows: Object.values(readingNames).map((name) => [
          name,
          ...sizes.map((size) => spreadOf(samples(name, size)).median),
          ratio(name),
        ]),
      },
    });
  }
  return results;
}

const readingNames = {
  page: "a page of 100 summaries, as the inbox lists them",
  one: "the open review of one conversation",
  queue: "all open reviews of a teammate, whole, as the sweep reads them",
  summaries: "the same as summaries",
} as const;

function readings(opened: Store, { teammate, workspaceId }: Review, conversationId: string) {
  const { db } = opened;
  const open = { teammate, status: "open" } as const;
  return [
    { name: readingNames.page, work: () => listReviewSummaries(db, { ...open, limit: 100 }) },
    { name: readingNames.one, work: () => findOpenReview(db, workspaceId, conversationId) },
    { name: readingNames.queue, work: () => listReviews(db, open) },
    { name: readingNames.summaries, work: () => listReviewSummaries(db, open) },
  ];
}

/** Opens so many reviews, and returns the conversation of the one in the middle. */
async function fill(
  workbench: Workbench,
  engine: Engine,
  opened: Store,
  size: number,
  template: Template,
): Promise<string> {
  let middle = "";
  let count = 0;
  while (count < size) {
    workbench.progress(`store: filling (${engine.name}), ${count} of ${size} reviews`);
    // In transactions of many, as a commit each would take most of the time.
    await opened.db.transaction(async (transaction) => {
      for (const until = Math.min(size, count + 500); count < until; count += 1) {
        const { conversationId } = await openOne({ db: transaction }, template);
        if (count === size >> 1) middle = conversationId;
      }
    });
  }
  return middle;
}

let conversations = 900_000_000_000;

function openOne({ db }: Pick<Store, "db">, { review, newId }: Template): Promise<Review> {
  conversations += 1;
  const conversationId = String(conversations);
  const { version: _version, status: _status, createdAt: _createdAt, ...content } = review;
  return openReview(
    db,
    {
      ...content,
      id: newId(),
      threadId: threadIdOf(review.workspaceId, conversationId),
      conversationId,
      plan: { ...review.plan, conversationId },
    },
    new Date(),
  );
}

function approvalOf(review: Review, { newId }: Template): ProposedDecision {
  const { plan } = review;
  return {
    review,
    decision: {
      id: newId(),
      reviewId: review.id,
      type: "approve",
      decidedBy: review.teammate,
      via: "development-token",
      shownDigest: review.digest,
      plan,
      planDigest: planDigest(plan),
      body: review.draft.body,
      comment: null,
      decidedAt: new Date().toISOString(),
    },
    deliveries: plan.actions.map((action, position) => ({ id: newId(), position, action })),
  };
}

function appendOne({ db }: Store, { review }: Template): Promise<unknown> {
  const { conversationId, id: reviewId, digest } = review;
  return appendFact(
    db,
    { actor: "countersign", event: "benchmark.fact", conversationId, data: { reviewId, digest } },
    new Date(),
  );
}

async function perSecond(works: readonly (() => Promise<unknown>)[], parallel: boolean): Promise<number> {
  const time = await timed(async () => {
    if (parallel) await Promise.all(works.map((work) => work()));
    else for (const work of works) await work();
  });
  return (works.length * 1000) / time;
}
