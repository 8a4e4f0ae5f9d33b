import { sentencesOf } from "../../sentences.ts";

/** How people say something plainly. */
export interface PlainWords {
  /** Any of these gives it away. They are matched against one sentence at a time, with straight apostrophes. */
  patterns: readonly RegExp[];
  /** Matched against the whole text, for what takes more than one sentence to say. */
  across?: readonly RegExp[];
  /** A sentence that speaks of this means something else. */
  unless?: RegExp;
}

/** The sentence that says it plainly, all of a text that takes several to say it, or null. */
export function plainlySaid(text: string, { patterns, across = [], unless }: PlainWords): string | null {
  const plain = text.replace(/[’‘`]/g, "'");
  const sentence = sentencesOf(plain).find(
    (one) => !unless?.test(one) && patterns.some((pattern) => pattern.test(one)),
  );
  return sentence ?? (across.some((pattern) => pattern.test(plain)) ? plain : null);
}
