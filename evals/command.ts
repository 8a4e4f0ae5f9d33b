import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { Command } from "commander";
import type { Config } from "../src/config.ts";
import { providerSettings } from "../src/runtime.ts";
import { Baseline, baselineOf, compareWithBaseline, safetyFailures } from "./baseline.ts";
import { caseSchema } from "./case.ts";
import { readDatasets } from "./choice.ts";
import { runChosen } from "./chosen.ts";
import { compareRuns } from "./compare.ts";
import { openModelJudge } from "./judge/by-model.ts";
import { openLangSmith } from "./langsmith/send.ts";
import { compareText } from "./report/compare.ts";
import { replayHtml } from "./report/html-replay.ts";
import { reportHtml } from "./report/html.ts";
import { reportText } from "./report/terminal.ts";
import { addReplayCommand } from "./replay/command.ts";
import { Replay } from "./replay/replay-document.ts";
import { Run } from "./run-document.ts";
import { usage, withRunOptions, type RunOptions } from "./run-options.ts";
import { OFFLINE, type RunPlan } from "./runner.ts";

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

/** The command line. `finish` is told the exit code. */
export function evalCommand(surroundings: Surroundings, finish: (code: number) => void): Command {
  const { say } = surroundings;
  const program = new Command("eval").description("Evaluates the desk, offline and for everyone the same.");
  withRunOptions(program.command("run", { isDefault: true }))
    .description("play the cases, judge them and compare with the baseline")
    .option("--langsmith", "send data sets and results to LangSmith; needs LANGSMITH_API_KEY")
    .option("--judge <provider:name>", "have a model judge the replies too; its marks decide nothing")
    .action(async (options: RunOptions) => {
      const langsmith = options.langsmith
        ? openLangSmith({ environment: surroundings.config().environment, ...surroundings })
        : null;
      const judge = options.judge === undefined ? null : openJudge(options.judge, options, surroundings);
      const { run, fingerprint, forget } = await runChosen(options, surroundings, { langsmith, judge });
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
      const { run, forget } = await runChosen(options, surroundings);
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

function openJudge(name: string, { only }: RunOptions, { config }: Surroundings) {
  if (only !== "all")
    throw usage("A model judges replies, and --only writes none.", "Leave out one of the two.");
  return openModelJudge(name, providerSettings(config()));
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
