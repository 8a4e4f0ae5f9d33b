import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";

export const KEY = "lsv2_pt_of_the_test";

type Fields = Record<string, unknown>;

interface StoredExample extends Fields {
  id: string;
  dataset_id: string;
  modified_at: string;
}

/** What LangSmith's API would hold after the calls that were made. */
export interface LangSmithServer {
  url: string;
  /** Method and path of every request, in order. */
  requests: string[];
  datasets: Fields[];
  examples: Map<string, StoredExample>;
  tags: Fields[];
  sessions: Fields[];
  runs: Map<string, Fields>;
  feedback: Fields[];
  /** Everything that was sent, as text: to look for what must never be in it. */
  sent: string[];
  /** Answers a request in its own way; null leaves it to the server. */
  interfere: (method: string, path: string) => { status: number; body?: string } | "hang" | null;
  close(): Promise<void>;
}

/** A server that speaks the part of LangSmith's API that its SDK calls: the same paths, payloads and forms. */
export async function startLangSmith(): Promise<LangSmithServer> {
  let ticks = 0;
  const now = () => new Date(Date.UTC(2026, 0, 1) + (ticks += 1000)).toISOString();
  const state: LangSmithServer = {
    url: "",
    requests: [],
    datasets: [],
    examples: new Map(),
    tags: [],
    sessions: [],
    runs: new Map(),
    feedback: [],
    sent: [],
    interfere: () => null,
    close: () => Promise.resolve(),
  };

  async function answer(request: IncomingMessage): Promise<{ status: number; body: unknown } | "hang"> {
    const url = new URL(request.url ?? "", "http://langsmith.test");
    const method = request.method ?? "";
    const path = url.pathname;
    state.requests.push(`${method} ${path}`);
    const body = await bytesOf(request);
    state.sent.push(body.toString("latin1"));
    const interference = state.interfere(method, path);
    if (interference === "hang") return "hang";
    if (interference) return { status: interference.status, body: interference.body ?? "it failed" };
    if (request.headers["x-api-key"] !== KEY) return { status: 401, body: { detail: "Invalid token" } };
    const json = () => JSON.parse(body.toString("utf8")) as Fields;
    const ok = (value: unknown) => ({ status: 200, body: value });
    const [first = "", id = "", third = ""] = path.slice(1).split("/");
    const paged = (items: readonly unknown[]) => {
      const offset = Number(url.searchParams.get("offset") ?? 0);
      return ok(items.slice(offset, offset + Number(url.searchParams.get("limit") ?? 100)));
    };

    if (path === "/info") {
      const instance_flags = { dataset_examples_multipart_enabled: true, gzip_body_enabled: true };
      return ok({ version: "0.20.0", instance_flags, batch_ingest_config: { use_multipart_endpoint: true } });
    }
    const platform = /^\/v1\/platform\/datasets\/([^/]+)\/examples$/.exec(path);
    if (platform) {
      const parts = partsOf(request, body);
      return ok(storeExamples(platform[1] ?? "", parts, method === "POST"));
    }
    if (first === "datasets") {
      if (method === "GET" && id === "") {
        const name = url.searchParams.get("name");
        return paged(state.datasets.filter((dataset) => name === null || dataset.name === name));
      }
      if (method === "POST") {
        const dataset: Fields = { ...json(), id: randomUUID(), created_at: now() };
        state.datasets.push(dataset);
        return ok(dataset);
      }
      const dataset = state.datasets.find((one) => one.id === id);
      if (!dataset) return { status: 404, body: { detail: "Dataset not found" } };
      if (third === "version") return ok({ as_of: latest(id), tags: ["latest"] });
      if (third === "tags") {
        state.tags.push(json());
        return ok({});
      }
      return ok(dataset);
    }
    if (first === "examples") {
      if (method === "DELETE") {
        for (const gone of url.searchParams.getAll("example_ids")) state.examples.delete(gone);
        return ok({});
      }
      if (id !== "") return ok(state.examples.get(id));
      const dataset = url.searchParams.get("dataset");
      return paged([...state.examples.values()].filter(({ dataset_id }) => dataset_id === dataset));
    }
    if (first === "sessions") {
      if (method === "POST") {
        if (state.sessions.some(({ name }) => name === json().name)) return { status: 409, body: "taken" };
        const session: Fields = { ...json(), id: randomUUID(), tenant_id: "tenant" };
        state.sessions.push(session);
        return ok(session);
      }
      if (method === "PATCH") {
        const session = state.sessions.find((one) => one.id === id);
        Object.assign(session ?? {}, Object.fromEntries(Object.entries(json()).filter(([, value]) => value)));
        return ok(session);
      }
      return paged([{ tenant_id: "tenant" }]);
    }
    if (path === "/runs/multipart") {
      for (const [name, value] of partsOf(request, body)) {
        const [kind = "", run = "", field] = name.split(".");
        if (kind === "feedback") state.feedback.push(value as Fields);
        else {
          const known = state.runs.get(run) ?? {};
          state.runs.set(run, { ...known, ...(field ? { [field]: value } : (value as Fields)) });
        }
      }
      return { status: 202, body: {} };
    }
    if (path === "/feedback") {
      state.feedback.push(json());
      return ok({});
    }
    return { status: 404, body: { detail: `no ${path}` } };
  }

  function latest(dataset: string): string {
    const times = [...state.examples.values()].filter(({ dataset_id }) => dataset_id === dataset);
    return (
      times
        .map(({ modified_at }) => modified_at)
        .sort()
        .at(-1) ?? now()
    );
  }

  function storeExamples(dataset: string, parts: readonly [string, unknown][], create: boolean): Fields {
    const ids = parts.map(([name]) => name).filter((name) => !name.includes("."));
    for (const example of ids) {
      const part = (suffix: string) => parts.find(([name]) => name === `${example}${suffix}`)?.[1] as Fields;
      const { metadata, split } = part("");
      const at = now();
      const known = create ? { created_at: at } : state.examples.get(example);
      state.examples.set(example, {
        ...known,
        id: example,
        dataset_id: dataset,
        inputs: part(".inputs"),
        outputs: part(".outputs"),
        metadata: { ...(metadata as Fields), dataset_split: [split] },
        modified_at: at,
      });
    }
    return { count: ids.length, example_ids: ids, as_of: now() };
  }

  const server = createServer((request, response) => {
    void answer(request).then((answered) => {
      if (answered === "hang") return;
      const { status, body } = answered;
      response.writeHead(status, { "content-type": "application/json" });
      response.end(typeof body === "string" ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  state.close = () =>
    new Promise((resolve) => {
      server.close(() => {
        resolve();
      });
      server.closeAllConnections();
    });
  return state;
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
}

/** Name and JSON of each part of a form. */
function partsOf(request: IncomingMessage, body: Buffer): [string, unknown][] {
  const boundary = /boundary=(.+)$/.exec(request.headers["content-type"] ?? "")?.[1] ?? "";
  const parts = body.toString("utf8").split(`--${boundary}`).slice(1, -1);
  return parts.map((part) => {
    const [head = "", ...content] = part.split("\r\n\r\n");
    const name = /name="([^"]+)"/.exec(head)?.[1] ?? "";
    return [name, JSON.parse(content.join("\r\n\r\n"))];
  });
}
