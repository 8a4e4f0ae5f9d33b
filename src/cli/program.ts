import { Command, CommanderError } from "commander";
import { addAuditCommand } from "./commands/audit.ts";
import { addConversationCommands } from "./commands/conversations.ts";
import { addDecisionCommands } from "./commands/decisions.ts";
import { addDoctorCommand } from "./commands/doctor.ts";
import { addResetCommand } from "./commands/reset.ts";
import { addReviewCommands } from "./commands/reviews.ts";
import { addStartCommand } from "./commands/start.ts";
import { addTokenCommand } from "./commands/tokens.ts";
import { createOutput, exitCodes, sayFailure } from "./output.ts";
import type { CommandContext, GlobalOptions } from "./session.ts";

/** Runs a command with its context. */
export type Act = (action: (context: CommandContext) => Promise<void>) => Promise<void>;

/** Runs the command line and returns its exit code. Says every failure itself; never throws. */
export async function runProgram(argv: readonly string[]): Promise<number> {
  const program = new Command("countersign")
    .description("An AI drafts. A teammate countersigns. Intercom sends it, as that teammate, once.")
    .option("--json", "print the result as JSON")
    .option("--as <teammate>", "sandbox: act as this teammate (an e-mail address, or its beginning)")
    .option("--url <url>", "the server to talk to (COUNTERSIGN_URL)")
    .option("--token <token>", "your token (COUNTERSIGN_TOKEN)")
    .addHelpText("after", `\nExit codes: ${describeExitCodes()}`)
    .showHelpAfterError("(countersign --help lists the commands)")
    .configureHelp({ sortSubcommands: false, showGlobalOptions: true })
    .exitOverride();
  const act: Act = (action) => {
    const options = program.opts<GlobalOptions>();
    return action({ options, output: createOutput(options.json ?? false) });
  };
  for (const add of commands) add(program, act);
  try {
    await program.parseAsync([...argv]);
    return typeof process.exitCode === "number" ? process.exitCode : exitCodes.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    return sayFailure(error, program.opts<GlobalOptions>().json ?? false);
  }
}

const commands = [
  addStartCommand,
  addReviewCommands,
  addDecisionCommands,
  addConversationCommands,
  addAuditCommand,
  addTokenCommand,
  addDoctorCommand,
  addResetCommand,
];

function describeExitCodes(): string {
  return Object.entries(exitCodes)
    .map(([name, code]) => `${code} ${name}`)
    .join(", ");
}
