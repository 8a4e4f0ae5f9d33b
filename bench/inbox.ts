import type { Browser, BrowserContext } from "playwright-core";
import type { Benchmark, Table } from "./benchmark.ts";
import { launchChromium } from "./chromium.ts";
import { apiSteps, askApi } from "./inbox-api.ts";
import { numberOf, sizes, startFilledDesk, type FilledDesk, type Size } from "./inbox-desk.ts";
import { measureScrolling } from "./inbox-scroll.ts";
import { stepsAbove, tableOf, type Samples } from "./inbox-tables.ts";
import { pageSteps, signIn, visit } from "./inbox-visit.ts";
import { makeDatabase } from "./postgres.ts";
import { interleave } from "./sampling.ts";
import type { Workbench } from "./workbench.ts";
import { makeWorkspace } from "./workspace.ts";

/** Visits to the page; each decides one review. */
const visits = 9;
const apiRounds = 21;
/** Before the first measured round, of each desk: a desk is measured as it runs all day. */
const warmUps = 2;
/** How much longer anything may take among more reviews than among the fewest, and still be called flat. */
const most = 1.3;

/** One for each decision, and one to open beside a long list. */
const conversations = Array.from({ length: warmUps + visits + 1 }, (_, index) => ({
  id: String(7_000 + index),
  parts: 6,
}));

interface Opened {
  desk: FilledDesk;
  /** Signed in at the desk; null where there is no browser. */
  context: BrowserContext | null;
}
type Desks = Record<Size, Opened>;

/** Whether the review inbox is as fast with many reviews waiting as with few. */
export const inbox: Benchmark = {
  name: "inbox",
  question:
    "how long for the page, a review, a decision and the lists, with 100 to 10,000 reviews waiting for one teammate?",
  async run(workbench) {
    const browser = await launchChromium(workbench);
    if (browser === null) workbench.progress("inbox: there is no Chromium: the API is measured alone");
    const workspace = await makeWorkspace(workbench, conversations);
    const tables: Table[] = [];
    const above: string[] = [];
    for (const engine of await enginesOf(workbench)) {
      const { name } = engine;
      const report = (title: string, steps: Record<string, string>, samples: Samples) => {
        tables.push(tableOf(`${title} (${name})`, steps, samples));
        above.push(...stepsAbove(most, steps, samples).map((step) => `${step} (${name})`));
      };
      const desks = await openDesks(workbench, browser, workspace, engine);
      if (browser) report("In the page", pageSteps, await measurePage(workbench, desks));
      report("Over the API alone", apiSteps, await measureApi(workbench, desks));
      const { desk, context } = desks["10,000"];
      if (context) {
        workbench.progress("inbox: scrolling down");
        tables.push(await measureScrolling(context, desk, `In the page, scrolled down (${name})`));
      }
      await closeDesks(desks);
    }
    return {
      target: {
        text: `everything takes among 1,000 and 10,000 at most ${most} times what it takes among 100 (medians)`,
        met: above.length === 0,
      },
      tables,
      notes: [
        ...(above.length > 0 ? [`Above the target: ${above.join("; ")}.`] : []),
        ...(browser ? [] : ["There is no Chromium on this machine: the page was not measured."]),
        `On each desk ${conversations.length} reviews were drafted, and what is opened or decided is one of them. The others are copies in the table of reviews alone, without a thread, a conversation in Intercom or an entry of the ledger.`,
      ],
    };
  },
};

interface Engine {
  name: "embedded" | "PostgreSQL";
  /** What a desk is told to have a store of its own. */
  variables: () => Promise<Record<string, string>>;
}

async function enginesOf(workbench: Workbench): Promise<Engine[]> {
  const embedded: Engine = { name: "embedded", variables: async () => ({}) };
  const first = await makeDatabase(workbench);
  if (first === null) return [embedded];
  let unused: string | null = first;
  const variables = async () => {
    const url = unused ?? (await makeDatabase(workbench));
    unused = null;
    if (url === null) throw new Error("PostgreSQL made one database and refused the next");
    return { DATABASE_URL: url };
  };
  return [embedded, { name: "PostgreSQL", variables }];
}

async function openDesks(
  workbench: Workbench,
  browser: Browser | null,
  workspace: string,
  { name, variables }: Engine,
): Promise<Desks> {
  const opened: [Size, Opened][] = [];
  for (const size of sizes) {
    workbench.progress(`inbox: a desk with ${size} reviews waiting (${name})`);
    // As many more as are decided: never fewer wait than the desk's name says.
    const desk = await startFilledDesk(workbench, numberOf(size) + warmUps + visits, {
      ...(await variables()),
      COUNTERSIGN_WORKSPACE: workspace,
    });
    opened.push([size, { desk, context: browser && (await signIn(browser, desk)) }]);
  }
  return Object.fromEntries(opened) as Desks;
}

async function measurePage(workbench: Workbench, desks: Desks): Promise<Samples> {
  const subjects = eachDesk(desks, async ({ desk, context }) => {
    if (context === null) throw new Error("there is no browser");
    return visit(context, desk, nextOf(desk));
  });
  await interleave(subjects, warmUps, () => {
    workbench.progress("inbox: warming up");
  });
  return interleave(subjects, visits, (round) => {
    workbench.progress(`inbox: visit ${round} of ${visits}`);
  });
}

async function measureApi(workbench: Workbench, desks: Desks): Promise<Samples> {
  workbench.progress("inbox: asking the API");
  const subjects = eachDesk(desks, ({ desk }) => askApi(desk));
  await interleave(subjects, warmUps, () => undefined);
  return interleave(subjects, apiRounds, () => undefined);
}

function eachDesk(desks: Desks, work: (opened: Opened) => Promise<Record<string, number>>) {
  const entries = Object.entries(desks).map(([size, opened]) => [size, () => work(opened)]);
  return Object.fromEntries(entries) as Record<Size, () => Promise<Record<string, number>>>;
}

/** The next one to decide; taken from the desk's list. */
function nextOf({ drafted }: FilledDesk): string {
  const review = drafted.shift();
  if (review === undefined) throw new Error("there is nothing left to decide");
  return review;
}

async function closeDesks(desks: Desks): Promise<void> {
  for (const { desk, context } of Object.values(desks)) {
    await context?.close();
    await desk.stop();
  }
}
