import { END, MemorySaver, START, StateGraph, StateSchema } from "@langchain/langgraph";
import { z } from "zod";
import { supportGraph } from "../graphs/support.ts";
import { SupportInput, SupportState } from "../graphs/state.ts";
import type { Briefing } from "../src/agents/briefing.ts";
import { classifierNode } from "../src/agents/classifier/node.ts";
import { researcherNode } from "../src/agents/researcher/node.ts";
import { responderNode } from "../src/agents/responder/node.ts";
import type { JsonObject } from "../src/domain/json.ts";
import { loadNode } from "../src/review/load.ts";
import { reviewPayload } from "../src/review/payload.ts";
import { proposeNode } from "../src/review/propose.ts";
import type { Runtime } from "../src/runtime.ts";
import { getReview } from "../src/store/reviews.ts";
import type { ReadOutcome, ToolGateway } from "../src/tools/gateway.ts";
import type { Benchmark } from "./benchmark.ts";
import { beginConversation, openDesk, repeatingEngines, runConfig, type Desk } from "./desk.ts";
import { cellsOf, interleave, processorTime } from "./sampling.ts";

const rounds = 15;
/** Runs in one sample. */
const batch = 10;
const steps = ["load", "classifier", "researcher", "responder", "propose", "review"] as const;

type State = typeof SupportState.State;

/** What the engine adds to the work of our nodes, against what it adds to no work at all. */
export const engine: Benchmark = {
  name: "engine",
  question: "what does a step of our graph cost beyond its node, against a bare graph of as many steps?",
  async run(workbench) {
    const desk = await openDesk(workbench);
    const { runtime } = desk;
    runtime.engines = repeatingEngines(runtime.engines, 0);
    const learnt = await learn(desk);
    runtime.gateway = learnt.gateway;

    const ours = withMemory(supportGraph(runtime));
    const bare = withMemory(bareGraph());
    const laden = withMemory(ladenGraph(learnt.state));
    const fresh = () => runConfig(desk, newConversation(), desk.teammate);
    const subjects = {
      bare: () => many(() => bare.invoke({ done: "" }, fresh())),
      laden: () => many(() => laden.invoke({ conversationId: "1" }, fresh())),
      ours: () => many(() => invoke(ours, desk)),
      nodes: () => many(() => runNodes(runtime, desk)),
    };
    workbench.progress("engine: warming up");
    for (const subject of Object.values(subjects)) await subject();
    const measured = await interleave(subjects, rounds, (round) => {
      workbench.progress(`engine: round ${round} of ${rounds}`);
    });
    const overhead = measured.map((round) => round.ours - round.nodes);
    const row = (name: string, runs: readonly number[]) => [
      name,
      ...cellsOf(runs),
      ...cellsOf(runs.map((run) => run / steps.length)).slice(0, 1),
    ];
    const ratioRow = (name: string, against: "bare" | "laden") => [
      name,
      ...cellsOf(measured.map((round) => (round.ours - round.nodes) / round[against])),
    ];
    return {
      target: null,
      tables: [
        {
          title: `Processor time of one run of ${steps.length} steps`,
          columns: [
            { name: "what runs" },
            { name: "median", unit: "milliseconds" },
            { name: "least", unit: "milliseconds" },
            { name: "most", unit: "milliseconds" },
            { name: "per step", unit: "milliseconds" },
          ],
          rows: [
            row(
              "bare graph: nodes that do nothing, one small field",
              measured.map((round) => round.bare),
            ),
            row(
              "bare graph with our state: nodes that do nothing",
              measured.map((round) => round.laden),
            ),
            row(
              "our graph",
              measured.map((round) => round.ours),
            ),
            row(
              "our nodes, called one after the other without a graph",
              measured.map((round) => round.nodes),
            ),
            row("our graph less our nodes: what the engine costs us", overhead),
          ],
        },
        {
          title: "What the engine costs us, as a ratio (within each round)",
          columns: [
            { name: "against" },
            { name: "median", unit: "ratio" },
            { name: "least", unit: "ratio" },
            { name: "most", unit: "ratio" },
          ],
          rows: [ratioRow("the bare graph", "bare"), ratioRow("the bare graph with our state", "laden")],
        },
      ],
      notes: [
        `Everything in memory but the store: answers of the tools are repeated, agents say at once what they said before, the checkpointer is the same kind for all. A sample is the mean of ${batch} runs.`,
        "Processor time instead of passed time, so that whatever else the machine does stays out; garbage collection is in it.",
        "Our run ends at its interrupt, the bare ones at their end.",
      ],
    };
  },
};

interface Learnt {
  gateway: ToolGateway;
  state: State;
}

