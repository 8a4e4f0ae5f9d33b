import type { Desk } from "../../domain/desk.ts";
import type { MatterModel, Sign } from "./matterModel.ts";
import { instruction, mattersOf } from "./matters/matters.ts";

/** A message left to a person for nothing costs less than one that should have been: well below one half is a sign. */
const LEAST_SIGN = 0.3;

/**
 * What in a message a person has to answer, or null. `text` is what the customer wrote themselves; what tries to steer the
 * answer may as well stand below the signature, in `sent`, which is all of it.
 */
export function findSign(
  { text, sent }: { text: string; sent: string },
  desk: Desk,
  model: MatterModel,
): Sign | null {
  const steering = model.read(sent, [instruction]);
  if (steering && steering.probability >= LEAST_SIGN) return steering;
  const heeded = mattersOf(desk.policy);
  const likely = model.read(text, heeded);
  if (!likely || likely.probability >= LEAST_SIGN) return likely;
  for (const matter of heeded) {
    const sentence = matter.said(text, desk);
    if (sentence !== null) return { ...likely, matter, sentence };
  }
  return null;
}
