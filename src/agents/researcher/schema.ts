import { z } from "zod";
import { Source } from "../../domain/findings.ts";

const Quotation = z.object({
  source: Source.shape.kind.describe("The kind of source it stands in."),
  id: z.string().describe("The source's id, as a tool gave it."),
  quote: z
    .string()
    .min(1)
    .max(1_500)
    .describe("Copied word for word from the source; one to five sentences."),
  ask: z.number().int().nullable().describe("Number of the ask it answers, from 1; null for background."),
});
export type Quotation = z.infer<typeof Quotation>;

/** What the research ends with. Each quotation is checked against what the tools really answered. */
export const ModelFindings = z.object({
  quotations: z.array(Quotation).max(20),
  gaps: z
    .array(z.object({ ask: z.number().int().describe("Number of the ask."), reason: z.string().max(300) }))
    .max(10)
    .describe("The asks that nothing was found for, and why."),
});
export type ModelFindings = z.infer<typeof ModelFindings>;
