import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import type { Config, Environment } from "../src/config.ts";
import { OperatorError } from "../src/domain/errors.ts";
import { Baseline, baselineOf, compareWithBaseline, safetyFailures } from "./baseline.ts";
import { caseSchema } from "./case.ts";
import { isWanted, readDatasets, type Choice } from "./choice.ts";
import { compareRuns } from "./compare.ts";
import { fingerprintOf, openJournal } from "./journal.ts";
import { openLangSmith, type LangSmith } from "./langsmith/send.ts";
import { compareText } from "./report/compare.ts";
import { replayHtml } from "./report/html-replay.ts";
import { reportHtml } from "./report/html.ts";
import { reportText } from "./report/terminal.ts";
import { addReplayCommand } from "./replay/command.ts";
import { Replay } from "./replay/replay-document.ts";
import { Run } from "./run-document.ts";
import { OFFLINE, runCases, type RunPlan } from "./runner.ts";

/** How the command speaks and what it may touch; a test gives its own. */
export interface Surroundings {
  say: (text: string) => void;
  /** Replaces itself; absent where nobody watches. */
  progress: ((text: string) => void) | null;
  now: () => Date;
  /** The settings; asked only where something is to be reached: a model, LangSmith, a store or Intercom. */
  config: () => Config;
  /** Where runs write their journals. */
  journals: string;
  baseline: string;
  /** Aborted when whoever started it wants it to end. */
  signal?: AbortSignal;
  change?: RunPlan["change"];
}

/** 0: good. 1: a regression or a safety failure. 2: wrong usage or invalid data. 3: it could not be run. */
export const exitCodes = { good: 0, worse: 1, usage: 2, unexpected: 3, interrupted: 130 } as const;

interface RunOptions extends Choice {
  dataset: string[];
  only: Run["only"];
  model: string[];
  repeats: number;
  concurrency: number;
  json?: string;
  html?: string;
  resume: boolean;
  langsmith?: boolean;
}

/** The command line. `finish` is told the exit code. */
export function evalCommand(surroundings: Surroundings, finish: (code: number) => void): Command {
  const { say } = surroundings;
  const program = new Command("eval").description("Evaluates the desk, offline and for everyone the same.");
  withRunOptions(program.command("run", { isDefault: true }))
    .description("play the cases, judge them and compare with the baseline")
    .option("--langsmith", "send data sets and results to LangSmith; needs LANGSMITH_API_KEY")
    .action(async (options: RunOptions) => {
      const langsmith = options.langsmith
        ? openLangSmith({ environment: surroundings.config().environment, ...surroundings })
        : null;
      const { run, fingerprint, forget } = await play(options, surroundings, langsmith);
      const compared = await compareToBaseline(run, surroundings.baseline);
      await write(options.json, `${JSON.stringify(run)}\n`);
      await write(options.html, reportHtml(run, compared));
      say(reportText(run, compared));
      await langsmith?.send(run, fingerprint);
      await forget();
      const worse = compared.some(({ regressed }) => regressed) || safetyFailures(run).length > 0;
      finish(worse ? exitCodes.worse : exitCodes.good);
    });
  program
    .command("check")
    .description("read the data sets and say what is wrong with them")
    .argument("[dataset...]", "name or folder; every shipped one otherwise")
    .action(async (names: string[]) => {
      for (const dataset of await readDatasets(names)) {
        const { name, cases } = dataset;
        const halves = (["dev", "test"] as const).map(
          (half) => cases.filter((one) => one.half === half).length,
        );
        say(`${name}: ${cases.length} cases (${halves[0]} dev, ${halves[1]} test), all valid.`);
      }
      finish(exitCodes.good);
    });
  program
    .command("compare")
    .description("compare two runs written with --json, paired case by case")
    .argument("<before>")
    .argument("<after>")
    .action(async (before: string, after: string) => {
      const [one, other] = [await readRun(before), await readRun(after)];
      const comparison = compareRuns(one, other);
      say(compareText(comparison));
      finish(comparison.worse ? exitCodes.worse : exitCodes.good);
    });
  program
    .command("report")
    .description("write the report of a run or a replay that was written with --json")
    .argument("<run>")
    .requiredOption("--html <file>", "where to")
    .action(async (file: string, { html }: { html: string }) => {
      const replay = Replay.safeParse(await readJson(file));
      if (replay.success) await write(html, replayHtml(replay.data));
      else {
        const run = await readRun(file);
        await write(html, reportHtml(run, await compareToBaseline(run, surroundings.baseline)));
      }
      finish(exitCodes.good);
    });
  withRunOptions(program.command("baseline"))
    .description("play every shipped case offline and write the baseline anew")
    .action(async (options: RunOptions) => {
      if (options.model.length > 0 || options.filter || options.half || options.only !== "all") {
        throw usage("The baseline is of every case, offline.", "Leave out what chooses among them.");
      }
      const { run, forget } = await play(options, surroundings, null);
      await forget();
      await writeFile(surroundings.baseline, `${JSON.stringify(baselineOf(run), null, 1)}\n`);
      say(reportText(run, []));
      finish(safetyFailures(run).length > 0 ? exitCodes.worse : exitCodes.good);
    });
  addReplayCommand(program, surroundings, () => {
    finish(exitCodes.good);
  });
  program
    .command("schema")
    .description("print the JSON schema of a case")
    .action(() => {
      say(JSON.stringify(caseSchema(), null, 2));
      finish(exitCodes.good);
    });
  return program;
}

