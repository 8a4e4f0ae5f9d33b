import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { setServerLogging, type Config } from "../config.ts";
import { OperatorError } from "../domain/errors.ts";
import { corsFor } from "../identity/origins.ts";
import { GRAPH } from "../runs/client.ts";

export interface RunningServer {
  url: string;
  /** Writes the threads to disk and stops listening. */
  stop(): Promise<void>;
}

const project = resolve(import.meta.dirname, "..", "..");

/**
 * Starts the LangGraph server in this process, with our graph, authentication and routes, as langgraph.json names
 * them. Its threads live in the data folder. Takes the next free port when the configured one is busy.
 */
export async function startLangGraphServer({ environment, origins }: Config): Promise<RunningServer> {
  setServerLogging(environment.COUNTERSIGN_LOG_LEVEL);
  const { startServer } = await import("@langchain/langgraph-api/server");
  const host = environment.COUNTERSIGN_HOST;
  const port = await freePort(host, environment.COUNTERSIGN_PORT);
  const server = await startServer({
    port,
    host,
    nWorkers: 24,
    cwd: resolve(environment.COUNTERSIGN_DATA),
    graphs: { [GRAPH]: `${join(project, "graphs", "support.ts")}:support` },
    auth: { path: `${join(project, "src", "web", "auth.ts")}:auth`, disable_studio_auth: true },
    http: {
      app: `${join(project, "src", "web", "app.ts")}:app`,
      cors: corsFor(origins),
      disable_assistants: false,
      disable_threads: false,
      disable_runs: false,
      disable_store: true,
      disable_meta: false,
    },
  });
  const boundPort = server.host.slice(server.host.lastIndexOf(":") + 1);
  const name = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return { url: `http://${name}:${boundPort}`, stop: () => server.cleanup() };
}

/** The wanted port or one of the next twenty; 0 stays 0. */
async function freePort(host: string, wanted: number): Promise<number> {
  if (wanted === 0) return 0;
  for (let port = wanted; port < wanted + 20; port += 1) {
    if (await isFree(host, port)) return port;
  }
  throw new OperatorError(
    "port_busy",
    `The ports ${wanted} to ${wanted + 19} are all in use.`,
    "Set COUNTERSIGN_PORT to a free one, or to 0 for any.",
  );
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolved) => {
    const probe = createServer();
    probe.once("error", () => {
      resolved(false);
    });
    probe.listen(port, host, () => {
      probe.close(() => {
        resolved(true);
      });
    });
  });
}
