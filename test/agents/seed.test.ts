import { beforeAll, describe, expect, it } from "@jest/globals";
import { classifyNow } from "./briefings.ts";
import { researchOffline } from "../../src/agents/researcher/offline.ts";
import { draftOffline } from "../../src/agents/responder/offline.ts";
import type { Classification } from "../../src/domain/classification.ts";
import type { Draft } from "../../src/domain/draft.ts";
import type { Findings, Passage } from "../../src/domain/findings.ts";
import { answerable, forPeople, silent } from "./seedExpectations.ts";
import { openSeedWorkspace } from "./seedWorkspace.ts";

interface Result {
  classification: Classification;
  findings: Findings;
  draft: Draft;
  /** The passages that the draft really cites. */
  cited: Passage[];
}

const results = new Map<number, Result>();

beforeAll(async () => {
  const workspace = await openSeedWorkspace();
  for (const id of workspace.waiting) {
    const briefing = await workspace.briefingOf(id);
    const classification = classifyNow(briefing);
    const findings = await researchOffline(workspace.gateway, briefing, classification);
    const draft = draftOffline({
      ...briefing,
      classification,
      findings,
      instruction: null,
      previousBody: null,
    });
    const citations = new Set(draft.sentences.flatMap((sentence) => sentence.citations));
    const cited = findings.passages.filter((passage) => citations.has(passage.id));
    results.set(Number(id.slice(-3)), { classification, findings, draft, cited });
  }
}, 120_000);

describe("the offline engines on the example company", () => {
  it("cite the article that answers, in at least four of five plainly answerable conversations", () => {
    const missed = answerable.filter(
      ({ id, articles }) => !resultOf(id).cited.some(({ source }) => articles.includes(source.id)),
    );
    const share = 1 - missed.length / answerable.length;
    report(`cited: ${percent(share)} of ${answerable.length}`, missed);
    expect(share).toBeGreaterThanOrEqual(0.8);
  });

  it("quote more of those articles than of all others together", () => {
    const quoted = answerable.flatMap(({ id, articles }) =>
      resultOf(id).cited.map(({ source }) => articles.includes(source.id)),
    );
    const share = quoted.filter(Boolean).length / quoted.length;
    report(`to the point: ${percent(share)} of ${quoted.length} passages`, []);
    expect(share).toBeGreaterThanOrEqual(0.6);
  });

  it("leave to a person what only a person may answer, in at least nine of ten conversations", () => {
    const missed = forPeople.filter(({ id }) => resultOf(id).draft.channel !== "note");
    const share = 1 - missed.length / forPeople.length;
    report(`left to a person: ${percent(share)} of ${forPeople.length}`, missed);
    expect(share).toBeGreaterThanOrEqual(0.9);
  });

  it("still answer most of the plainly answerable ones", () => {
    const people = new Set(forPeople.map(({ id }) => id));
    const open = answerable.filter(({ id }) => !people.has(id));
    const missed = open.filter(({ id }) => resultOf(id).draft.channel !== "comment");
    const share = 1 - missed.length / open.length;
    report(`answered: ${percent(share)} of ${open.length}`, missed);
    expect(share).toBeGreaterThanOrEqual(0.8);
  });

  it("write nothing to thanks and to spam", () => {
    expect(silent.filter((id) => resultOf(id).draft.body !== "")).toEqual([]);
  });

  it("use the newer of two articles that disagree, and tell the reviewer which two they are", () => {
    const { cited, draft } = resultOf(28);
    expect(cited.map(({ source }) => source.id)).toContain("8800025");
    expect(cited.map(({ source }) => source.id)).not.toContain("8800026");
    expect(draft.warnings.join(" ")).toMatch(
      /2 business days.*5 business days|5 business days.*2 business days/,
    );
  });

  it("find nothing for what no article answers", () => {
    expect(resultOf(16).cited).toEqual([]);
  });

  it("are never sure of the topic of what they could not read", () => {
    const unread = [18, 44, 48, 49, 55, 62].map(resultOf);
    expect(unread.map(({ classification }) => classification.confidence)).toEqual(unread.map(() => 0));
  });
});

function resultOf(id: number): Result {
  const result = results.get(id);
  if (!result) throw new Error(`Nobody waits in conversation ${id}.`);
  return result;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function report(figure: string, missed: readonly { id: number; because: string }[]): void {
  const lines = missed.map(({ id, because }) => `  missed ${id}: ${because}`);
  process.stdout.write(`${[figure, ...lines].join("\n")}\n`);
}
