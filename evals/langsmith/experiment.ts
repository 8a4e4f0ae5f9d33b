import type { Client } from "langsmith";
import { evaluate } from "langsmith/evaluation";
import type { JsonObject } from "../../src/domain/json.ts";
import { figuresOf } from "../figures.ts";
import { judgingOf, unansweredText } from "../judge/judging.ts";
import { partNames, type Mark, type PartName } from "../judge/mark.ts";
import { figureText, pathLines } from "../report/words.ts";
import { keyOf, type CaseResult, type Run } from "../run-document.ts";
import type { SyncedDataset } from "./sync.ts";

export interface Experiment {
  dataset: SyncedDataset;
  /** The results of one data set and one engine. */
  results: readonly CaseResult[];
  /** Names all that the results depend on: code, cases, workspace and settings. */
  fingerprint: string;
}

/**
 * Sends the finished results of one engine on one data set as one experiment. LangSmith's `evaluate` is given what was
 * played and judged already: it traces a run of each case, and nothing of the graph, the models or the tools.
 */
export async function sendExperiment(client: Client, run: Run, experiment: Experiment): Promise<string> {
  const { dataset, results, fingerprint } = experiment;
  const [first] = results;
  if (!first) throw new Error("an experiment needs results");
  const known = new Map(results.map((result) => [`${result.id}/${result.repeat}`, result]));
  const find = (id: unknown, repeat: unknown) => {
    const result = known.get(`${String(id)}/${String(repeat)}`);
    if (!result) throw new Error(`there is no result of ${String(id)}, ${String(repeat)}`);
    return result;
  };
  const timesSeen = new Map<string, number>();
  const sent = await evaluate(
    (inputs: Record<string, unknown>) => {
      const id = String(inputs.case);
      const repeat = (timesSeen.get(id) ?? 0) + 1;
      timesSeen.set(id, repeat);
      return outputsOf(find(id, repeat));
    },
    {
      client,
      data: [...new Set(results.map(({ id }) => id))].flatMap((id) => dataset.examples.get(id) ?? []),
      evaluators: [
        ...partsIn(results).map((part) =>
          named(part, ({ inputs, outputs }: Played) => ({
            results: feedbackOf(part, find(inputs.case, outputs.repeat).marks),
          })),
        ),
        named("cost", ({ inputs, outputs }: Played) => ({
          results: costOf(run, find(inputs.case, outputs.repeat)),
        })),
      ],
      summaryEvaluators: [named("figures", () => ({ results: figuresFeedback(results) }))],
      experimentPrefix: `${first.dataset} ${first.engine}`.replace(/[^\w.-]+/g, "-"),
      numRepetitions: run.repeats,
      maxConcurrency: 4,
      disableEvaluatorTracing: true,
      metadata: {
        // LangSmith would put the commit there, which says nothing of what is not committed.
        revision_id: fingerprint,
        engine: first.engine,
        dataset: first.dataset,
        dataset_digest: dataset.digest,
        only: run.only,
        cases: known.size / run.repeats,
        repeats: run.repeats,
        node: run.machine.node,
        platform: run.machine.platform,
        ...(run.judge && {
          judge: run.judge.name,
          judge_could_not_say: unansweredText(judgingOf(results)),
        }),
      },
    },
  );
  return sent.experimentName;
}

interface Played {
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
}

interface Feedback {
  key: string;
  score: number;
  comment: string;
}

/** What there is to read of a result: the drafts, what they rest on, and how it ended. */
function outputsOf({ repeat, trace }: CaseResult): JsonObject {
  return {
    repeat,
    turns: trace.turns.map((turn) => ({
      topic: turn.classification?.topic ?? null,
      route: turn.classification?.route ?? null,
      channel: turn.draft?.channel ?? null,
      draft: turn.draft?.body ?? null,
      abstained: turn.draft?.abstained ?? null,
      found: turn.found,
      cited: turn.cited,
      tools: pathLines(turn.calls),
      planned: turn.planned.map(({ summary }) => summary),
      outcome: turn.outcome?.type ?? null,
      failure: turn.failure,
    })),
  };
}

function partsIn(results: readonly CaseResult[]): PartName[] {
  const present = new Set(results.flatMap(({ marks }) => marks.map(({ part }) => part)));
  return partNames.filter((part) => present.has(part));
}

/** The share of the turns in which the part passed; nothing where nothing is expected of it. */
function feedbackOf(part: PartName, marks: readonly Mark[]): Feedback[] {
  const own = marks.filter((mark) => mark.part === part);
  if (own.length === 0) return [];
  const several = own.length > 1;
  const comment = own.flatMap(({ turn, reasons }) =>
    reasons.map((reason) => (several ? `Turn ${turn + 1}: ${reason}` : reason)),
  );
  const score = own.filter(({ passed }) => passed).length / own.length;
  return [{ key: keyFor(part), score, comment: comment.join("\n") }];
}

function costOf(run: Run, result: CaseResult): Feedback[] {
  const sum = (count: (turn: CaseResult["trace"]["turns"][number]) => number) =>
    result.trace.turns.reduce((total, turn) => total + count(turn), 0);
  const costs = {
    milliseconds: run.machine.latency[keyOf(result)] ?? 0,
    tool_calls: sum(({ calls }) => calls.length),
    model_calls: sum(({ usage }) => usage.calls),
    input_tokens: sum(({ usage }) => usage.inputTokens),
    output_tokens: sum(({ usage }) => usage.outputTokens),
  };
  return Object.entries(costs).map(([key, score]) => ({ key, score, comment: "" }));
}

/** The figures of the report, which are more than averages of the cases. */
function figuresFeedback(results: readonly CaseResult[]): Feedback[] {
  return figuresOf(results).map((figure) => ({
    key: `figure_${keyFor(figure.name)}`,
    score: figure.value,
    comment: `${figureText(figure)}, ${figure.of} judgements`,
  }));
}

function keyFor(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9@]+/g, "_")
    .replace(/_$/, "");
}

/** LangSmith calls an evaluator by its function's name. */
function named<Evaluator extends (...given: never[]) => unknown>(
  name: string,
  evaluator: Evaluator,
): Evaluator {
  return Object.defineProperty(evaluator, "name", { value: keyFor(name) });
}
