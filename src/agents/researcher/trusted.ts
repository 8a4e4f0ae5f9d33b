import { findInstruction } from "../instructing.ts";
import { splitIntoPassages, type ReadSource } from "./passages.ts";

/** How text in a page or a macro speaks to whoever answers from it by machine. */
const spokenToMachines: readonly RegExp[] = [
  /(?:\{\{|\[\[|<<?)\s*[#/]?\s*(?:assistant|model|system|ai|llm)\b[^\n]{0,20}/i,
  /^\s*(?:ai|model|assistant|bot|llm)s?(?: only)?\s*:/im,
  /^\s*(?:note |instructions? )?for (?:language models?|llms?|ai|assistants|bots)\b/im,
];

/** What may be quoted, and a caution for each source in which something may not. */
export interface Trusted {
  sources: ReadSource[];
  cautions: string[];
}

/**
 * Leaves out what tries to instruct an assistant: the passages that do, from an article; all of a macro, which is one
 * message. Nothing that is read here is obeyed anyway; this keeps it from being quoted to a customer. An article that
 * only speaks of such things may lose a passage: the caution says so.
 */
export function onlyTrusted(sources: readonly ReadSource[]): Trusted {
  const cautions: string[] = [];
  const trusted = sources.flatMap((read): ReadSource[] => {
    const phrase = instructionIn(read.text);
    if (phrase === null) return [read];
    cautions.push(
      `"${read.source.title}" holds text that tries to instruct an assistant ("${phrase}"); it is not quoted.`,
    );
    if (read.source.kind !== "article") return [];
    const refused = splitIntoPassages(read).filter(
      ({ heading, quote }) => instructionIn(heading) !== null || instructionIn(quote) !== null,
    );
    const rest = refused.reduce((text, { quote }) => text.replace(quote, () => ""), read.text);
    // Text that cannot be told apart from the rest takes all of it along.
    return rest === read.text ? [] : [{ ...read, text: rest }];
  });
  return { sources: trusted, cautions };
}

function instructionIn(text: string): string | null {
  const phrase = findInstruction(text);
  if (phrase !== null) return phrase;
  for (const pattern of spokenToMachines) {
    const found = pattern.exec(text)?.[0].trim();
    if (found) return found.slice(0, 80);
  }
  return null;
}
