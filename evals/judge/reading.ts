import { sentencesOf } from "../../src/agents/sentences.ts";

/** How a text reads. */
export interface Reading {
  words: number;
  /** Flesch's reading ease for English: 100 is very easy, 60 plain, 30 difficult. */
  ease: number;
}

/** How a reply reads; null for one without words. Syllables are counted by rule, as Flesch's formula needs them. */
export function readingOf(body: string): Reading | null {
  const sentences = sentencesOf(body.replace(/https?:\/\/\S+/g, ""));
  const words = sentences.flatMap((sentence) => sentence.match(/\p{L}[\p{L}'’-]*/gu) ?? []);
  if (words.length === 0) return null;
  const syllables = words.reduce((sum, word) => sum + syllablesIn(word), 0);
  const ease = 206.835 - 1.015 * (words.length / sentences.length) - 84.6 * (syllables / words.length);
  return { words: words.length, ease: Math.round(ease * 10) / 10 };
}

/** Groups of vowels; a silent e at the end is none. */
export function syllablesIn(word: string): number {
  const plain = word.toLowerCase().replace(/[^a-z]/g, "");
  const spoken = plain.replace(/(?:[^laeiouy]es|[^td]ed|[^laeiouy]e)$/, "").replace(/^y/, "");
  return Math.max(1, spoken.match(/[aeiouy]{1,2}/g)?.length ?? 1);
}
