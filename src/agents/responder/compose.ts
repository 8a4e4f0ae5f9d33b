import type { Sentence } from "../../domain/draft.ts";

/** A block of the body. Its sentences stand in `text` word for word. */
export interface Paragraph {
  text: string;
  sentences: Sentence[];
}

/** A paragraph that states nothing which needs support. */
export function courtesy(text: string): Paragraph {
  return { text, sentences: [{ text, citations: [], kind: "courtesy" }] };
}

/** A paragraph of sentences one after the other. */
export function prose(sentences: Sentence[]): Paragraph {
  return { text: sentences.map(({ text }) => text).join(" "), sentences };
}

/** The body of the paragraphs, a blank line between them, and their sentences in order. */
export function compose(paragraphs: readonly Paragraph[]): { body: string; sentences: Sentence[] } {
  const written = paragraphs.filter(({ text }) => text.trim() !== "");
  return {
    body: written.map(({ text }) => text).join("\n\n"),
    sentences: written.flatMap(({ sentences }) => sentences),
  };
}
