import { setTimeout as pause } from "node:timers/promises";
import { Client } from "langsmith";
import type { Environment } from "../../src/config.ts";
import { OperatorError, VendorError, type CountersignError } from "../../src/domain/errors.ts";

/** LangSmith, as long as it answers. */
export interface Connection {
  client: Client;
  /**
   * Does the work and throws what really went wrong, with what to do. The SDK writes many failures to the console and
   * goes on: one that happened during the work is thrown here, however the work ended.
   */
  ask: <T>(work: () => Promise<T>) => Promise<T>;
}

export interface ConnectionOptions {
  environment: Environment;
  signal?: AbortSignal | undefined;
  /** Pause before the second attempt, in milliseconds; the third waits three times as long. */
  pauseMs?: number;
  /** Longest wait for one answer, in milliseconds. */
  timeoutMs?: number;
}

const ATTEMPTS = 3;
const LONGEST_PAUSE_MS = 10_000;
const DEFAULT_ENDPOINT = "https://api.smith.langchain.com";

/**
 * Opens a connection to LangSmith with the key of the settings. Throws an OperatorError when there is none. Sends nothing
 * yet. Three attempts for what may pass, and none after something has failed: the SDK's own would take minutes.
 */
export function connectLangSmith(options: ConnectionOptions): Connection {
  const { LANGSMITH_API_KEY: apiKey, LANGSMITH_ENDPOINT, LANGSMITH_WORKSPACE_ID } = options.environment;
  if (apiKey === undefined) {
    throw new OperatorError(
      "langsmith_key_missing",
      "There is no LangSmith key, so nothing was sent and nothing left this machine.",
      "Make a key in LangSmith (Settings, API keys) and set LANGSMITH_API_KEY in the environment or in .env. Outside the United States also LANGSMITH_ENDPOINT.",
    );
  }
  const apiUrl = LANGSMITH_ENDPOINT ?? DEFAULT_ENDPOINT;
  const line = openLine({ ...options, host: new URL(apiUrl).host });
  const client = new DiscreetClient({
    apiKey,
    apiUrl,
    ...(LANGSMITH_WORKSPACE_ID !== undefined && { workspaceId: LANGSMITH_WORKSPACE_ID }),
    fetchImplementation: line.fetch,
    callerOptions: { maxConcurrency: 8 },
    tracingMode: "langsmith",
    tracingSamplingRate: 1,
    omitTracedRuntimeInfo: true,
  });
  return {
    client,
    ask: async (work) => {
      const outcome = await work().then(
        (result) => ({ result }),
        (error: unknown) => ({ error }),
      );
      const failure = line.failure();
      if (failure) throw failure;
      if ("error" in outcome) throw outcome.error;
      return outcome.result;
    },
  };
}

type Metadata = Parameters<Client["createProject"]>[0]["metadata"];

/** The SDK adds who committed last, with their e-mail address, and where from. That is nobody's business. */
class DiscreetClient extends Client {
  override createProject(given: Parameters<Client["createProject"]>[0]) {
    return super.createProject({ ...given, metadata: withoutGit(given.metadata) });
  }

  override updateProject(id: string, given: Parameters<Client["updateProject"]>[1]) {
    return super.updateProject(id, { ...given, metadata: withoutGit(given.metadata) });
  }
}

function withoutGit(metadata: Metadata): NonNullable<Metadata> {
  return Object.fromEntries(Object.entries(metadata ?? {}).filter(([name]) => name !== "git"));
}

/** A `fetch` that gives up in seconds and remembers why. */
function openLine({ host, signal, pauseMs = 500, timeoutMs = 20_000 }: ConnectionOptions & { host: string }) {
  let failure: CountersignError | null = null;
  const giveUp = (error: CountersignError): never => {
    failure ??= error;
    // The SDK makes no further attempt of a call whose message begins so.
    throw new Error(`AbortError: ${failure.message}`);
  };
  const attempt = async (input: Parameters<typeof fetch>[0], init: RequestInit): Promise<Response | null> => {
    try {
      const signals = [AbortSignal.timeout(timeoutMs), signal, init.signal].flatMap((one) => one ?? []);
      return await fetch(input, { ...init, signal: AbortSignal.any(signals) });
    } catch {
      signal?.throwIfAborted();
      return null;
    }
  };
  const bounded: typeof fetch = async (input, init = {}) => {
    if (failure) return giveUp(failure);
    // A stream can be sent once only.
    const body =
      init.body instanceof ReadableStream ? await new Response(init.body).arrayBuffer() : init.body;
    const request: RequestInit = { ...init, ...(body != null && { body }) };
    for (let made = 1; ; made += 1) {
      const response = await attempt(input, request);
      if (response && !mayPass(response)) {
        failure ??= await refusalOf(response, host);
        return response;
      }
      if (made === ATTEMPTS) return giveUp(response ? busy(response, host) : unreachable(host));
      await pause(waitOf(response) ?? pauseMs * 3 ** (made - 1), undefined, { ...(signal && { signal }) });
    }
  };
  return { fetch: bounded, failure: () => failure };
}

function mayPass({ status }: Response): boolean {
  return status === 429 || status >= 500;
}

/** What LangSmith asks to be waited for, within reason. */
function waitOf(response: Response | null): number | null {
  const seconds = Number(response?.headers.get("retry-after") ?? Number.NaN);
  return Number.isNaN(seconds) ? null : Math.min(seconds * 1000, LONGEST_PAUSE_MS);
}

/** An answer that ends the work; null for a good one, and for those the SDK asks for: not there, and there already. */
async function refusalOf(response: Response, host: string): Promise<CountersignError | null> {
  const { status } = response;
  if (response.ok || status === 404 || status === 409) return null;
  if (status === 401 || status === 403) {
    return new OperatorError(
      "langsmith_key_refused",
      `LangSmith at ${host} does not accept the key (${status}).`,
      "Check LANGSMITH_API_KEY, and that the key belongs to this LangSmith: LANGSMITH_ENDPOINT names another region or a server of your own. A key of a whole organisation needs LANGSMITH_WORKSPACE_ID too.",
    );
  }
  const said = (await response.clone().text()).replace(/\s+/g, " ").slice(0, 200);
  return new VendorError(
    "langsmith_refused",
    `LangSmith at ${host} does not take what was sent (${status}): ${said}`,
    "Check that LANGSMITH_ENDPOINT is LangSmith's API and up to date; report it with this message otherwise.",
  );
}

function busy({ status }: Response, host: string): VendorError {
  return new VendorError(
    "langsmith_unavailable",
    `LangSmith at ${host} failed ${ATTEMPTS} times in a row (${status}).`,
    "Try again later: the same command with --resume sends what was played without playing it again.",
  );
}

function unreachable(host: string): VendorError {
  return new VendorError(
    "langsmith_unreachable",
    `LangSmith at ${host} cannot be reached, or does not answer.`,
    "Check the network and LANGSMITH_ENDPOINT, then try again: with --resume nothing that was played is played again.",
  );
}
