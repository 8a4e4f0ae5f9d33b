import { join } from "node:path";
import { evalCommand, type Surroundings } from "../../evals/command.ts";
import { parseConfig } from "../../src/config.ts";

/** The command of the evaluations as a shell would run it, with a folder of its own for what it keeps. */
export function evalIn(folder: () => string, defaults: () => Partial<Surroundings> = () => ({})) {
  const said: string[] = [];
  return {
    /** What the last run said. */
    said,
    /** The exit code, -1 if none was given. Rejects with what the command refuses. */
    run: async (words: readonly string[], changes: Partial<Surroundings> = {}): Promise<number> => {
      let code = -1;
      said.length = 0;
      const program = evalCommand(
        {
          say: (text) => said.push(text),
          progress: null,
          now: () => new Date(),
          config: () => parseConfig({}),
          journals: join(folder(), "journals"),
          baseline: join(folder(), "baseline.json"),
          ...defaults(),
          ...changes,
        },
        (finished) => {
          code = finished;
        },
      );
      for (const command of [program, ...program.commands]) {
        command.exitOverride().configureOutput({ writeErr: () => undefined });
      }
      await program.parseAsync(["node", "eval", ...words]);
      return code;
    },
  };
}
