import type { Connection as KnownConnection } from "../../domain/connection.ts";
import type { Answer } from "../../domain/decision.ts";
import type {
  ConnectionLink,
  ListedReview,
  Problem,
  Progress,
  ReviewCounts,
  ReviewList,
  ReviewPage,
} from "../api.ts";
import type { Answered } from "./answered.ts";

export type { Answer, Answered, ListedReview, Problem, Progress, ReviewCounts, ReviewPage };

/** Who is signed in. `csrf` is null when they are not known by a cookie. */
export interface Me {
  identity: string;
  name?: string | null;
  csrf?: string | null;
  connection?: Connection | null;
}

/** How the desk reaches Intercom as them. */
export type Connection = Pick<KnownConnection, "status"> & Partial<KnownConnection>;

export interface Filters {
  scope: "mine" | "team" | "all";
  view: "open" | "decided";
  topic: string;
  urgency: string;
  search: string;
}

/** The page's only way to the server: same origin, by the session's cookie; the page never holds a token. */
export interface Client {
  me(): Promise<Answered<Me>>;
  list(filters: Filters, limit: number, after: string | null): Promise<Answered<ReviewList>>;
  counts(filters: Filters): Promise<Answered<ReviewCounts>>;
  review(id: string): Promise<Answered<ReviewPage>>;
  decide(id: string, answer: Answer): Promise<Answered<Progress>>;
  /** Drafts for a conversation again; each step is told as it is done, and the last one is the answer. */
  draftAgain(conversationId: string, onStep: (node: string) => void): Promise<Answered<Progress>>;
  /** Takes a colleague's draft over; told as `draftAgain` tells. */
  pickUp(id: string, onStep: (node: string) => void): Promise<Answered<Progress>>;
  /** A link with which to connect Intercom; it leads back to where the reader is now. */
  connect(): Promise<Answered<ConnectionLink>>;
  /** Ends the reader's own connection. */
  disconnect(): Promise<Answered<Connection>>;
  /** Has the connection looked at now, so that the server knows how it stands. */
  checkConnection(): Promise<Answered<Connection>>;
  /** Says that the reader has a review before them. Nothing comes of it when it fails. */
  showPresence(id: string, editing: boolean): Promise<Answered<unknown>>;
  /** Says that they left; gets through also while the page closes. */
  endPresence(id: string): void;
  signOut(): Promise<Answered<unknown>>;
}

export function createClient(): Client {
  let csrf = "";
  // Each tab was opened at a moment of its own.
  const tab = performance.timeOrigin.toString(36);
  const get = <T>(path: string) => request<T>(path, {});
  const post = <T>(path: string, body: unknown) =>
    request<T>(path, {
      method: "POST",
      headers: { "content-type": "application/json", "x-countersign-csrf": csrf },
      body: JSON.stringify(body),
    });
  return {
    me: async () => {
      const answered = await get<Me>("/api/me");
      if (answered.kind === "ok") csrf = answered.value.csrf ?? "";
      return answered;
    },
    list: (filters, limit, after) => {
      const query = new URLSearchParams({ order: "risk", status: filters.view, limit: String(limit) });
      query.set("scope", filters.scope);
      if (filters.topic) query.set("topic", filters.topic);
      if (filters.urgency) query.set("urgency", filters.urgency);
      if (filters.search) query.set("q", filters.search);
      if (after !== null) query.set("after", after);
      return get(`/api/reviews?${query.toString()}`);
    },
    counts: ({ scope, view, search }) => {
      const query = new URLSearchParams({ scope, status: view });
      if (search) query.set("q", search);
      return get(`/api/reviews/counts?${query.toString()}`);
    },
    review: (id) => get(`/api/reviews/${encodeURIComponent(id)}`),
    decide: (id, answer) => post(`/api/reviews/${encodeURIComponent(id)}/decision`, { answer }),
    draftAgain: (conversationId, onStep) =>
      follow(`/api/conversations/${encodeURIComponent(conversationId)}/open`, csrf, onStep),
    pickUp: (id, onStep) => follow(`/api/reviews/${encodeURIComponent(id)}/pick-up`, csrf, onStep),
    checkConnection: () => get("/api/connection"),
    showPresence: (id, editing) => post(presencePath(id), { editing, tab }),
    endPresence: (id) => {
      void send(`${presencePath(id)}?tab=${tab}`, {
        method: "DELETE",
        headers: { "x-countersign-csrf": csrf },
        keepalive: true,
      });
    },
    connect: () => post("/api/connection/link", { to: `${location.pathname}${location.search}` }),
    disconnect: () => post("/api/connection/disconnect", {}),
    signOut: () => post("/sign-out", {}),
  };
}

function presencePath(id: string): string {
  return `/api/reviews/${encodeURIComponent(id)}/presence`;
}

async function request<T>(path: string, init: RequestInit): Promise<Answered<T>> {
  const answered = await send(path, init);
  if (answered.kind !== "ok") return answered;
  const text = await answered.value.text().catch(() => null);
  if (text === null) return { kind: "offline" };
  // The page is built from the sources of the server that answers: they agree on the form.
  return { kind: "ok", value: (text === "" ? null : JSON.parse(text)) as T };
}

async function send(path: string, init: RequestInit): Promise<Answered<Response>> {
  let response: Response;
  try {
    response = await fetch(path, { ...init, credentials: "same-origin", cache: "no-store" });
  } catch {
    return { kind: "offline" };
  }
  if (response.ok) return { kind: "ok", value: response };
  if (response.status === 401) return { kind: "signed_out" };
  return { kind: "refused", problem: await problemIn(response) };
}

async function problemIn(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null);
  if (isProblem(body)) return body;
  return {
    code: `http_${response.status}`,
    message: `The server answered ${response.status}.`,
    next: "Try again. If it stays so, the server's log says why.",
  };
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "code" in body && "message" in body && "next" in body;
}

/** Starts a run and follows it to its end. */
async function follow(
  path: string,
  csrf: string,
  onStep: (node: string) => void,
): Promise<Answered<Progress>> {
  const answered = await send(path, { method: "POST", headers: { "x-countersign-csrf": csrf } });
  if (answered.kind !== "ok") return answered;
  let last: Progress = { type: "failed", reason: "The server said nothing." };
  try {
    for await (const line of linesOf(answered.value)) {
      const event = JSON.parse(line) as Progress | (Problem & { type: "error" });
      if (event.type === "error") return { kind: "refused", problem: event };
      if (event.type === "working") onStep(event.node);
      last = event;
    }
  } catch {
    return { kind: "offline" };
  }
  return { kind: "ok", value: last };
}

async function* linesOf(response: Response): AsyncGenerator<string> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (let chunk = await reader?.read(); chunk && !chunk.done; chunk = await reader?.read()) {
    const lines = (rest + chunk.value).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}
