import { fileURLToPath } from "node:url";
import { startSandbox } from "../../src/sandbox/sandbox.ts";
import type { Caller, ToolGateway } from "../../src/tools/gateway.ts";
import { policy } from "../../src/tools/policy.ts";
import { createScalekitGateway } from "../../src/tools/scalekit.ts";

/** A sandbox with the example company in it, and a gateway to it that logs into `logged`. */
export async function openSandbox(options: { readTimeoutMs?: number; writeTimeoutMs?: number } = {}) {
  const sandbox = await startSandbox({
    port: 0,
    host: "127.0.0.1",
    workspaceFolder: fileURLToPath(new URL("../../src/sandbox/workspace", import.meta.url)),
    stateFile: null,
    clock: () => new Date(),
    shiftToNow: true,
  });
  const logged: string[] = [];
  const log = (fields: Record<string, unknown>, message: string) => {
    logged.push(JSON.stringify({ ...fields, message }));
  };
  const gateway = createScalekitGateway({
    environmentUrl: sandbox.url,
    clientId: sandbox.clientId,
    clientSecret: sandbox.clientSecret,
    connection: sandbox.connection,
    readTimeoutMs: 10_000,
    writeTimeoutMs: 10_000,
    policy,
    log: { debug: log, warn: log },
    ...options,
  });
  return { ...sandbox, gateway, logged };
}

export type OpenSandbox = Awaited<ReturnType<typeof openSandbox>>;

/** The caller a teammate of the example company is, by the first part of their address. */
export async function callerOf(gateway: ToolGateway, name: string): Promise<Caller> {
  const identifier = `${name}@quillbook.example`;
  const account = await gateway.findAccount(identifier);
  if (account.kind !== "ok" || account.value === null) throw new Error(`${identifier} has no account`);
  return { identifier, connectedAccountId: account.value.id };
}
