import type { Findings, Gap, Passage } from "../../domain/findings.ts";
import type { ReadSource } from "./passages.ts";
import type { ModelFindings, Quotation } from "./schema.ts";

const FEWEST_WORDS = 3;

/**
 * Keeps the quotations that stand word for word, white space aside, in text that was really read in this run, and
 * says which were dropped. An ask left without any is a gap, whatever the model thought.
 */
export function verifyFindings(
  answer: ModelFindings,
  read: readonly ReadSource[],
  asks: readonly string[],
): Pick<Findings, "passages" | "gaps" | "cautions"> {
  const passages: Passage[] = [];
  const cautions: string[] = [];
  for (const quotation of answer.quotations) {
    const found = locate(quotation, read);
    if (found === null) {
      cautions.push(
        `A quotation that the researcher gave from ${quotation.source} ${quotation.id} does not stand there, and was dropped.`,
      );
    } else if (!passages.some(({ quote }) => quote === found.quote)) {
      passages.push({ id: `p${passages.length + 1}`, ...found, ask: askIndex(quotation.ask, asks) });
    }
  }
  return { passages, gaps: gapsIn(answer, passages, asks), cautions: [...new Set(cautions)] };
}

/** The place of the quotation in its source, in the source's own spelling and white space. */
function locate(
  { source, id, quote }: Quotation,
  read: readonly ReadSource[],
): Pick<Passage, "source" | "quote"> | null {
  const words = quote.trim().split(/\s+/);
  if (words.length < FEWEST_WORDS) return null;
  const pattern = new RegExp(words.map(escape).join("\\s+"), "u");
  for (const candidate of read) {
    if (candidate.source.kind !== source || candidate.source.id !== id) continue;
    const match = pattern.exec(candidate.text);
    if (match) return { source: candidate.source, quote: match[0] };
  }
  return null;
}

function gapsIn(answer: ModelFindings, passages: readonly Passage[], asks: readonly string[]): Gap[] {
  return asks.flatMap((ask, index) => {
    if (passages.some((passage) => passage.ask === index)) return [];
    const said = answer.gaps.find((gap) => askIndex(gap.ask, asks) === index);
    return [{ ask, reason: said?.reason ?? "No quotation that answers it could be confirmed." }];
  });
}

function askIndex(number: number | null, asks: readonly string[]): number | null {
  return number !== null && number >= 1 && number <= asks.length ? number - 1 : null;
}

function escape(word: string): string {
  return word.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
