import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { Draft, FollowUp, Sentence } from "../../domain/draft.ts";
import { askForObject } from "../../models/structured.ts";
import type { DraftRequest } from "../briefing.ts";
import { compose, courtesy, type Paragraph } from "./compose.ts";
import { allowed, proposeFollowUps, tagNamed, teamNamed } from "./followUps.ts";
import { greeting, signOff } from "./formalities.ts";
import { readInstruction } from "./instruction.ts";
import { purposeOf, type Purpose } from "./purpose.ts";
import { responderInstructions, responderMaterial } from "./prompt.ts";
import { ModelDraft, type Proposal } from "./schema.ts";
import { warningsAbout } from "./warnings.ts";

/**
 * Drafts with a model. The model writes sentences and proposes follow-ups by name; code chooses who reads it, greets
 * and signs, drops citations of passages there are none of, and resolves names in the workspace's directory.
 * `engine` is the model's name for the record. Throws VendorError when the provider fails or its answers cannot be
 * used.
 */
export async function draftWithModel(
  model: BaseChatModel,
  engine: string,
  request: DraftRequest,
): Promise<Draft> {
  const purpose = purposeOf(request);
  if (purpose === "nothing") return finish(request, purpose, engine, [], []);
  const answer = await askForObject(model, {
    name: "write_draft",
    schema: ModelDraft,
    instructions: responderInstructions(request, purpose),
    material: responderMaterial(request),
  });
  const written = answer.abstain || answer.paragraphs.length === 0 ? "note" : purpose;
  const text = answer.paragraphs.map((sentences) => paragraphOf(sentences, request));
  const proposed = answer.followUps.map((proposal) => resolve(proposal, request));
  return finish(request, written, engine, text, proposed);
}

function finish(
  request: DraftRequest,
  purpose: Purpose,
  engine: string,
  text: Paragraph[],
  proposed: (FollowUp | null)[],
): Draft {
  const { tone } = readInstruction(request.instruction);
  const paragraphs =
    purpose === "reply"
      ? [courtesy(greeting(request, tone)), ...text, courtesy(signOff(request, tone))]
      : purpose === "note" && text.length === 0
        ? [courtesy(`For a person: ${request.classification.reason} The model wrote no note.`)]
        : text;
  const draft = {
    channel: purpose === "note" ? ("note" as const) : ("comment" as const),
    ...compose(paragraphs),
    followUps: allowed(request.desk, [...proposeFollowUps(request, purpose, []), ...proposed]),
    abstained: purpose === "note",
    engine,
  };
  return { ...draft, warnings: [...warningsAbout(request, draft), ...aboutEvidence(request, purpose)] };
}

/** Sentences that are list items stand on lines of their own. */
function paragraphOf(sentences: ModelDraft["paragraphs"][number], request: DraftRequest): Paragraph {
  const known = new Set(request.findings.passages.map(({ id }) => id));
  const checked = sentences.map(({ text, citations, kind }): Sentence => ({
    text: text.trim(),
    citations: [...new Set(citations)].filter((id) => known.has(id)),
    kind,
  }));
  const text = checked.reduce((whole, sentence) => {
    if (whole === "") return sentence.text;
    return whole + (/^(?:[-*•]|\d+[.)])\s/.test(sentence.text) ? "\n" : " ") + sentence.text;
  }, "");
  return { text, sentences: checked };
}

function resolve({ type, name, hours, body }: Proposal, request: DraftRequest): FollowUp | null {
  switch (type) {
    case "close":
      return { type };
    case "snooze":
      return hours ? { type, hours } : null;
    case "assign":
      return name ? teamNamed(request, name) : null;
    case "tag":
      return name ? tagNamed(request, name) : null;
    case "note":
      return body?.trim() ? { type, body: body.trim() } : null;
  }
}

function aboutEvidence({ findings }: DraftRequest, purpose: Purpose): string[] {
  return purpose === "reply" && findings.passages.length === 0
    ? ["The reply was drafted without any source."]
    : [];
}
