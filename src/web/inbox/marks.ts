import { diffWords, diffWordsWithSpace } from "diff";

/** A piece of the draft: a sentence of it, by its position, or what stands between two of them. */
export interface Segment {
  text: string;
  sentence: number | null;
}

/** Finds the draft's sentences in its body, in order. One that is not there word for word is left out. */
export function segmentsOf(body: string, sentences: readonly { text: string }[]): Segment[] {
  const segments: Segment[] = [];
  let from = 0;
  sentences.forEach(({ text }, sentence) => {
    const at = text === "" ? -1 : body.indexOf(text, from);
    if (at === -1) return;
    if (at > from) segments.push({ text: body.slice(from, at), sentence: null });
    segments.push({ text, sentence });
    from = at + text.length;
  });
  if (from < body.length) segments.push({ text: body.slice(from), sentence: null });
  return segments;
}

export interface Change {
  text: string;
  kind: "same" | "added" | "removed";
}

/** Characters of unchanged text that are left on each side of a change. */
/** Below this share of words in common, two texts are shown one after the other. */
const LEAST_KEPT = 0.3;
const AROUND = 60;

/** The words that were added and removed between two texts, in reading order; long unchanged stretches are cut short. */
export function changesBetween(before: string, after: string): Change[] {
  const words = diffWordsWithSpace(before, after);
  const kept = words.reduce(
    (sum, { value, added, removed }) => (added || removed ? sum : sum + value.length),
    0,
  );
  if (kept < LEAST_KEPT * Math.max(before.length, after.length)) return written(before, after);
  return words.map(({ value, added, removed }, index, all) => {
    if (added) return { text: value, kind: "added" };
    if (removed) return { text: value, kind: "removed" };
    return { text: cutShort(value, index === 0, index === all.length - 1), kind: "same" };
  });
}

/** A text that was written anew is no mixture of two: the old one whole, and then the new one. */
function written(before: string, after: string): Change[] {
  const whole: Change[] = [
    { text: before, kind: "removed" },
    { text: after, kind: "added" },
  ];
  return whole.filter(({ text }) => text !== "");
}

function cutShort(text: string, first: boolean, last: boolean): string {
  if (text.length <= 2 * AROUND + 20) return text;
  const head = first ? "" : text.slice(0, AROUND);
  const tail = last ? "" : text.slice(-AROUND);
  return `${head} … ${tail}`;
}

export interface Stretch {
  text: string;
  shared: boolean;
}

/** The passage, with the stretches of two words and more marked that stand in the sentence as well. */
export function sharedStretches(passage: string, sentence: string): Stretch[] {
  const stretches: Stretch[] = [];
  for (const { value, added, removed } of diffWords(passage, sentence, { ignoreCase: true })) {
    if (added) continue;
    const shared = !removed && value.trim().split(/\s+/).length >= 2;
    const last = stretches.at(-1);
    if (last?.shared === shared) last.text += value;
    else stretches.push({ text: value, shared });
  }
  return restoreCase(passage, stretches);
}

/** Where case is ignored the words come back as the other text has them: cut the passage itself instead. */
function restoreCase(passage: string, stretches: readonly Stretch[]): Stretch[] {
  let at = 0;
  const cut = stretches.map(({ text, shared }) => {
    const piece = passage.slice(at, at + text.length);
    at += text.length;
    return { text: piece, shared };
  });
  if (at < passage.length) cut.push({ text: passage.slice(at), shared: false });
  return cut;
}
