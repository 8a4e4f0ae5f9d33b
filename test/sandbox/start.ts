import { ScalekitClient } from "@scalekit-sdk/node";
import { z } from "zod";
import { startSandbox } from "../../src/sandbox/sandbox.ts";
import type { Sandbox, SandboxOptions } from "../../src/sandbox/sandbox.ts";

export const ADA = "ada@tiny.example";
export const BEN = "ben@tiny.example";
export const CLEO = "cleo@tiny.example";
export const DOV = "dov@tiny.example";

export const fixtureFolder = new URL("./fixture-workspace", import.meta.url).pathname;

const JsonObject = z.record(z.string(), z.unknown());

export interface TestSandbox {
  sandbox: Sandbox;
  /** The stock client. */
  client: ScalekitClient;
  /** Executes a tool as a teammate through the stock client; Ada when nobody is named. */
  run: (
    tool: string,
    params?: Record<string, unknown>,
    identifier?: string,
  ) => Promise<Record<string, unknown>>;
  /** The error an execution ends with. Fails when it does not end with one. */
  refusal: (tool: string, params?: Record<string, unknown>, identifier?: string) => Promise<Refusal>;
}

/** An SDK error, reduced to what tests look at. */
export interface Refusal {
  kind: string;
  httpStatus: unknown;
  errorCode: unknown;
  toolErrorCode: unknown;
  toolErrorMessage: string;
  executionId: unknown;
  message: string;
}

/** Starts a sandbox with the small workspace, as it is at noon of 2 March 2026, and a stock client. */
export async function openTestSandbox(options: Partial<SandboxOptions> = {}): Promise<TestSandbox> {
  const sandbox = await startSandbox({
    port: 0,
    host: "127.0.0.1",
    workspaceFolder: fixtureFolder,
    stateFile: null,
    clock: () => new Date(),
    shiftToNow: true,
    ...options,
  });
  const client = newClient(sandbox);
  const run: TestSandbox["run"] = async (tool, params = {}, identifier = ADA) => {
    const name = tool.startsWith("intercom_") ? tool : `intercom_${tool}`;
    const answer = await client.actions.executeTool({
      toolName: name,
      toolInput: params,
      identifier,
      connector: sandbox.connection,
    });
    return JsonObject.parse(answer.data);
  };
  const refusal: TestSandbox["refusal"] = async (tool, params, identifier) => {
    const outcome = await run(tool, params, identifier).then(
      () => null,
      (error: unknown) => error,
    );
    if (outcome === null) throw new Error(`${tool} was expected to be refused`);
    return refusalOf(outcome);
  };
  return { sandbox, client, run, refusal };
}

export function newClient(sandbox: Sandbox, toolTimeoutMs = 10_000): ScalekitClient {
  return new ScalekitClient(sandbox.url, sandbox.clientId, sandbox.clientSecret, { toolTimeoutMs });
}

export function refusalOf(error: unknown): Refusal {
  if (!(error instanceof Error)) throw new Error("an error was expected");
  // The SDK's errors keep their fields behind getters.
  const field = (name: string): unknown => Reflect.get(error, name);
  return {
    kind: error.constructor.name,
    httpStatus: field("httpStatus"),
    errorCode: field("errorCode"),
    toolErrorCode: field("toolErrorCode"),
    toolErrorMessage: String(field("toolErrorMessage")),
    executionId: field("executionId"),
    message: error.message,
  };
}

/** What stands at a path: `tags.0.name`; -1 is the last of a list, and `*` gives what stands there in each of it. */
export function pick(value: unknown, path: string): unknown {
  const [key = "", ...rest] = path.split(".");
  if (path === "") return value;
  if (Array.isArray(value)) {
    const items: unknown[] = value;
    if (key === "*") return items.map((item) => pick(item, rest.join(".")));
    return pick(items.at(Number(key)), rest.join("."));
  }
  return pick(JsonObject.parse(value)[key], rest.join("."));
}

/** The same for a list of texts. */
export function pickTexts(value: unknown, path: string): string[] {
  return z.array(z.string()).parse(pick(value, path));
}

/** A request to `/sandbox/*` with the control key. */
export function control(sandbox: Sandbox, method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(`${sandbox.url}/sandbox${path}`, {
    method,
    headers: { "x-sandbox-key": sandbox.controlKey, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}
