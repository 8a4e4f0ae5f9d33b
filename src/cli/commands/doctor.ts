import type { Command } from "commander";
import { z } from "zod";
import type { Runtime } from "../../runtime.ts";
import { withRuntime } from "../here.ts";
import { exitCodes } from "../output.ts";
import type { Act } from "../program.ts";
import { callAsOperator } from "../session.ts";

const Finding = z.object({
  check: z.string(),
  well: z.boolean(),
  detail: z.string(),
  next: z.string().nullable(),
});
const Findings = z.object({ findings: z.array(Finding) });

export function addDoctorCommand(program: Command, act: Act): void {
  program
    .command("doctor")
    .description("look at everything the desk needs, and say how to mend what is missing")
    .action(async () => {
      await act(async ({ output }) => {
        output.progress("Looking…");
        const { findings } =
          (await callAsOperator("/api/operator/doctor", Findings)) ?? (await withRuntime(examineHere));
        output.result(findings);
        for (const { check, well, detail, next } of findings) {
          output.say(`${well ? "✓" : "✗"} ${check}: ${detail}`);
          if (next !== null) output.say(`    ${next}`);
        }
        const unwell = findings.filter((finding) => !finding.well).length;
        output.say(unwell === 0 ? "\nAll is well." : `\n${unwell} to mend.`);
        if (unwell > 0) process.exitCode = exitCodes.operator;
      });
    });
}

async function examineHere(runtime: Runtime): Promise<z.infer<typeof Findings>> {
  const { examine } = await import("../../doctor.ts");
  return { findings: await examine(runtime) };
}
