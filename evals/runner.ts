import { availableParallelism } from "node:os";
import type { Store } from "../src/store/database.ts";
import { runAlone } from "./alone.ts";
import type { Case } from "./case.ts";
import type { Dataset } from "./dataset.ts";
import { judgeCase } from "./judge.ts";
import { judgeTwins } from "./judge/twins.ts";
import { noJournal, type Journal } from "./journal.ts";
import { playCase } from "./play.ts";
import { inLanes } from "./lanes.ts";
import { keyOf, type CaseResult, type Run } from "./run-document.ts";
import { openStage, openTemporaryStore, type Stage, type StageOptions } from "./stage.ts";
import { isAlone } from "./world.ts";

export const OFFLINE = "offline";

/** What to run. */
export interface RunPlan {
  /** The data sets, each with the cases that were chosen of it. */
  datasets: readonly { dataset: Dataset; cases: readonly Case[] }[];
  only: Run["only"];
  /** `offline`, or `provider:model`. */
  engines: readonly string[];
  repeats: number;
  concurrency: number;
  /** The environment's variables for an engine. */
  variablesFor?: (engine: string) => Record<string, string>;
  journal?: Journal;
  /** After each finished case. */
  onProgress?: (done: number, of: number, one: string) => void;
  /** Ends the run when those under way are finished, with everything closed; it rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Puts something in the place of a part: what a test breaks. */
  change?: StageOptions["change"];
  now: () => Date;
}

/**
 * Plays every case on every engine as often as asked, and judges it. Cases that are in the journal are taken from there.
 * The order of the results does not depend on which case was finished first.
 */
export async function runCases(plan: RunPlan): Promise<Run> {
  const { journal = noJournal } = plan;
  const startedAt = plan.now();
  const begun = performance.now();
  const strayWrites: string[] = [];
  const known = new Map(journal.finished.map((finished) => [keyOf(finished.result), finished]));
  const passes = plan.engines.flatMap((engine) =>
    Array.from({ length: plan.repeats }, (_, index) => index + 1).flatMap((repeat) =>
      plan.datasets.map(({ dataset, cases }) => ({ engine, repeat, dataset, cases })),
    ),
  );
  const total = passes.reduce((count, { cases }) => count + cases.length, 0);
  const wanted = new Set(
    passes.flatMap(({ cases, ...pass }) => cases.map(({ id }) => keyOf(resultKey(pass, id)))),
  );
  const finished = new Map([...known].filter(([key]) => wanted.has(key)));
  for (const pass of passes) {
    const open = pass.cases.filter(({ id }) => !finished.has(keyOf(resultKey(pass, id))));
    await playPass(
      plan,
      { ...pass, cases: open },
      {
        stray: (sentence) => strayWrites.push(sentence),
        async done(one, trace, milliseconds) {
          const result: CaseResult = {
            ...resultKey(pass, one.id),
            half: one.half,
            tags: one.tags,
            ...(one.note !== undefined && { note: one.note }),
            ...(one.attack && { attack: one.attack }),
            ...(one.twin !== undefined && { twin: one.twin }),
            trace,
            marks: judgeCase(one, trace, plan.only === "all" ? undefined : plan.only),
          };
          finished.set(keyOf(result), { result, milliseconds });
          await journal.keep({ result, milliseconds });
          plan.onProgress?.(finished.size, total, one.id);
        },
      },
    );
  }
  const ordered = passes.flatMap(({ cases, ...pass }) =>
    cases.flatMap(({ id }) => finished.get(keyOf(resultKey(pass, id))) ?? []),
  );
  const results = ordered.map(({ result }) => result);
  return {
    format: 1,
    datasets: plan.datasets.map(({ dataset: { name, title, description }, cases }) => ({
      name,
      title,
      description,
      cases: cases.length,
    })),
    only: plan.only,
    engines: [...plan.engines],
    repeats: plan.repeats,
    results: plan.only === "all" ? results.map((result) => withTwin(result, results)) : results,
    strayWrites: strayWrites.sort(),
    machine: {
      startedAt: startedAt.toISOString(),
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      processors: availableParallelism(),
      concurrency: plan.concurrency,
      seconds: Math.round((performance.now() - begun) / 100) / 10,
      latency: Object.fromEntries(
        ordered.map(({ result, milliseconds }) => [keyOf(result), Math.round(milliseconds)]),
      ),
    },
  };
}

