import { caseOf, CaseLine, type Case } from "../../evals/case.ts";
import type { Seen } from "../../evals/judge/mark.ts";
import type { TurnTrace } from "../../evals/trace.ts";

/** A case as it would be written in a line, with what the test is about. */
export function caseWith(fields: Record<string, unknown>): Case {
  const line = { id: "one", half: "dev", message: "How do I add a buffer?", ...fields };
  return caseOf(CaseLine.parse(line));
}

/** A turn that went well, with what the test is about. */
export function turnWith(changes: Partial<TurnTrace>): TurnTrace {
  return {
    messages: [],
    draft: draftWith({}),
    classification: {
      topic: "scheduling",
      confidence: 0.9,
      urgency: "normal",
      sentiment: "neutral",
      language: "en",
      asks: ["How do I add a buffer between appointments?"],
      route: "reply",
      reason: "A question.",
      uncertain: false,
    },
    findings: findingsWith("A buffer may last up to 120 minutes."),
    planned: [],
    found: ["services-durations-and-buffers"],
    cited: ["services-durations-and-buffers"],
    approvals: [],
    writes: [],
    outcome: { type: "sent", reason: "" },
    failure: null,
    end: { replies: 1, notes: 0, state: "open", tags: ["scheduling"], team: null },
    leaks: [],
    calls: [],
    usage: { calls: 0, inputTokens: 0, outputTokens: 0 },
    ...changes,
  };
}

export function draftWith(
  changes: Partial<NonNullable<TurnTrace["draft"]>>,
): NonNullable<TurnTrace["draft"]> {
  const text = "A buffer may last up to 120 minutes.";
  return {
    channel: "comment",
    body: `Hi Alex,\n\n${text}`,
    sentences: [{ text, citations: ["p1"], kind: "fact" }],
    followUps: [],
    abstained: false,
    warnings: [],
    engine: "offline",
    ...changes,
  };
}

export function findingsWith(...quotes: string[]): NonNullable<TurnTrace["findings"]> {
  return {
    passages: quotes.map((quote, index) => ({ id: `p${index + 1}`, source, quote, ask: 0 })),
    gaps: [],
    cautions: [],
    searches: [],
  };
}

export const source = {
  kind: "article" as const,
  id: "8800006",
  title: "Services and buffers",
  url: "https://help.quillbook.example/en/articles/8800006-services-durations-and-buffers",
  version: "v1",
  updatedAt: null,
};

/** What a judge says of a single turn. */
export function judged<Verdict>(
  judge: (seen: Seen) => Verdict,
  expect: Record<string, unknown>,
  changes: Partial<TurnTrace> = {},
): Verdict {
  const one = caseWith({ expect });
  const trace = turnWith(changes);
  const [turn] = one.turns;
  if (!turn) throw new Error("a case has a turn");
  return judge({ turn, trace, one, whole: { turns: [trace] } });
}
