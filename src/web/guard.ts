import type { AuthContext } from "@langchain/langgraph-api/auth";
import type { StorageEnv } from "@langchain/langgraph-api/storage";
import type { Context, MiddlewareHandler, Next } from "hono";
import { HTTPException } from "hono/http-exception";
import { Principal } from "../domain/teammate.ts";
import { admitToCommands } from "../identity/admission.ts";
import { judgeAssistant } from "../identity/assistant-rules.ts";
import type { PermittedBody } from "../identity/body-rules.ts";
import { judgeCommandBody, judgeRunBody, judgeThreadBody } from "../identity/body-rules.ts";
import type { Refused } from "../identity/refused.ts";
import {
  isRefused,
  nobody,
  refusalBody,
  refusalHeaders,
  refuse,
  routeClosed,
  threadBusy,
} from "../identity/refused.ts";
import type { RouteMatch } from "../identity/route-rules.ts";
import { matchRoute } from "../identity/route-rules.ts";
import type { IdentitySettings } from "../identity/settings.ts";
import { isDerivedThreadId } from "../identity/thread-rules.ts";
import type { ThreadLock } from "../identity/thread-lock.ts";
import { createThreadLock } from "../identity/thread-lock.ts";

/** What the LangGraph server leaves in the context before it calls our application. */
interface ServerContext {
  Variables: StorageEnv["Variables"] & { auth?: AuthContext };
}

/** One request to the server, with all that its checks need. */
interface Visit {
  context: Context<ServerContext>;
  auth: AuthContext;
  principal: Principal;
  settings: IdentitySettings;
  match: Extract<RouteMatch, { kind: "open" }>;
}

/**
 * Stands before every route of the LangGraph server and of our own: the first middleware of the application. Passes on
 * only open routes, only for an authenticated caller, and only what the server's own rules are not asked about: whose
 * thread a command is for, whose run is listened to, what a body really asks.
 */
export function guard(open: () => Promise<IdentitySettings>): MiddlewareHandler {
  const lock = createThreadLock();
  return async (context: Context<ServerContext>, next) => {
    const match = matchRoute(context.req.method, context.req.path);
    if (match.kind === "closed") return answer(closedRoute(context.req.path));
    // The server itself answers this one to anybody, before it knows who asks.
    if (match.kind === "open" && match.route.path === "/info") return next();

    const settings = await open();
    const auth = context.get("auth");
    const principal = Principal.safeParse(auth?.user);
    if (!auth || !principal.success) {
      const isPublic = match.kind === "ours" && settings.publicPaths.includes(context.req.path);
      return isPublic ? next() : answer(nobody);
    }
    if (match.kind === "ours") return next();
    if (!match.route.open.includes(principal.data.kind)) return answer(closedRoute(context.req.path));
    return passOn({ context, auth, principal: principal.data, settings, match }, lock, next);
  };
}

/** Runs start one at a time on a thread: between the check of an answer and its run, nothing else may start. */
function passOn(visit: Visit, lock: ThreadLock, next: Next): Promise<Response | undefined> {
  const { check } = visit.match.route;
  const work = async () => {
    const refused = await refusalOf(visit);
    if (refused) return answer(refused);
    await next();
    return undefined;
  };
  return check === "run" || check === "command" ? lock(threadOf(visit), work) : work();
}

async function refusalOf(visit: Visit): Promise<Refused | null> {
  const { principal, settings, match } = visit;
  switch (match.route.check) {
    case "none":
      return null;
    case "assistant": {
      const body = await readBody(visit);
      const judged = isRefused(body) ? body : judgeAssistant(principal, settings.graphs, body.json);
      return isRefused(judged) ? judged : null;
    }
    case "thread":
      return rewriteBody(visit, judgeThreadBody);
    case "run":
      return rewriteBody(visit, (body) => judgeRunBody(principal, settings, body));
    case "command":
      return (
        (await refuseForeignThread(visit)) ??
        (await rewriteBody(visit, (body) => judgeCommandBody(principal, settings, body)))
      );
    case "events":
      return refuseForeignThread(visit);
    case "run_of_thread":
      return refuseForeignRun(visit);
  }
}

