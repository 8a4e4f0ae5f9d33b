import type { DraftRequest, Briefing } from "../../src/agents/briefing.ts";
import type { Classification } from "../../src/domain/classification.ts";
import type { Conversation, Part } from "../../src/domain/conversation.ts";
import { noFindings, type Passage } from "../../src/domain/findings.ts";
import { classifyOffline } from "../../src/agents/classifier/offline.ts";
import { learn, type Learned } from "../../src/agents/learning/learned.ts";
import { atOnce } from "../../src/agents/learning/portions.ts";
import type { Desk } from "../../src/domain/desk.ts";
import { bicycleDesk } from "./desk.ts";

const learned = new WeakMap<Desk["topics"], Learned>();

/** What a desk teaches, learnt at once and kept. */
export function learnedNow(desk: Pick<Desk, "topics" | "messages">): Learned {
  const known = learned.get(desk.topics) ?? atOnce(learn(desk));
  learned.set(desk.topics, known);
  return known;
}

export function classifyNow(briefing: Briefing): Classification {
  return classifyOffline(briefing, learnedNow(briefing.desk));
}

/** 15 June 2025, noon UTC. */
export const NOON = 1_749_988_800;

export function briefingOf(...messages: (string | Partial<Part>)[]): Briefing {
  return {
    desk: bicycleDesk,
    conversation: conversationOf(messages),
    contact: {
      id: "c1",
      name: "Ana Silva",
      email: "ana@lake.example",
      role: "user",
      companies: [],
      tags: [],
      attributes: {},
    },
    teammate: {
      identifier: "dana@pedalworks.example",
      connectedAccountId: "ca_1",
      adminId: "11",
      name: "Dana Reyes",
      email: "dana@pedalworks.example",
      hasInboxSeat: true,
      teamIds: [],
      workspaceId: "w1",
    },
    directory: {
      teams: [
        { id: "70", name: "Front desk" },
        { id: "71", name: "Accounts" },
        { id: "72", name: "Workshop" },
        { id: "73", name: "Management" },
      ],
      tags: [
        { id: "90", name: "money" },
        { id: "91", name: "spam" },
        { id: "92", name: "Electric" },
        { id: "93", name: "accident" },
      ],
    },
  };
}

export function part(given: Partial<Part>): Part {
  return {
    id: "1",
    type: "comment",
    author: { type: "user", id: "c1", name: "Ana Silva" },
    text: "",
    attachments: [],
    createdAt: NOON,
    redacted: false,
    ...given,
  };
}

export function classificationOf(given: Partial<Classification>): Classification {
  return {
    topic: "deposit",
    confidence: 0.9,
    urgency: "normal",
    sentiment: "neutral",
    language: "en",
    asks: ["When do I get my deposit back?"],
    route: "reply",
    reason: "The message is about Deposit.",
    uncertain: false,
    ...given,
  };
}

export function passageOf(given: Partial<Passage> & { title?: string; updatedAt?: number }): Passage {
  const { title = "Deposits", updatedAt = NOON - 86_400, ...rest } = given;
  return {
    id: "p1",
    quote: "Your deposit is returned within 5 days after the bicycle came back.",
    ask: 0,
    source: {
      kind: "article",
      id: title,
      title,
      url: `https://help.pedalworks.example/${encodeURIComponent(title)}`,
      version: "v1",
      updatedAt,
    },
    ...rest,
  };
}

export function requestOf(given: Partial<DraftRequest>): DraftRequest {
  return {
    ...briefingOf("When do I get my deposit back?"),
    classification: classificationOf({}),
    findings: { ...noFindings, passages: [passageOf({})] },
    instruction: null,
    previousBody: null,
    ...given,
  };
}

function conversationOf(messages: (string | Partial<Part>)[]): Conversation {
  const parts = messages.map((message, index) =>
    part({ id: String(index + 1), ...(typeof message === "string" ? { text: message } : message) }),
  );
  return {
    id: "42",
    title: "",
    state: "open",
    channel: "conversation",
    priority: false,
    tags: [],
    contactId: "c1",
    assigneeId: null,
    teamId: null,
    waitingSince: NOON,
    createdAt: NOON,
    updatedAt: NOON,
    parts,
    omittedParts: 0,
    lastPartId: String(parts.length),
  };
}
