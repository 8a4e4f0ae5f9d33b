import { runProgram } from "./program.ts";

// The LangGraph server's workers go on polling after it stopped, so the process ends itself.
process.exit(await runProgram(process.argv));