/** Lets the desk draft once over its sandbox, and keeps what the tools answered and what the state came to hold. */
async function learn(desk: Desk): Promise<Learnt> {
  const { runtime, teammate } = desk;
  const { gateway, engines } = runtime;
  const answers = new Map<string, ReadOutcome<JsonObject>>();
  const briefings: Briefing[] = [];
  runtime.gateway = {
    ...gateway,
    async read(actor, as, tool, args) {
      const outcome = await gateway.read(actor, as, tool, args);
      answers.set(tool, outcome);
      return outcome;
    },
  };
  runtime.engines = {
    ...engines,
    classify: (briefing) => {
      briefings.push(briefing);
      return engines.classify(briefing);
    },
  };
  const graph = withMemory(supportGraph(runtime));
  const conversationId = await beginConversation(desk);
  const config = runConfig(desk, conversationId, teammate);
  await graph.invoke({ conversationId }, config);
  const state = (await graph.getState(config)).values as State;
  runtime.engines = engines;
  const [material] = briefings;
  if (material === undefined) throw new Error("the desk drafted nothing");
  return { gateway: { ...gateway, read: repeat(answers) }, state: { ...state, material } };
}

/** Answers as before, for whatever conversation is asked about. */
function repeat(answers: ReadonlyMap<string, ReadOutcome<JsonObject>>): ToolGateway["read"] {
  return (_actor, _as, tool, args) => {
    const answer = answers.get(tool);
    if (answer?.kind !== "ok") throw new Error(`${tool} was not called before`);
    const { conversation_id: id } = args;
    const value = id === undefined ? answer.value : { ...answer.value, id };
    return Promise.resolve({ ...answer, value });
  };
}

function bareGraph() {
  const state = new StateSchema({ done: z.string() });
  const node = (name: string) => () => ({ done: name });
  return new StateGraph(state)
    .addNode("load", node("load"))
    .addNode("classifier", node("classifier"))
    .addNode("researcher", node("researcher"))
    .addNode("responder", node("responder"))
    .addNode("propose", node("propose"))
    .addNode("review", node("review"))
    .addEdge(START, "load")
    .addConditionalEdges("load", () => "classifier", ["classifier", END])
    .addConditionalEdges("classifier", () => "researcher", ["researcher", END])
    .addEdge("researcher", "responder")
    .addEdge("responder", "propose")
    .addEdge("propose", "review")
    .addEdge("review", END)
    .compile();
}

/** The same with the fields of our state, and in them what a run of ours holds. */
function ladenGraph({ material, task, classification, findings, draft, reviewId }: State) {
  const settled = { refusal: null, decided: null, decisionId: null, outcome: null };
  return new StateGraph({ state: SupportState, input: SupportInput })
    .addNode("load", () => ({ material, task, ...settled }))
    .addNode("classifier", () => ({ classification }))
    .addNode("researcher", () => ({ findings }))
    .addNode("responder", () => ({ draft }))
    .addNode("propose", () => ({ reviewId, ...settled }))
    .addNode("review", () => settled)
    .addEdge(START, "load")
    .addConditionalEdges("load", () => "classifier", ["classifier", END])
    .addConditionalEdges("classifier", () => "researcher", ["researcher", END])
    .addEdge("researcher", "responder")
    .addEdge("responder", "propose")
    .addEdge("propose", "review")
    .addEdge("review", END)
    .compile();
}

async function invoke(graph: ReturnType<typeof supportGraph>, desk: Desk): Promise<void> {
  const conversationId = newConversation();
  await graph.invoke({ conversationId }, runConfig(desk, conversationId, desk.teammate));
}

/** What the graph's nodes do in a run, up to the interrupt itself. */
async function runNodes(runtime: Runtime, desk: Desk): Promise<void> {
  const conversationId = newConversation();
  const config = runConfig(desk, conversationId, desk.teammate);
  const loaded = { conversationId, ...(await loadNode(runtime)({ conversationId }, config)) };
  const classified = { ...loaded, ...(await classifierNode(runtime)(loaded, config)) };
  const researched = { ...classified, ...(await researcherNode(runtime)(classified, config)) };
  const drafted = { ...researched, ...(await responderNode(runtime)(researched, config)) };
  const { reviewId } = await proposeNode(runtime)(drafted, config);
  const review = await getReview(runtime.store.db, reviewId);
  if (review === null) throw new Error("the nodes left no review");
  reviewPayload(review, null);
}

/** The mean processor time of several runs, in milliseconds: nothing waits here, so it is all the time there is. */
async function many(run: () => Promise<unknown>): Promise<number> {
  const spent = processorTime();
  for (let count = 0; count < batch; count += 1) await run();
  return spent() / batch;
}

function withMemory<Graph extends { checkpointer?: unknown }>(graph: Graph): Graph {
  graph.checkpointer = new MemorySaver();
  return graph;
}

let conversations = 900_000_000_000;

/** The id of a conversation that nobody has drafted for. */
function newConversation(): string {
  conversations += 1;
  return String(conversations);
}
