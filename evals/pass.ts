import type { Store } from "../src/store/database.ts";
import { runAlone } from "./alone.ts";
import type { Case } from "./case.ts";
import type { Dataset } from "./dataset.ts";
import { inLanes } from "./lanes.ts";
import { playCase } from "./play.ts";
import type { RunPlan } from "./runner.ts";
import { openStage, openTemporaryStore, type Stage } from "./stage.ts";
import type { Trace } from "./trace.ts";
import { isAlone } from "./world.ts";

/** The cases of one data set that one engine plays, once. */
export interface Pass {
  engine: string;
  repeat: number;
  dataset: Dataset;
  cases: readonly Case[];
}

export interface Listener {
  done(one: Case, trace: Trace, milliseconds: number): Promise<void>;
  stray(sentence: string): void;
}

/** Plays a pass: a shared stage for most cases, one of its own for each whose world differs. */
export async function playPass(plan: RunPlan, pass: Pass, listener: Listener): Promise<void> {
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
