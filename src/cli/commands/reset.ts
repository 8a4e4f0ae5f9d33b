import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { readConfig } from "../../config.ts";
import { OperatorError } from "../../domain/errors.ts";
import type { Act } from "../program.ts";
import { readServerFile } from "../server-file.ts";

export function addResetCommand(program: Command, act: Act): void {
  program
    .command("reset")
    .description("erase the sandbox's workspace, the store with its ledger, and the server's threads")
    .option(
      "--yes",
      "needed when the store is PostgreSQL or Scalekit is configured: this erases real records",
    )
    .action(async ({ yes }: { yes?: boolean }) => {
      await act(async ({ output }) => {
        const { environment, scalekit } = readConfig();
        const data = resolve(environment.COUNTERSIGN_DATA);
        const url = environment.DATABASE_URL ?? null;
        const running = await readServerFile(data);
        if (running) {
          throw new OperatorError(
            "server_running",
            `The server is running (process ${running.pid}), so nothing was erased.`,
            "Stop it with Ctrl-C, then reset again.",
          );
        }
        if (!yes && (url !== null || scalekit !== null)) {
          throw new OperatorError(
            "reset_unconfirmed",
            "This would erase real reviews, decisions and the ledger, so nothing was erased.",
            "If you mean it: countersign reset --yes",
          );
        }
        const { eraseStore } = await import("../../store/erase.ts");
        await eraseStore({ url, folder: join(data, "store") });
        for (const name of ["sandbox.json", "server.json", ".langgraph_api"]) {
          await rm(join(data, name), { recursive: true, force: true });
        }
        output.result({ erased: data });
        output.say(`Erased what was in ${data}${url === null ? "" : " and in the database"}.`);
      });
    });
}
