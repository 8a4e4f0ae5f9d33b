import type { Command } from "commander";
import type { Act } from "../program.ts";

export function addStartCommand(program: Command, act: Act): void {
  program
    .command("start")
    .description("start the desk: the server, and drafts for every conversation that waits")
    .action(async () => {
      await act(async ({ output }) => {
        const { start } = await import("../start.ts");
        await start(output);
      });
    });
}
