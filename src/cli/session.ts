import { resolve } from "node:path";
import { z } from "zod";
import { readConfig } from "../config.ts";
import { CallerError, OperatorError, VendorError } from "../domain/errors.ts";
import type { Server } from "../runs/client.ts";
import type { Output } from "./output.ts";
import { readServerFile, type ServerFile } from "./server-file.ts";

/** The options every command takes. */
export interface GlobalOptions {
  json?: boolean;
  as?: string;
  url?: string;
  token?: string;
}

/** A command's way to the running server, in one teammate's name. */
export interface Session extends Server {
  get<T>(path: string, schema: z.ZodType<T>): Promise<T>;
  /** Events of a long answer, one JSON object a line. */
  events<T>(path: string, schema: z.ZodType<T>): AsyncGenerator<T>;
}

const Problem = z.object({ code: z.string(), message: z.string(), next: z.string() });

/** Finds the server and the caller's token. Throws when there is none, saying how to get one. */
export async function openSession(options: GlobalOptions): Promise<Session> {
  const { environment } = readConfig();
  const running = await readServerFile(resolve(environment.COUNTERSIGN_DATA));
  const url = options.url ?? environment.COUNTERSIGN_URL ?? running?.url;
  if (url === undefined) throw noServer();
  const token =
    options.token ??
    (options.as === undefined ? environment.COUNTERSIGN_TOKEN : undefined) ??
    developmentToken(running, options.as);
  const request = (path: string, init: RequestInit = {}) =>
    call(url, path, { ...init, headers: { authorization: `Bearer ${token}` } });
  return {
    url,
    token: () => token,
    get: async (path, schema) => schema.parse(await (await request(path)).json()),
    events: (path, schema) => linesOf(() => request(path, { method: "POST" }), schema),
  };
}

/** The same, or null when no server runs from the data folder and none is named: for what can be read without one. */
export async function openSessionIfRunning(options: GlobalOptions): Promise<Session | null> {
  const { environment } = readConfig();
  const named = options.url ?? environment.COUNTERSIGN_URL;
  const running = await readServerFile(resolve(environment.COUNTERSIGN_DATA));
  return named === undefined && running === null ? null : await openSession(options);
}

/** A call for the operator of the server that runs from the data folder; null when none runs there. */
export async function callAsOperator<T>(
  path: string,
  schema: z.ZodType<T>,
  body?: unknown,
): Promise<T | null> {
  const running = await readServerFile(resolve(readConfig().environment.COUNTERSIGN_DATA));
  if (running === null) return null;
  const response = await call(running.url, path, {
    method: body === undefined ? "GET" : "POST",
    headers: { "x-countersign-operator": running.operatorKey, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return schema.parse(await response.json());
}

async function call(url: string, path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(new URL(path, url), init);
  } catch (error) {
    throw new VendorError(
      "server_unreachable",
      `The server at ${url} does not answer.`,
      "Start it with npm start.",
      {
        cause: error,
      },
    );
  }
  if (response.ok) return response;
  const problem = Problem.safeParse(await response.json().catch(() => null));
  if (problem.success) throw new CallerError(problem.data.code, problem.data.message, problem.data.next);
  throw new CallerError(
    `http_${response.status}`,
    `The server at ${url} answered ${response.status}.`,
    "Check the address: it must be that of a Countersign server.",
  );
}

async function* linesOf<T>(request: () => Promise<Response>, schema: z.ZodType<T>): AsyncGenerator<T> {
  const { body } = await request();
  let rest = "";
  for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield eventIn(line, schema);
  }
}

function eventIn<T>(line: string, schema: z.ZodType<T>): T {
  const value: unknown = JSON.parse(line);
  const failed = Problem.extend({ type: z.literal("error") }).safeParse(value);
  if (failed.success) throw new VendorError(failed.data.code, failed.data.message, failed.data.next);
  return schema.parse(value);
}

function developmentToken(running: ServerFile | null, as: string | undefined): string {
  const development = running?.development;
  if (!development) {
    throw new CallerError(
      "token_missing",
      "There is no token to call the server with.",
      "Set COUNTERSIGN_TOKEN, or make one: countersign token create <identifier>",
    );
  }
  const wanted = as ?? development.teammate;
  const identifiers = Object.keys(development.tokens);
  const match = identifiers.filter((identifier) => identifier === wanted || identifier.startsWith(wanted));
  const token = match.length === 1 && match[0] !== undefined ? development.tokens[match[0]] : undefined;
  if (token !== undefined) return token;
  throw new CallerError(
    "teammate_unknown",
    `"${wanted}" is not one of the sandbox's teammates.`,
    `Choose one of: ${identifiers.join(", ")}`,
  );
}

function noServer(): OperatorError {
  return new OperatorError(
    "server_not_running",
    "No Countersign server is running from this folder.",
    "Start one in another terminal with npm start, or set COUNTERSIGN_URL.",
  );
}

/** What a command is given besides its own arguments. */
export interface CommandContext {
  options: GlobalOptions;
  output: Output;
}
