import type { Principal } from "../domain/teammate.ts";

/** What is checked before the LangGraph server sees a request. */
export type RouteCheck =
  | "none"
  /** The body makes or changes an assistant. */
  | "assistant"
  /** The body makes a thread. */
  | "thread"
  /** The body starts a run on a thread. */
  | "run"
  /** The run in the path must be one of the thread in the path. */
  | "run_of_thread"
  /** The body is a command to a thread. */
  | "command"
  /** The caller listens to a thread. */
  | "events";

/** A route of the LangGraph server that is open to these kinds of callers. */
export interface OpenRoute {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  path: string;
  open: readonly Principal["kind"][];
  check: RouteCheck;
}

const all = ["teammate", "dispatcher"] as const;
const teammate = ["teammate"] as const;
const dispatcher = ["dispatcher"] as const;

/** Every route of the LangGraph server that anybody may use. What is not here is refused, new routes included. */
export const openRoutes: readonly OpenRoute[] = [
  { method: "GET", path: "/info", open: all, check: "none" },
  { method: "GET", path: "/ok", open: all, check: "none" },

  { method: "POST", path: "/assistants", open: teammate, check: "assistant" },
  { method: "POST", path: "/assistants/search", open: all, check: "none" },
  { method: "POST", path: "/assistants/count", open: all, check: "none" },
  { method: "GET", path: "/assistants/:assistant", open: all, check: "none" },
  { method: "PATCH", path: "/assistants/:assistant", open: teammate, check: "assistant" },
  { method: "GET", path: "/assistants/:assistant/graph", open: all, check: "none" },
  { method: "GET", path: "/assistants/:assistant/schemas", open: all, check: "none" },
  { method: "GET", path: "/assistants/:assistant/subgraphs", open: all, check: "none" },
  { method: "GET", path: "/assistants/:assistant/subgraphs/:namespace", open: all, check: "none" },
  { method: "POST", path: "/assistants/:assistant/latest", open: teammate, check: "none" },
  { method: "POST", path: "/assistants/:assistant/versions", open: all, check: "none" },

  { method: "POST", path: "/threads", open: all, check: "thread" },
  { method: "POST", path: "/threads/search", open: all, check: "none" },
  { method: "POST", path: "/threads/count", open: all, check: "none" },
  { method: "GET", path: "/threads/:thread", open: all, check: "none" },
  { method: "DELETE", path: "/threads/:thread", open: dispatcher, check: "none" },
  { method: "GET", path: "/threads/:thread/state", open: all, check: "none" },
  { method: "GET", path: "/threads/:thread/state/:checkpoint", open: all, check: "none" },
  { method: "POST", path: "/threads/:thread/state/checkpoint", open: all, check: "none" },
  { method: "GET", path: "/threads/:thread/history", open: all, check: "none" },
  { method: "POST", path: "/threads/:thread/history", open: all, check: "none" },

  { method: "GET", path: "/threads/:thread/runs", open: all, check: "none" },
  { method: "POST", path: "/threads/:thread/runs", open: all, check: "run" },
  { method: "POST", path: "/threads/:thread/runs/stream", open: all, check: "run" },
  { method: "POST", path: "/threads/:thread/runs/wait", open: all, check: "run" },
  { method: "GET", path: "/threads/:thread/runs/:run", open: all, check: "none" },
  { method: "DELETE", path: "/threads/:thread/runs/:run", open: dispatcher, check: "none" },
  { method: "GET", path: "/threads/:thread/runs/:run/join", open: all, check: "run_of_thread" },
  { method: "GET", path: "/threads/:thread/runs/:run/stream", open: all, check: "run_of_thread" },
  { method: "POST", path: "/threads/:thread/runs/:run/cancel", open: all, check: "run_of_thread" },

  { method: "POST", path: "/threads/:thread/commands", open: teammate, check: "command" },
  { method: "POST", path: "/threads/:thread/stream/events", open: teammate, check: "events" },
  { method: "GET", path: "/threads/:thread/stream/events", open: teammate, check: "events" },
];

/** Paths of the LangGraph server's own: everything at or below these is its, open or not. */
const serverFolders = ["assistants", "threads", "runs", "store", "internal", "info", "ok"];

export type RouteMatch =
  | { kind: "open"; route: OpenRoute; parameters: Readonly<Record<string, string>> }
  | { kind: "closed" }
  | { kind: "ours" };

/**
 * Which route of the LangGraph server a request is for. `closed` is refused to everybody; `ours` is not the server's, so
 * our own pages answer it. Everything that starts with `/ui` is closed: the server lets it through unauthenticated.
 */
export function matchRoute(method: string, path: string): RouteMatch {
  const asked = method === "HEAD" ? "GET" : method;
  for (const route of openRoutes) {
    const parameters = route.method === asked ? parametersOf(route.path, path) : null;
    if (parameters) return { kind: "open", route, parameters };
  }
  return isServerPath(path) ? { kind: "closed" } : { kind: "ours" };
}

/** True for a path the server would answer itself, however it is written. */
export function isServerPath(path: string): boolean {
  const plain = decodeFully(path)
    .toLowerCase()
    .replace(/[\\/]+/g, "/");
  if (plain.startsWith("/ui")) return true;
  return serverFolders.includes(plain.split("/")[1] ?? "");
}

function parametersOf(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return null;
  const parameters: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? "";
    if (!segment.startsWith(":")) {
      if (segment !== value) return null;
      continue;
    }
    const name = segment.slice(1);
    if (!isParameter(name, value)) return null;
    parameters[name] = value;
  }
  return parameters;
}

/** Threads, runs and checkpoints have UUIDs; an assistant may also be named by its graph. */
function isParameter(name: string, value: string): boolean {
  if (name === "assistant" || name === "namespace") return /^[\w.:|-]+$/.test(value);
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);
}

function decodeFully(path: string): string {
  let text = path;
  for (let round = 0; round < 4; round += 1) {
    try {
      const decoded = decodeURIComponent(text);
      if (decoded === text) return text;
      text = decoded;
    } catch {
      return text;
    }
  }
  return text;
}
