import { join } from "node:path";
import { parseArgs } from "node:util";
import { CountersignError } from "../domain/errors.ts";
import { CONTROL_HEADER } from "./control.ts";
import { startSandbox } from "./sandbox.ts";

const usage = `Usage: node --import tsx src/sandbox/main.ts [options]

  --port N            port to listen on; a free one by default
  --host H            address to listen on; 127.0.0.1 by default
  --state FILE        keep the world in FILE; without it, it is gone at the end
  --workspace FOLDER  the folder a fresh world is made from; Quillbook by default
  --as-written        keep the times of the folder instead of moving them to now
`;

/** Runs the sandbox as a process of its own until it is told to stop. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "0" },
      host: { type: "string", default: "127.0.0.1" },
      state: { type: "string" },
      workspace: { type: "string", default: join(import.meta.dirname, "workspace") },
      "as-written": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const sandbox = await startSandbox({
    port: Number(values.port),
    host: values.host,
    workspaceFolder: values.workspace,
    stateFile: values.state ?? null,
    clock: () => new Date(),
    shiftToNow: !values["as-written"],
    log: (message) => process.stderr.write(`${message}\n`),
  });
  process.stdout.write(
    [
      `Sandbox ready on ${sandbox.url}`,
      `SCALEKIT_ENVIRONMENT_URL=${sandbox.url}`,
      `SCALEKIT_CLIENT_ID=${sandbox.clientId}`,
      `SCALEKIT_CLIENT_SECRET=${sandbox.clientSecret}`,
      `Messenger: ${sandbox.messengerUrl}`,
      `Secret of Scalekit's webhooks: ${sandbox.webhookSecrets.scalekit}`,
      `Secret of Intercom's webhooks: ${sandbox.webhookSecrets.intercom}`,
      `Control key for ${CONTROL_HEADER}: ${sandbox.controlKey}`,
      "",
    ].join("\n"),
  );
  const stop = () => {
    void sandbox.close().then(() => process.exit(0));
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

main().catch((error: unknown) => {
  const text = error instanceof CountersignError ? `${error.message}\n${error.next}` : String(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
});
