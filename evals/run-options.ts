import { InvalidArgumentError, Option, type Command } from "commander";
import { OperatorError } from "../src/domain/errors.ts";
import type { Choice } from "./choice.ts";
import type { Run } from "./run-document.ts";

/** What the command line says of a run. */
export interface RunOptions extends Choice {
  dataset: string[];
  only: Run["only"];
  model: string[];
  repeats: number;
  concurrency: number;
  json?: string;
  html?: string;
  resume: boolean;
  langsmith?: boolean;
  judge?: string;
}

/** The options of every command that plays cases. */
export function withRunOptions(command: Command): Command {
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

function positive(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError("Give a whole number from 1.");
  return number;
}

export function usage(message: string, next: string): OperatorError {
  return new OperatorError("eval_usage", message, next);
}
