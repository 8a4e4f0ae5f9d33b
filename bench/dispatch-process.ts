import { MemorySaver } from "@langchain/langgraph";
import { supportGraph } from "../graphs/support.ts";
import { researchOffline } from "../src/agents/researcher/offline.ts";
import { startLangGraphServer } from "../src/cli/server.ts";
import { clientOf, threadIdOf } from "../src/runs/client.ts";
import { dispatcherFor } from "../src/runs/dispatcher.ts";
import { openConversation, waitingReview } from "../src/runs/dispatch.ts";
import { closeRuntime, openRuntime } from "../src/runtime.ts";
import { beginConversation, deskOf, repeatingEngines, requireReview, runConfig, type Desk } from "./desk.ts";
import { injected, rounds, type Message, type Sample, type SubjectName } from "./dispatch-samples.ts";
import { giveUp } from "./measured-process.ts";
import { interleave, processorTime } from "./sampling.ts";
import { partsOf, watch, type Timeline } from "./timeline.ts";

/*
 * The measured process of the dispatch benchmark: one runtime, the LangGraph server over it as the command line starts
 * it, and beside that the same graph without a server. What is measured goes to the parent as messages.
 */

/** Runs without injected waits before the first measured one, for each way: a desk is measured as it runs all day. */
const warmUps = 20;

/** Has no inbox seat: nothing is drafted for them. */
const seatless = "leila.haddad@quillbook.example";

process.once("disconnect", () => process.exit(1));
await measure().catch(giveUp);
// The LangGraph server's workers go on polling after it stopped, so the process ends itself.
process.exit(0);

async function measure(): Promise<void> {
  const runtime = await openRuntime();
  const engines = repeatingEngines(runtime.engines, injected.model);
  let searches = false;
  runtime.engines = {
    ...engines,
    research: async (briefing, classification) => {
      const findings = await engines.research(briefing, classification);
      if (searches) await researchOffline(runtime.gateway, briefing, classification);
      return findings;
    },
  };
  const begin = watch(runtime);
  const desk = deskOf(runtime);
  const graph = supportGraph(runtime);
  graph.checkpointer = new MemorySaver();
  const server = await startLangGraphServer(runtime.config);
  const inProcess = (stranger?: Stranger) => runInProcess(desk, graph, begin, stranger);
  const onServer = () => runOnServer(desk, server.url, begin);

  send({ type: "progress", text: "dispatch: warming up" });
  for (let round = 0; round < warmUps; round += 1) {
    await inProcess();
    await onServer();
  }
  const { faults, world } = desk.sandbox;
  const slow = (tool: string, milliseconds: number) =>
    faults.add({ tool, times: "always", effect: { kind: "latency", milliseconds } });
  slow("*", injected.tool);
  slow("ListConnectedAccounts", injected.tool);
  // A teammate is unknown once: these runs end when there is nobody left.
  const unknown = world
    .accounts()
    .filter(
      ({ identifier, status }) => status === "active" && ![desk.teammate, seatless].includes(identifier),
    )
    .flatMap(({ identifier, adminId }) => (adminId === null ? [] : { identifier, adminId }));

  await interleave(
    {
      graph: async () => {
        report("graph", await inProcess());
      },
      server: async () => {
        report("server", await onServer());
      },
      research: async () => {
        searches = true;
        report("research", await inProcess());
        searches = false;
      },
      uneven: async () => {
        const slower = slow("list_tags", injected.slowerTool - injected.tool);
        report("uneven", await inProcess());
        faults.remove(slower);
      },
      unknown: async () => {
        const stranger = unknown.pop();
        if (stranger) report("unknown", await inProcess(stranger));
      },
    },
    rounds,
    (round) => {
      send({ type: "progress", text: `dispatch: round ${round} of ${rounds}` });
    },
  );
  await server.stop();
  await closeRuntime();
}

/** A teammate whom the store does not know. */
interface Stranger {
  identifier: string;
  adminId: string;
}

async function runInProcess(
  desk: Desk,
  graph: ReturnType<typeof supportGraph>,
  begin: () => Timeline,
  stranger?: Stranger,
): Promise<Sample> {
  const conversationId = await beginConversation(desk, stranger?.adminId);
  const config = runConfig(desk, conversationId, stranger?.identifier ?? desk.teammate);
  const timeline = begin();
  const spent = processorTime();
  const begun = performance.now();
  await graph.invoke({ conversationId }, config);
  const asked = performance.now();
  const processor = spent();
  await requireReview(desk, conversationId);
  return { total: asked - begun, told: null, processor, parts: partsOf(timeline, begun, begun, asked) };
}

async function runOnServer(desk: Desk, url: string, begin: () => Timeline): Promise<Sample> {
  const { runtime, teammate } = desk;
  const { workspaceId } = desk.sandbox.world;
  const conversationId = await beginConversation(desk);
  const threadId = threadIdOf(workspaceId, conversationId);
  const server = dispatcherFor(runtime, url, teammate);
  const timeline = begin();
  const spent = processorTime();
  const begun = performance.now();
  let interrupted: Promise<number> | null = null;
  let told: number | null = null;
  let processor = 0;
  for await (const progress of openConversation(server, { workspaceId, conversationId, teammate })) {
    if (progress.type === "working" && progress.node === "propose") {
      processor = spent();
      interrupted = whenInterrupted(server, threadId);
    }
    if (progress.type === "waiting") told = performance.now();
    if (progress.type === "failed") throw new Error(progress.reason);
  }
  if (interrupted === null || told === null) throw new Error("the run did not come to the review");
  const asked = await interrupted;
  const [run] = await clientOf(server).runs.list(threadId);
  const made = run ? Date.parse(run.created_at) - performance.timeOrigin : begun;
  await requireReview(desk, conversationId);
  const parts = partsOf(timeline, begun, made, asked);
  return { total: asked - begun, told: told - begun, processor, parts };
}

/** When the thread shows its interrupt to whoever asks the server. */
async function whenInterrupted(server: ReturnType<typeof dispatcherFor>, threadId: string): Promise<number> {
  for (;;) {
    if ((await waitingReview(server, threadId)) !== null) return performance.now();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function report(subject: SubjectName, sample: Sample): void {
  send({ type: "sample", subject, sample });
}

function send(message: Message): void {
  process.send?.(message);
}
