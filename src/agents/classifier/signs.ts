import type { Desk } from "../../domain/desk.ts";
import { paragraphsOf } from "../sentences.ts";
import type { MatterModel, Sign } from "./matterModel.ts";
import { instruction, mattersOf } from "./matters/matters.ts";

/** A message left to a person for nothing costs less than one that should have been: well below one half is a sign. */
const LEAST_SIGN = 0.3;
/** Hardly anything but an attempt to steer the answer reads like one. */
const LEAST_STEERING = 0.16;
/** A paragraph of a few words may read like anything. */
const FEWEST_WORDS = 8;

/**
 * What in a message a person has to answer, or null. `text` is what the customer wrote themselves; what tries to steer the
 * answer may as well stand below the signature, in `sent`, which is all of it.
 */
export function findSign(
  { text, sent }: { text: string; sent: string },
  desk: Desk,
  model: MatterModel,
): Sign | null {
  const heeded = mattersOf(desk.policy);
  const likely = model.read(text, heeded);
  if (likely && likely.probability >= LEAST_SIGN) return likely;
  for (const matter of heeded) {
    const sentence = matter.said(text, desk);
    if (sentence !== null) return { matter, probability: likely?.probability ?? 0, sentence };
  }
  return findSteering(sent, model);
}

/** Such a text stands beside what the customer wrote, so each paragraph is read by itself as well. */
function findSteering(sent: string, model: MatterModel): Sign | null {
  const paragraphs = paragraphsOf(sent).filter((text) => text.split(/\s+/).length >= FEWEST_WORDS);
  const views = [sent, ...paragraphs];
  const signs = views.flatMap((view) => model.read(view, [instruction]) ?? []);
  return signs.find(({ probability }) => probability >= LEAST_STEERING) ?? null;
}
