import { Command } from "@langchain/langgraph";
import { z } from "zod";
import { Classification } from "../src/domain/classification.ts";
import type { Answer } from "../src/domain/decision.ts";
import { Outcome } from "../src/domain/delivery.ts";
import { Findings } from "../src/domain/findings.ts";
import { htmlOf } from "../src/domain/html.ts";
import type { Review } from "../src/domain/review.ts";
import { createUsageMeter } from "../src/models/usage.ts";
import { threadIdOf } from "../src/runs/client.ts";
import { findDecision } from "../src/store/decisions.ts";
import { getReview } from "../src/store/reviews.ts";
import type { Case, CaseTurn, ReviewerAnswer } from "./case.ts";
import { failureText } from "./failure.ts";
import { findLeaks } from "./leaks.ts";
import { readMessages, sendMessages } from "./messages.ts";
import { sourceName } from "./sources.ts";
import type { Stage } from "./stage.ts";
import type { Approval, Trace, TurnTrace, WriteRecord } from "./trace.ts";

/** What a thread shows of a run when it stops; each field only if the run came that far. */
const Values = z.object({
  classification: Classification.optional(),
  findings: Findings.optional(),
  outcome: Outcome.nullish(),
});
const Asked = z.object({ reviewId: z.string(), digest: z.string() });

/** A run that a reviewer keeps being asked by is not one that ends. */
const MOST_ANSWERS = 4;

/**
 * Plays one case: its messages arrive, the desk drafts, the scripted reviewer answers through the graph, and delivery
 * runs; then the next turn. Throws only for what is wrong with the stage: a run that fails is part of the trace.
 */
export async function playCase(stage: Stage, one: Case): Promise<Trace> {
  const turns: TurnTrace[] = [];
  for (const turn of one.turns) {
    if (turns.length > 0) await sendMessages(stage, conversationOf(stage, one), turn.messages);
    const known = turns.reduce((count, { writes }) => count + writes.length, 0);
    turns.push(await playTurn(stage, one, turn, known));
  }
  return { turns };
}

/** `known` is how many writes earlier turns account for: one made between them is this turn's. */
async function playTurn(stage: Stage, one: Case, turn: CaseTurn, known: number): Promise<TurnTrace> {
  const { sandbox, dataset } = stage;
  const conversationId = conversationOf(stage, one);
  const before = sandbox.world.parts(conversationId).length;
  const messages = readMessages(stage, conversationId);
  const meter = createUsageMeter(["run"]);
  const { result, calls } = await stage.recordCalls(() =>
    converse(stage, one, turn.reviewer, [meter.counterFor("run")]),
  );
  const { review, values, failure, approvals, seen } = result;
  const writes = writesOf(stage, conversationId).slice(known);
  const added = sandbox.world.parts(conversationId).slice(before);
  const { state, tags, teamAssigneeId } = sandbox.world.conversation(conversationId);
  const ofTeam = ({ type, author, body }: (typeof added)[number], note: boolean) =>
    author.type === "admin" && (body ?? "") !== "" && (type === "note") === note;
  const draft = review?.draft ?? null;
  const findings = review?.findings ?? values.findings ?? null;
  const passages = findings?.passages ?? [];
  const citations = new Set(draft?.sentences.flatMap((sentence) => sentence.citations));
  const name = (passage: (typeof passages)[number]) => sourceName(passage.source);
  return {
    messages,
    draft,
    classification: review?.classification ?? values.classification ?? null,
    findings,
    planned: (review?.plan.actions ?? []).map(({ tool, arguments: given, summary }) => ({
      tool,
      arguments: given,
      summary,
    })),
    found: [...new Set(passages.map(name))],
    cited: [...new Set(passages.filter(({ id }) => citations.has(id)).map(name))],
    approvals,
    writes,
    outcome: values.outcome
      ? { type: values.outcome.type, reason: "reason" in values.outcome ? values.outcome.reason : "" }
      : null,
    failure,
    end: {
      replies: added.filter((part) => ofTeam(part, false)).length,
      notes: added.filter((part) => ofTeam(part, true)).length,
      state,
      tags: tags.flatMap(({ id }) => dataset.seed.tags.find((tag) => tag.id === id)?.name ?? []),
      team: dataset.seed.teams.find(({ id }) => id === teamAssigneeId)?.name ?? null,
    },
    leaks: findLeaks(stage, { seen, writes, draft, findings, said: messages.map(({ text }) => text) }),
    calls,
    usage: meter.read().run,
  };
}