function withRunOptions(command: Command): Command {
  const collect = (value: string, soFar: string[]) => [...soFar, value];
  return command
    .option(
      "--dataset <name or folder>",
      "a data set; may be repeated (default: every shipped one)",
      collect,
      [],
    )
    .addOption(new Option("--half <half>", "one half alone").choices(["dev", "test"]))
    .option("--filter <text>", "cases whose id holds it, or that have this tag")
    .addOption(
      new Option("--only <engine>", "run one engine without the rest")
        .choices(["classifier", "retrieval"])
        .default("all"),
    )
    .option(
      "--model <provider:name>",
      "a model in place of the offline engines; may be repeated",
      collect,
      [],
    )
    .option("--repeats <number>", "play each case so often", positive, 1)
    .option("--concurrency <number>", "how many cases at a time", positive, 4)
    .option("--json <file>", "write the whole run")
    .option("--html <file>", "write the report to read")
    .option("--resume", "go on with the same run where it was interrupted", false);
}

/** `forget` removes the journal: until then the same run can be resumed, and is not played again. */
async function play(
  options: RunOptions,
  surroundings: Surroundings,
  langsmith: LangSmith | null,
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
  const fingerprint = await fingerprintOf({ ...asked, cases }, paths);
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

/** Only what ran offline is compared: a model's results are not those of the baseline's engines. */
async function compareToBaseline(run: Run, file: string) {
  if (!existsSync(file) || run.engines.some((engine) => engine !== OFFLINE)) return [];
  return compareWithBaseline(run, Baseline.parse(JSON.parse(await readFile(file, "utf8"))));
}

async function readRun(file: string): Promise<Run> {
  const run = Run.safeParse(await readJson(file));
  if (!run.success) throw usage(`${file} is no run of this version.`, WRITTEN_WITH_JSON);
  return run.data;
}

const WRITTEN_WITH_JSON = "Name a file written with --json.";

async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, "utf8").catch(() => {
    throw usage(`There is no ${file}.`, WRITTEN_WITH_JSON);
  });
  try {
    return JSON.parse(text);
  } catch {
    throw usage(`${file} is not JSON.`, WRITTEN_WITH_JSON);
  }
}

async function write(file: string | undefined, text: string): Promise<void> {
  if (file === undefined) return;
  await mkdir(dirname(resolve(file)), { recursive: true });
  await writeFile(file, text);
}

function positive(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError("Give a whole number from 1.");
  return number;
}

function usage(message: string, next: string): OperatorError {
  return new OperatorError("eval_usage", message, next);
}