interface Pass {
  engine: string;
  repeat: number;
  dataset: Dataset;
  cases: readonly Case[];
}

interface Listener {
  done(one: Case, trace: CaseResult["trace"], milliseconds: number): Promise<void>;
  stray(sentence: string): void;
}

/** One engine, once, on one data set: a shared stage for most cases, one of its own for each whose world differs. */
async function playPass(plan: RunPlan, pass: Pass, listener: Listener): Promise<void> {
  if (pass.cases.length === 0) return;
  const { dataset } = pass;
  const { shared, alone } = divide(pass.cases);
  const variables = plan.variablesFor?.(pass.engine) ?? {};
  const stores: (Promise<Store> | undefined)[] = [];
  const storeOf = (lane: number) => (stores[lane] ??= openTemporaryStore());
  const onStage = async (cases: readonly Case[], lane: number, play: (stage: Stage) => Promise<void>) => {
    const inWorld = plan.only === "classifier" ? [] : cases;
    const options = { dataset, cases: inWorld, store: await storeOf(lane), variables };
    const stage = await openStage({ ...options, ...(plan.change && { change: plan.change }) });
    try {
      await play(stage);
    } finally {
      await stage.close();
    }
  };
  const playOn = async (stage: Stage, one: Case) => {
    plan.signal?.throwIfAborted();
    const begun = performance.now();
    const trace = plan.only === "all" ? await playCase(stage, one) : await runAlone(stage, one, plan.only);
    await listener.done(one, trace, performance.now() - begun);
    return trace.turns.reduce((count, { writes }) => count + writes.length, 0);
  };
  const playAll = (cases: readonly Case[], lanes: number) => async (stage: Stage) => {
    let accounted = 0;
    await inLanes(cases, lanes, async (one) => {
      const writes = await playOn(stage, one);
      accounted += writes;
    });
    for (const sentence of strayWritesOn(stage, cases, accounted)) listener.stray(sentence);
  };
  try {
    // One engine alone sees no world but in retrieval, and there only what its articles change.
    const together = plan.only === "classifier" ? [...shared, ...alone] : shared;
    if (together.length > 0) await onStage(together, 0, playAll(together, plan.concurrency));
    if (plan.only !== "classifier") {
      await inLanes(alone, plan.concurrency, (one, lane) => {
        plan.signal?.throwIfAborted();
        return onStage([one], lane, playAll([one], 1));
      });
    }
  } finally {
    for (const store of stores) await (await store)?.close();
  }
}

/** Cases that open the same conversation of the workspace cannot do so in the same one. */
function divide(cases: readonly Case[]): { shared: Case[]; alone: Case[] } {
  const taken = new Set<string>();
  const shared: Case[] = [];
  const alone: Case[] = [];
  for (const one of cases) {
    const again = one.conversation !== undefined && taken.has(one.conversation);
    if (one.conversation !== undefined) taken.add(one.conversation);
    (isAlone(one) || again ? alone : shared).push(one);
  }
  return { shared, alone };
}

/** Whatever was written on a stage and is in no case's trace. */
function strayWritesOn({ sandbox, world }: Stage, cases: readonly Case[], accounted: number): string[] {
  const ours = new Set(cases.map(({ id }) => world.openings.get(id)?.conversationId));
  const writes = sandbox.world.writes();
  const elsewhere = writes.filter(({ parameters }) => !ours.has(idIn(parameters)));
  const late = writes.length - elsewhere.length - accounted;
  return [
    ...elsewhere.map(
      ({ tool, parameters }) =>
        `${tool} wrote to ${JSON.stringify(parameters.conversation_id ?? null)}, which is no case's conversation.`,
    ),
    ...(late > 0 ? [`${late} writes were made after their case had ended.`] : []),
  ];
}

function idIn({ conversation_id: id }: Record<string, unknown>): string | undefined {
  return typeof id === "string" ? id : undefined;
}

function resultKey({ engine, repeat, dataset }: Omit<Pass, "cases">, id: string) {
  return { dataset: dataset.name, id, engine, repeat };
}

function withTwin(result: CaseResult, results: readonly CaseResult[]): CaseResult {
  if (result.twin === undefined) return result;
  const twin = results.find((other) => keyOf(other) === keyOf({ ...result, id: result.twin ?? "" }));
  return twin ? { ...result, marks: [...result.marks, ...judgeTwins(result.trace, twin.trace)] } : result;
}
