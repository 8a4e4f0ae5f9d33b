import { join } from "node:path";
import type { Environment } from "../src/config.ts";
import { isWanted, readDatasets } from "./choice.ts";
import type { Surroundings } from "./command.ts";
import { fingerprintOf, openJournal } from "./journal.ts";
import type { ModelJudge } from "./judge/by-model.ts";
import type { LangSmith } from "./langsmith/send.ts";
import type { Run } from "./run-document.ts";
import { usage, type RunOptions } from "./run-options.ts";
import { OFFLINE, runCases } from "./runner.ts";

/**
 * Plays what the options choose. `forget` removes the journal: until then the same run can be resumed, and is not played
 * again.
 */
export async function runChosen(
  options: RunOptions,
  surroundings: Surroundings,
  { langsmith, judge }: { langsmith?: LangSmith | null; judge?: ModelJudge | null } = {},
): Promise<{ run: Run; fingerprint: string; forget: () => Promise<void> }> {
  const datasets = (await readDatasets(options.dataset)).map((dataset) => ({
    dataset,
    cases: dataset.cases.filter((one) => isWanted(one, options)),
  }));
  const chosen = datasets.filter(({ cases }) => cases.length > 0);
  if (chosen.length === 0) throw usage("No case fits.", "Give another --filter or --half.");
  await langsmith?.sync(chosen.map(({ dataset }) => dataset));
  const engines = options.model.length > 0 ? options.model : [OFFLINE];
  const asked = { engines, only: options.only, repeats: options.repeats };
  const cases = chosen.map(({ dataset, cases: list }) => [dataset.name, list.map(({ id }) => id)]);
  const paths = chosen.flatMap(({ dataset: { folder, workspaceFolder, deskFolder } }) => [
    join(folder, "dataset.yaml"),
    join(folder, "cases.jsonl"),
    workspaceFolder,
    deskFolder,
  ]);
  const fingerprint = await fingerprintOf({ ...asked, cases, ...(judge && { judge: judge.name }) }, paths);
  const journal = await openJournal(surroundings.journals, fingerprint, options);
  const run = await runCases({
    ...asked,
    datasets: chosen,
    concurrency: options.concurrency,
    variablesFor: (engine) =>
      engine === OFFLINE ? {} : variablesFor(engine, surroundings.config().environment),
    journal,
    signal: surroundings.signal,
    now: surroundings.now,
    ...(judge && { judge }),
    ...(surroundings.change && { change: surroundings.change }),
    onProgress: (done, of, one) => surroundings.progress?.(`${done} of ${of}  ${one}`),
  });
  return { run, fingerprint, forget: () => journal.remove() };
}

/** The model's name, and how its provider is reached. */
function variablesFor(engine: string, environment: Environment): Record<string, string> {
  const given = Object.entries(environment).filter(
    ([name]) => /_(API_KEY|BASE_URL)$/.test(name) || name === "COUNTERSIGN_MODEL_TIMEOUT_MS",
  );
  const variables = given.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return { ...(Object.fromEntries(variables) as Record<string, string>), COUNTERSIGN_MODEL: engine };
}
