import type { Briefing } from "../src/agents/briefing.ts";
import type { Classification } from "../src/domain/classification.ts";
import type { Conversation, Part } from "../src/domain/conversation.ts";
import type { Teammate } from "../src/domain/teammate.ts";
import { paragraphsOf } from "../src/sandbox/intercom/html.ts";
import type { Seed } from "../src/sandbox/seed-format.ts";
import { findTeammate } from "../src/store/teammates.ts";
import { textOf } from "../src/tools/message-text.ts";
import type { Case } from "./case.ts";
import { failureText } from "./failure.ts";
import { openingOf } from "./conversation.ts";
import type { Dataset } from "./dataset.ts";
import { sourceName } from "./sources.ts";
import type { Stage } from "./stage.ts";
import type { Trace, TurnTrace } from "./trace.ts";

type SeedConversation = Seed["conversations"][number];

/**
 * Runs one engine on a case's first turn, without the rest of the graph: nothing is drafted, reviewed or written. The
 * retrieval looks things up for whatever the classifier finds asked, also where it would not answer. An engine that fails
 * is part of the trace.
 */
export async function runAlone(stage: Stage, one: Case, only: "classifier" | "retrieval"): Promise<Trace> {
  const { runtime, dataset } = stage;
  const teammate = await findTeammate(runtime.store.db, runtime.desk.unassigned);
  if (!teammate) throw new Error(`${runtime.desk.unassigned} is no teammate of the workspace`);
  const briefing = briefingOf(one, dataset, teammate);
  const { result, calls } = await stage.recordCalls(async (): Promise<Partial<TurnTrace>> => {
    let classification: Classification | null = null;
    try {
      classification = await runtime.engines.classify(briefing);
      if (only === "classifier") return { classification };
      const findings = await runtime.engines.research(briefing, { ...classification, route: "reply" });
      const found = [...new Set(findings.passages.map(({ source }) => sourceName(source)))];
      return { classification, findings, found };
    } catch (error) {
      return { classification, failure: failureText(error) };
    }
  });
  return traceOf({ ...result, calls });
}

/** What the engines are told about the conversation a case begins with. */
function briefingOf(one: Case, dataset: Dataset, teammate: Teammate): Briefing {
  const { conversationId, conversations } = openingOf(one, dataset);
  const all = [...conversations, ...dataset.seed.conversations];
  const seeded = all.find(({ id }) => id === conversationId);
  if (!seeded) throw new Error(`there is no conversation ${conversationId}`);
  return {
    desk: dataset.desk,
    conversation: readSeeded(seeded),
    contact: null,
    teammate,
    directory: { teams: dataset.seed.teams, tags: dataset.seed.tags },
  };
}

/** A conversation of the workspace's format, as the desk would read it. */
function readSeeded(seeded: SeedConversation): Conversation {
  const parts = seeded.messages.map((message, index): Part => {
    const { from } = message;
    const type = "contact" in from ? "user" : "admin" in from ? "admin" : "bot";
    return {
      id: String(index + 1),
      type: message.type,
      author: { type, id: type, name: "" },
      text: textOf(message.html ?? paragraphsOf(message.body ?? "")),
      attachments: message.attachments.map(({ name, content_type }) => ({ name, contentType: content_type })),
      createdAt: Math.floor(Date.parse(message.at) / 1000),
      redacted: false,
    };
  });
  const times = parts.map(({ createdAt }) => createdAt);
  return {
    id: seeded.id,
    title: seeded.title ?? "",
    state: seeded.state,
    channel: seeded.channel,
    priority: seeded.priority,
    tags: [],
    contactId: seeded.contact_id,
    assigneeId: seeded.admin_assignee_id,
    teamId: seeded.team_assignee_id,
    waitingSince: null,
    createdAt: times[0] ?? 0,
    updatedAt: times.at(-1) ?? 0,
    parts,
    omittedParts: 0,
    lastPartId: parts.at(-1)?.id ?? "",
  };
}

function traceOf(known: Partial<TurnTrace>): Trace {
  const turn: TurnTrace = {
    messages: [],
    draft: null,
    classification: null,
    findings: null,
    planned: [],
    found: [],
    cited: [],
    approvals: [],
    writes: [],
    outcome: null,
    failure: null,
    end: { replies: 0, notes: 0, state: "open", tags: [], team: null },
    leaks: [],
    calls: [],
    usage: { calls: 0, inputTokens: 0, outputTokens: 0 },
    ...known,
  };
  return { turns: [turn] };
}
