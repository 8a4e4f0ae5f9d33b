import { resolve } from "node:path";
import { CommanderError } from "commander";
import { forbidTracing, readConfig } from "../src/config.ts";
import { CountersignError } from "../src/domain/errors.ts";
import { evalCommand, exitCodes } from "./command.ts";

const root = resolve(import.meta.dirname, "..");
const stopped = new AbortController();
const watched = process.stderr.isTTY;
const clear = () => watched && process.stderr.write("\r\u001b[2K");

process.exit(await main());

async function main(): Promise<number> {
  let code: number = exitCodes.unexpected;
  forbidTracing();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      stopped.abort();
    });
  }
  const program = evalCommand(
    {
      say: (text) => {
        clear();
        process.stdout.write(`${text}\n`);
      },
      progress: watched
        ? (text) => {
            clear();
            process.stderr.write(text.slice(0, Math.max(20, process.stderr.columns - 1)));
          }
        : null,
      now: () => new Date(),
      signal: stopped.signal,
      config: readConfig,
      journals: resolve(".countersign-eval"),
      baseline: resolve(root, "evals/baseline.json"),
    },
    (finished) => {
      code = finished;
    },
  );
  for (const command of [program, ...program.commands]) command.exitOverride();
  try {
    await program.parseAsync(process.argv);
    return code;
  } catch (error) {
    clear();
    if (stopped.signal.aborted) {
      process.stderr.write("Interrupted. The same command with --resume goes on.\n");
      return exitCodes.interrupted;
    }
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.good : exitCodes.usage;
    if (error instanceof CountersignError) {
      process.stderr.write(`${error.message}\n${error.next}\n`);
      return error.actor === "operator" ? exitCodes.usage : exitCodes.unexpected;
    }
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return exitCodes.unexpected;
  }
}
