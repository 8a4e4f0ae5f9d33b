import type { Draft } from "../../domain/draft.ts";
import type { DraftRequest } from "../briefing.ts";
import { writeAnswer } from "./answer.ts";
import { compose, prose, type Paragraph } from "./compose.ts";
import { isUnanswered } from "./evidence.ts";
import { proposeFollowUps } from "./followUps.ts";
import { readInstruction, type Adjustment, type Length } from "./instruction.ts";
import { writeNote } from "./note.ts";
import { purposeOf, type Purpose } from "./purpose.ts";
import { warningsAbout } from "./warnings.ts";

const ENGINE = "offline";

/**
 * Drafts without a model: courtesies of its own, and facts only as sentences copied from the passages, each with its
 * citation. An ask nothing was found for is left to a colleague, and the reply says so; when that is every ask, it is a note
 * for the team instead of an answer.
 */
export function draftOffline(request: DraftRequest): Draft {
  const adjustment = readInstruction(request.instruction);
  const plan = planDraft(request);
  const first = write(request, plan, adjustment);
  if (request.instruction === null) return first;
  const followed = adjustment.understood ? first : draftDifferently(request, plan, adjustment);
  return {
    ...followed,
    warnings: [...followed.warnings, ...aboutInstruction(request, adjustment, followed)],
  };
}

interface DraftPlan {
  purpose: Purpose;
  /** Why it is a note; empty for a reply. */
  why: string;
  abstained: boolean;
}

function planDraft(request: DraftRequest): DraftPlan {
  const purpose = purposeOf(request);
  if (purpose === "nothing") return { purpose, why: "", abstained: false };
  if (purpose === "note") return { purpose, why: request.classification.reason, abstained: true };
  if (isUnanswered(request.findings)) {
    return { purpose: "note", why: "No source was found to answer from.", abstained: true };
  }
  return { purpose, why: "", abstained: false };
}

function write(request: DraftRequest, plan: DraftPlan, adjustment: Adjustment): Draft {
  const { body, sentences } = compose(paragraphsOf(request, plan, adjustment));
  const openAsks = request.findings.gaps.map(({ ask }) => ask);
  const draft = {
    channel: plan.purpose === "note" ? ("note" as const) : ("comment" as const),
    body,
    sentences,
    followUps: proposeFollowUps(request, plan.purpose, openAsks),
    abstained: plan.abstained,
    engine: ENGINE,
  };
  return { ...draft, warnings: warningsAbout(request, draft) };
}

function paragraphsOf(request: DraftRequest, plan: DraftPlan, adjustment: Adjustment): Paragraph[] {
  switch (plan.purpose) {
    case "nothing":
      return [];
    case "reply":
      return writeAnswer(request, adjustment);
    case "note":
      return [
        ...writeNote(request, plan.why),
        ...adjustment.additions.map((text) => prose([{ text, citations: [], kind: "fact" }])),
      ];
  }
}

/** An instruction that was not understood still deserves another draft than the one it was about. */
function draftDifferently(request: DraftRequest, plan: DraftPlan, adjustment: Adjustment): Draft {
  const lengths: Length[] = ["normal", "long", "short"];
  const drafts = lengths.map((length) => write(request, plan, { ...adjustment, length }));
  const fallback = write(request, plan, adjustment);
  return drafts.find(({ body }) => body !== request.previousBody) ?? fallback;
}

function aboutInstruction(request: DraftRequest, adjustment: Adjustment, draft: Draft): string[] {
  return [
    ...(adjustment.understood
      ? []
      : ["The offline responder could not follow the instruction; edit the text by hand or choose a model."]),
    ...adjustment.additions.map(
      (text) => `This comes from the reviewer's instruction, not from a source: "${text}"`,
    ),
    ...(draft.body === request.previousBody ? ["The draft is the same as before."] : []),
  ];
}
