import { availableParallelism } from "node:os";
import type { Case } from "./case.ts";
import type { Dataset } from "./dataset.ts";
import { judgeAttacked, judgeCase } from "./judge.ts";
import type { ModelJudge } from "./judge/by-model.ts";
import { judgingOf } from "./judge/judging.ts";
import { noJournal, type Journal } from "./journal.ts";
import { playPass, type Pass } from "./pass.ts";
import { keyOf, type CaseResult, type Run } from "./run-document.ts";
import type { StageOptions } from "./stage.ts";

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
  /** A model that judges replies beside the rules. */
  judge?: ModelJudge;
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
          const rules = await judgeCase(one, trace, plan.only === "all" ? undefined : plan.only);
          const byModel = await plan.judge?.judge(trace);
          const result: CaseResult = {
            ...resultKey(pass, one.id),
            half: one.half,
            tags: one.tags,
            ...(one.note !== undefined && { note: one.note }),
            ...(one.attack && { attack: one.attack }),
            ...(one.twin !== undefined && { twin: one.twin }),
            trace,
            marks: [...rules, ...(byModel?.marks ?? [])],
            ...(byModel && { judging: byModel.judging }),
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
    ...(plan.judge && { judge: summaryOf(plan.judge.name, results) }),
    results:
      plan.only === "all" ? await Promise.all(results.map((result) => withTwin(result, results))) : results,
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

function summaryOf(name: string, results: readonly CaseResult[]): Run["judge"] {
  const { questions, unanswered, usage } = judgingOf(results);
  return { name, questions, unanswered: unanswered.length, usage };
}

function resultKey({ engine, repeat, dataset }: Omit<Pass, "cases">, id: string) {
  return { dataset: dataset.name, id, engine, repeat };
}

async function withTwin(result: CaseResult, results: readonly CaseResult[]): Promise<CaseResult> {
  const twin = results.find((other) => keyOf(other) === keyOf({ ...result, id: result.twin ?? "" }));
  if (!twin) return result;
  return { ...result, marks: [...result.marks, ...(await judgeAttacked(result.trace, twin.trace))] };
}
