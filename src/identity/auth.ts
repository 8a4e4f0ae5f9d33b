import { Auth, HTTPException } from "@langchain/langgraph-sdk/auth";
import { getPath } from "hono/utils/url";
import { Principal } from "../domain/teammate.ts";
import { isAdmitted } from "./admission.ts";
import { judgeAssistant } from "./assistant-rules.ts";
import { identify } from "./identify.ts";
import type { Refused } from "./refused.ts";
import {
  isRefused,
  nobody,
  refusalBody,
  refusalHeaders,
  refuse,
  routeClosed,
  threadBusy,
} from "./refused.ts";
import { matchRoute } from "./route-rules.ts";
import { judgeRun, stampRun } from "./run-rules.ts";
import type { IdentitySettings } from "./settings.ts";
import type { PermittedThread } from "./thread-rules.ts";
import {
  isDerivedThreadId,
  judgeDeletion,
  judgeThreadCreation,
  judgeThreadRead,
  judgeThreadUpdate,
} from "./thread-rules.ts";

/** Who a public page is answered to. No rule lets this identity do anything. */
const anonymous = { identity: "anonymous", kind: "anonymous", permissions: [], is_authenticated: false };

/**
 * The LangGraph server's door and its rules: who may call, and what a caller may ask. Needs `disable_studio_auth` in the
 * server's settings, and `createGuard` as its first middleware for what the server does not ask these rules about.
 */
export function createAuth(open: () => Promise<IdentitySettings>): Auth {
  const auth = new Auth();

  auth.authenticate(async (request) => admit(request, await open()));

  auth.on("threads:create_run", async ({ user, value }) => {
    const principal = principalFrom(user);
    const settings = await open();
    const { thread_id: threadId, kwargs } = value;
    if (threadId == null) throw refusal(statelessRun);
    if (principal.kind === "teammate" && value.if_not_exists === "create" && isDerivedThreadId(threadId)) {
      throw refusal(reservedThread);
    }
    const run = permitted(judgeRun(principal, settings, { ...kwargs, after_seconds: value.after_seconds }));
    // The server queues these behind a running one, whatever the client asks for: the answer would meet another review.
    if (value.prevent_insert_if_inflight !== true && !(await isAdmitted(user, threadId))) {
      throw refusal(threadBusy);
    }
    if (run.resume) {
      const answer = await settings.checkAnswer(principal, threadId, run.resume.value);
      if (answer) throw refusal(refuse(answer.status ?? 422, answer.code, answer.message, answer.next));
    }
    stampRun(kwargs, run, user);
    const kept = principal.kind === "dispatcher" ? value.metadata : {};
    value.metadata = { ...kept, owner: principal.identity };
    return ownedBy(principal.identity);
  });

  auth.on("threads:create", async ({ user, value }) => {
    const { graphs } = await open();
    const creation = permitted(judgeThreadCreation(principalFrom(user), graphs, value));
    value.metadata = creation.metadata;
    return ownedBy(creation.metadata.owner);
  });
  auth.on("threads:read", ({ user }) => scopeOf(judgeThreadRead(principalFrom(user))));
  auth.on("threads:search", ({ user }) => scopeOf(judgeThreadRead(principalFrom(user))));
  auth.on("threads:update", ({ user, value }) => scopeOf(judgeThreadUpdate(principalFrom(user), value)));
  auth.on("threads:delete", ({ user }) => scopeOf(judgeDeletion(principalFrom(user))));

  auth.on(["assistants:read", "assistants:search"], ({ user }) => {
    principalFrom(user);
    return true;
  });
  auth.on(["assistants:create", "assistants:update"], async ({ user, value }) => {
    const { graphs } = await open();
    const { owner } = permitted(judgeAssistant(principalFrom(user), graphs, value));
    value.metadata = { owner };
    return ownedBy(owner);
  });

  auth.on("*", () => {
    throw refusal(routeClosed);
  });
  return auth;
}

async function admit(request: Request, settings: IdentitySettings) {
  const path = getPath(request);
  const match = matchRoute(request.method, path);
  if (match.kind === "closed") throw refusal(routeClosed);
  const caller = await identify(request, settings);
  if (caller.kind === "refused") {
    if (match.kind === "ours" && settings.publicPaths.includes(path)) return anonymous;
    throw refusal(caller);
  }
  if (match.kind === "open" && !match.route.open.includes(caller.kind)) throw refusal(routeClosed);
  return { ...caller, display_name: caller.identity, permissions: [], is_authenticated: true };
}

/** Reads back who was authenticated. Anonymous, or anything unexpected, is nobody. */
function principalFrom(user: unknown): Principal {
  const parsed = Principal.safeParse(user);
  if (parsed.success) return parsed.data;
  throw refusal(nobody);
}

function scopeOf(judged: PermittedThread | Refused): boolean | Record<"owner", string> {
  const { owner } = permitted(judged);
  return owner === null ? true : ownedBy(owner);
}

/** The server's filter: only what carries this owner in its metadata. */
function ownedBy(owner: string): Record<"owner", string> {
  return { owner };
}

function permitted<Judged extends { kind: string }>(judged: Judged | Refused): Judged {
  if (isRefused(judged)) throw refusal(judged);
  return judged;
}

function refusal(refused: Refused): HTTPException {
  return new HTTPException(refused.status, {
    message: refusalBody(refused),
    headers: refusalHeaders(refused),
  });
}

const statelessRun = refuse(
  403,
  "run_without_thread",
  "Every run is on a thread.",
  "Create a thread, and start the run on it.",
);
const reservedThread = refuse(
  403,
  "thread_id_reserved",
  "Thread ids of version 5 belong to the desk's conversations.",
  "Create a thread with a random id, or leave the id out.",
);
