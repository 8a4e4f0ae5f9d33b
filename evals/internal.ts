import { sentencesOf } from "../src/agents/sentences.ts";
import { readSeed } from "../src/sandbox/seed.ts";

const FEWEST_WORDS = 6;

/** The sentences of a workspace's internal and unpublished articles that stand in nothing a customer may read. */
export async function findInternalSentences(workspaceFolder: string): Promise<string[]> {
  const { articles, macros } = await readSeed(workspaceFolder);
  const isHidden = ({ state, visibility }: (typeof articles)[number]) =>
    state === "draft" || visibility === "internal";
  const shown = comparable(
    [
      ...articles.filter((article) => !isHidden(article)).map(({ markdown }) => markdown),
      ...macros.map(({ body }) => body.replace(/<[^>]+>/g, " ")),
    ].join("\n"),
  );
  const hidden = articles.filter(isHidden).flatMap(({ markdown }) => sentencesOf(markdown));
  const sentences = hidden.filter(
    (sentence) => comparable(sentence).trim().split(" ").length >= FEWEST_WORDS,
  );
  return [...new Set(sentences)].filter((sentence) => !shown.includes(comparable(sentence)));
}

/** The words of a text alone, a blank on each side: what is left of it however it is marked up or wrapped. */
export function comparable(text: string): string {
  return ` ${(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(" ")} `;
}
