import type { Runtime } from "../src/runtime.ts";

export interface Span {
  name: string;
  from: number;
  to: number;
}

/** What happened in one run, in milliseconds of `performance.now()`. */
export interface Timeline {
  tools: Span[];
  agents: Span[];
  /** Each time a node took hold of the store. */
  storeTouches: number[];
}

/** Where the time of a run went, in milliseconds. Together they are the whole run. */
export const partNames = [
  "thread and run made",
  "run waits and begins",
  "load: the store's reads and writes",
  "load: tool calls",
  "agents",
  "steps between the nodes",
  "propose: the review is stored",
  "review: the interrupt",
] as const;
export type PartName = (typeof partNames)[number];
export type Parts = Record<PartName, number>;

/**
 * Puts a stopwatch around what the nodes of a runtime use. They ask the runtime for its parts on every call, so it
 * works for a graph that was compiled before. The returned function begins a new timeline.
 */
export function watch(runtime: Runtime): () => Timeline {
  let timeline: Timeline = { tools: [], agents: [], storeTouches: [] };
  const { gateway, engines, store } = runtime;
  const tool = <Answer>(name: string, call: () => Promise<Answer>) => span(timeline.tools, name, call);
  const agent = <Answer>(name: string, call: () => Promise<Answer>) => span(timeline.agents, name, call);
  runtime.gateway = {
    ...gateway,
    read: (actor, as, name, args) => tool(name, () => gateway.read(actor, as, name, args)),
    findAccount: (identifier) => tool("accounts", () => gateway.findAccount(identifier)),
  };
  runtime.engines = {
    ...engines,
    classify: (briefing) => agent("classifier", () => engines.classify(briefing)),
    research: (briefing, classification) =>
      agent("researcher", () => engines.research(briefing, classification)),
    draft: (request) => agent("responder", () => engines.draft(request)),
  };
  runtime.store = {
    ...store,
    get db() {
      timeline.storeTouches.push(performance.now());
      return store.db;
    },
  };
  return () => {
    timeline = { tools: [], agents: [], storeTouches: [] };
    return timeline;
  };
}

/** Splits a run from `begun` to `asked` by what happened in it. `made` is when the server had made the run. */
export function partsOf(timeline: Timeline, begun: number, made: number, asked: number): Parts {
  const [classifier, researcher, responder] = ["classifier", "researcher", "responder"].map((name) =>
    need(
      timeline.agents.find((span) => span.name === name),
      `the ${name} did not run`,
    ),
  ) as [Span, Span, Span];
  const loaded = need(timeline.storeTouches[0], "the run never came to the store");
  const reads = timeline.tools.filter(({ from }) => from < classifier.from);
  const read = Math.max(...reads.map(({ to }) => to));
  const [proposed, reviewed] = timeline.storeTouches.filter((at) => at >= responder.to);
  const proposing = need(proposed, "nothing was proposed");
  const reviewing = need(reviewed, "the review was not asked about");
  const toolTime = covered(reads);
  const steps = [
    [read, classifier.from],
    [classifier.to, researcher.from],
    [researcher.to, responder.from],
    [responder.to, proposing],
  ] as const;
  return {
    "thread and run made": made - begun,
    "run waits and begins": loaded - made,
    "load: the store's reads and writes": read - loaded - toolTime,
    "load: tool calls": toolTime,
    agents: covered([classifier, researcher, responder]),
    "steps between the nodes": steps.reduce((sum, [from, to]) => sum + to - from, 0),
    "propose: the review is stored": reviewing - proposing,
    "review: the interrupt": asked - reviewing,
  };
}

async function span<Answer>(spans: Span[], name: string, call: () => Promise<Answer>): Promise<Answer> {
  const from = performance.now();
  try {
    return await call();
  } finally {
    spans.push({ name, from, to: performance.now() });
  }
}

/** The time that at least one of the spans covers. */
function covered(spans: readonly Span[]): number {
  let until = -Infinity;
  let sum = 0;
  for (const { from, to } of [...spans].sort((one, other) => one.from - other.from)) {
    sum += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return sum;
}

function need<Value>(value: Value | undefined, missing: string): Value {
  if (value === undefined) throw new Error(`the run is not one to measure: ${missing}`);
  return value;
}
