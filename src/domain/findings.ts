import { z } from "zod";

/** Where a passage stands. */
export const Source = z.object({
  kind: z.enum(["article", "macro", "conversation", "ticket", "contact"]),
  id: z.string(),
  title: z.string(),
  url: z.string().nullable(),
  /** Digest of the source's text when it was read: tells later whether it has changed. */
  version: z.string(),
  /** Unix seconds, or null where the source has no date. */
  updatedAt: z.number().int().nullable(),
});
export type Source = z.infer<typeof Source>;

/** A quotation that stands word for word in its source. */
export const Passage = z.object({
  /** `p1`, `p2`, ...: unique within the findings; what citations name. */
  id: z.string(),
  source: Source,
  quote: z.string(),
  /** Which of the classifier's asks it answers (index), or null for background. */
  ask: z.number().int().nonnegative().nullable(),
});
export type Passage = z.infer<typeof Passage>;

/** An ask for which nothing was found. */
export const Gap = z.object({ ask: z.string(), reason: z.string() });
export type Gap = z.infer<typeof Gap>;

/** What the researcher read, and what it could not find. */
export const Findings = z.object({
  passages: z.array(Passage),
  gaps: z.array(Gap),
  /** Sources that disagree or look outdated, in a sentence each for the reviewer. */
  cautions: z.array(z.string()),
  /** The searches made, in order. */
  searches: z.array(z.object({ tool: z.string(), query: z.string(), results: z.number().int() })),
});
export type Findings = z.infer<typeof Findings>;

export const noFindings: Findings = { passages: [], gaps: [], cautions: [], searches: [] };