/** Runs the graph to the reviewer and on, until it ends. What the first draft was is what is judged. */
async function converse(stage: Stage, one: Case, reviewer: ReviewerAnswer, callbacks: object[]) {
  const { graph, sandbox, runtime } = stage;
  const conversationId = conversationOf(stage, one);
  const identity = one.assignee ?? assigneeOf(stage, conversationId) ?? runtime.desk.unassigned;
  const config = {
    callbacks: callbacks as [],
    configurable: {
      thread_id: threadIdOf(sandbox.world.workspaceId, conversationId),
      langgraph_auth_user: { identity, kind: "teammate" as const, via: "development-token" as const },
    },
  };
  const answered: { reviewId: string; answer: ReviewerAnswer; shown: Review }[] = [];
  const seen: string[] = [];
  let review: Review | null = null;
  let failure: string | null = null;
  let input: Command | { conversationId: string } = { conversationId };
  let answer = reviewer;
  for (let answers = 0; answers <= MOST_ANSWERS; answers += 1) {
    try {
      await graph.invoke(input as { conversationId: string }, config);
    } catch (error) {
      failure = failureText(error);
    }
    const state = await graph.getState(config);
    const pending = state.tasks.flatMap((task) => task.interrupts).at(-1);
    seen.push(JSON.stringify([state.values, pending?.value ?? null, failure]));
    const asked = Asked.safeParse(pending?.value);
    if (failure !== null || !asked.success) break;
    const shown = await getReview(runtime.store.db, asked.data.reviewId);
    if (!shown) throw new Error(`the review ${asked.data.reviewId} that is asked about is not in the store`);
    review ??= shown;
    const given: Answer = { ...answer, digest: asked.data.digest };
    answered.push({ reviewId: shown.id, answer, shown });
    input = new Command({ resume: { [String(pending?.id)]: given } });
    // A draft that was asked for anew is approved.
    if (answer.type === "revise") answer = { type: "approve" };
  }
  const approvals = await Promise.all(
    answered.map(async (one): Promise<Approval> => {
      const decision = await findDecision(runtime.store.db, one.reviewId);
      const actions = actionsOf(one.shown, one.answer);
      return { answered: one.answer.type, recorded: decision?.type ?? null, actions };
    }),
  );
  const state = await graph.getState(config);
  return { review, values: Values.parse(state.values), failure, approvals, seen };
}

/** What an answer to what was shown lets be written: for an edit the same with the reviewer's words. */
function actionsOf({ plan }: Review, answer: ReviewerAnswer): WriteRecord[] {
  if (answer.type !== "approve" && answer.type !== "edit") return [];
  return plan.actions.map(({ kind, tool, arguments: given }) => ({
    tool,
    arguments: answer.type === "edit" && kind === "reply" ? { ...given, body: htmlOf(answer.body) } : given,
  }));
}

function writesOf({ sandbox }: Stage, conversationId: string): WriteRecord[] {
  return sandbox.world
    .writes({ conversationId })
    .map(({ tool, parameters }) => ({ tool, arguments: parameters }));
}

function conversationOf({ world }: Stage, one: Case): string {
  const opening = world.openings.get(one.id);
  if (!opening) throw new Error(`the case ${one.id} is not on this stage`);
  return opening.conversationId;
}

/** The teammate a conversation is with, as the sweep would ask: the assignee when they can review. */
function assigneeOf({ sandbox, dataset }: Stage, conversationId: string): string | null {
  const { adminAssigneeId } = sandbox.world.conversation(conversationId);
  return dataset.seed.admins.find(({ id }) => id === adminAssigneeId)?.email ?? null;
}
