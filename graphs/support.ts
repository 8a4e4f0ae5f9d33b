import { END, START, StateGraph } from "@langchain/langgraph";
import { classifierNode } from "../src/agents/classifier/node.ts";
import { researcherNode } from "../src/agents/researcher/node.ts";
import { responderNode } from "../src/agents/responder/node.ts";
import { deliverNode } from "../src/delivery/node.ts";
import { DeskOverrides } from "../src/domain/desk.ts";
import { loadNode } from "../src/review/load.ts";
import { reviewNode } from "../src/review/node.ts";
import { proposeNode } from "../src/review/propose.ts";
import { openRuntime, type Runtime } from "../src/runtime.ts";
import { SupportInput, SupportState } from "./state.ts";

type State = typeof SupportState.State;

/** The whole desk: how one conversation becomes one countersigned reply. */
export function supportGraph(runtime: Runtime) {
  return new StateGraph({
    state: SupportState,
    input: SupportInput,
    context: DeskOverrides,
  })
    .addNode("load", loadNode(runtime))
    .addNode("classifier", classifierNode(runtime))
    .addNode("researcher", researcherNode(runtime))
    .addNode("responder", responderNode(runtime))
    .addNode("propose", proposeNode(runtime))
    .addNode("review", reviewNode(runtime))
    .addNode("deliver", deliverNode(runtime))
    .addEdge(START, "load")
    .addConditionalEdges("load", afterLoad, ["classifier", "responder", "propose", "review", "deliver", END])
    .addConditionalEdges("classifier", afterClassifier, ["researcher", "responder"])
    .addEdge("researcher", "responder")
    .addEdge("responder", "propose")
    .addEdge("propose", "review")
    .addConditionalEdges("review", afterReview, ["review", "load", "deliver", END])
    .addConditionalEdges("deliver", afterDeliver, ["load", END])
    .compile({ name: "support" });
}

function afterLoad({ task }: State) {
  switch (task?.type) {
    case "draft":
      return "classifier";
    case "revise":
      return "responder";
    case "reopen":
      return "propose";
    case "restore":
      return "review";
    case "deliver":
      return "deliver";
    case "stop":
    case undefined:
      return END;
  }
}

function afterClassifier({ classification }: State) {
  return classification?.route === "no_reply" ? "responder" : "researcher";
}

function afterReview({ decided }: State) {
  switch (decided) {
    case "approve":
    case "edit":
      return "deliver";
    case "revise":
      return "load";
    case "reject":
    case "take_over":
      return END;
    case null:
    case undefined:
      return "review";
  }
}

/** What was not sent goes back to its teammate: `load` finds out from the store how. */
function afterDeliver({ outcome }: State) {
  return outcome?.type === "stale" || outcome?.type === "failed" ? "load" : END;
}

/** What the LangGraph server serves: the graph over the process's one runtime. */
export async function support() {
  compiled ??= supportGraph(await openRuntime());
  return compiled;
}

let compiled: ReturnType<typeof supportGraph> | undefined;