/** Gives the server the permitted body instead of the sent one, and none of the sent headers, which runs would keep. */
async function rewriteBody(
  visit: Visit,
  judge: (body: unknown) => PermittedBody | Refused,
): Promise<Refused | null> {
  const sent = await readBody(visit);
  const judged = isRefused(sent) ? sent : judge(sent.json);
  if (isRefused(judged)) return judged;
  const refused = judged.starts ? await refuseStart(visit, judged) : null;
  if (refused) return refused;
  const { req } = visit.context;
  req.raw = new Request(req.raw.url, {
    method: req.raw.method,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(judged.body),
  });
  req.bodyCache = {};
  return null;
}

/** A run starts on an existing or a newly made thread of the caller's, that is free, with an assistant of ours. */
async function refuseStart(visit: Visit, { assistant, body }: PermittedBody): Promise<Refused | null> {
  const threadId = threadOf(visit);
  const { auth, settings } = visit;
  const { assistants } = visit.context.get("LANGGRAPH_OPS");
  if (assistant !== null && !settings.graphs.includes(assistant)) {
    const found = await findOrNull(() => assistants.get(assistant, auth));
    if (!found || !settings.graphs.includes(found.graph_id)) return assistantUnknown;
  }
  const creates = body.if_not_exists === "create" && !isDerivedThreadId(threadId);
  if (!creates && !(await findThread(visit))) return threadUnknown;
  return (await isBusy(visit, threadId)) ? threadBusy : null;
}

/**
 * The server remembers for each thread the first caller of its command routes, and lets everybody act as them. So only
 * the owner gets there, and a thread that does not exist yet is made first, in the caller's name.
 */
async function refuseForeignThread(visit: Visit): Promise<Refused | null> {
  const threadId = threadOf(visit);
  const { threads } = visit.context.get("LANGGRAPH_OPS");
  if (!(await findThread(visit))) {
    if (isDerivedThreadId(threadId)) return threadUnknown;
    const made = await findOrNull(() => threads.put(threadId, { if_exists: "do_nothing" }, visit.auth));
    if (!made) return threadUnknown;
  }
  admitToCommands(visit.auth.user, (thread) => isBusy(visit, thread));
  return null;
}

/** The server checks whose the thread in the path is, and then streams whatever run the path names. */
async function refuseForeignRun(visit: Visit): Promise<Refused | null> {
  if (!(await findThread(visit))) return threadUnknown;
  const { runs } = visit.context.get("LANGGRAPH_OPS");
  const runId = visit.match.parameters.run ?? "";
  return (await runs.get(runId, threadOf(visit), visit.auth)) ? null : runUnknown;
}

function findThread({ context, auth, match }: Visit) {
  const { threads } = context.get("LANGGRAPH_OPS");
  return findOrNull(() => threads.get(match.parameters.thread ?? "", auth));
}

async function isBusy({ context }: Visit, threadId: string): Promise<boolean> {
  const { runs } = context.get("LANGGRAPH_OPS");
  const found = await Promise.all(
    ["pending", "running"].map((status) => runs.search(threadId, { status, limit: 1 }, undefined)),
  );
  return found.flat().length > 0;
}

/** What the server finds, or null when it says that there is none, or none for this caller. */
async function findOrNull<Found>(find: () => Promise<Found>): Promise<Found | null> {
  try {
    return await find();
  } catch (error) {
    if (error instanceof HTTPException && (error.status === 404 || error.status === 409)) return null;
    throw error;
  }
}

async function readBody({ context }: Visit): Promise<{ kind: "json"; json: unknown } | Refused> {
  const text = await context.req.text();
  try {
    return { kind: "json", json: text.trim() === "" ? {} : JSON.parse(text) };
  } catch {
    return refuse(400, "json_invalid", "The body is not JSON.", "Send a JSON object.");
  }
}

function threadOf({ match }: Visit): string {
  return match.parameters.thread ?? "";
}

function answer(refused: Refused): Response {
  return new Response(refusalBody(refused), { status: refused.status, headers: refusalHeaders(refused) });
}

function closedRoute(path: string): Refused {
  return path.startsWith("/ui") ? pageUnknown : routeClosed;
}

const pageUnknown = refuse(
  404,
  "page_unknown",
  "There is no such page.",
  "Open the server's address itself.",
);
const threadUnknown = refuse(
  404,
  "thread_unknown",
  "You have no such thread.",
  "Create a thread, and use the id it gets.",
);
const runUnknown = refuse(404, "run_unknown", "The thread has no such run.", "List the thread's runs.");
const assistantUnknown = refuse(
  404,
  "assistant_unknown",
  "There is no such assistant.",
  "Search the assistants for one.",
);
