export type Tone = "plain" | "friendly" | "formal";
export type Length = "short" | "normal" | "long";

/** What a reviewer's instruction changes about the draft, as far as rules can read it. */
export interface Adjustment {
  length: Length;
  tone: Tone;
  link: boolean;
  /** Sentences to add, in the reviewer's words. */
  additions: string[];
  /** Words whose sentences are left out. */
  removals: string[];
  /** Whom the text is for, when the reviewer says so. */
  channel: "reply" | "note" | null;
  /** False when nothing in the instruction was understood. */
  understood: boolean;
}

const noAdjustment: Adjustment = {
  length: "normal",
  tone: "plain",
  link: true,
  additions: [],
  removals: [],
  channel: null,
  understood: true,
};

const leaveOut =
  /\b(?:leave out|remove|drop|delete|omit|without|skip|no|don't (?:mention|include|say)|do not (?:mention|include|say))\b/i;
const quoted = /["“„«]([^"”“»]{2,400})["”“»]/g;

/** Reads an instruction such as "shorter, and mention "we open at 9"". Only the reviewer's own text comes here. */
export function readInstruction(instruction: string | null): Adjustment {
  if (instruction === null) return noAdjustment;
  const adjustment: Adjustment = { ...noAdjustment, additions: [], removals: [] };
  for (const clause of clausesOf(instruction)) {
    const quotes = [...clause.matchAll(quoted)].map((match) => (match[1] ?? "").trim());
    const words = clause.replace(quoted, " ");
    if (quotes.length > 0) {
      if (leaveOut.test(words)) adjustment.removals.push(...quotes);
      else adjustment.additions.push(...quotes.map(asSentence));
      continue;
    }
    const told =
      /\b(?:mention|add|include|say|state|tell (?:them|him|her|the customer))\s+that\s+(.{4,400})$/i.exec(
        words,
      )?.[1];
    if (told) adjustment.additions.push(asSentence(told));
    else readStyle(words, adjustment);
  }
  return { ...adjustment, understood: changesSomething(adjustment) || changesLink(instruction) };
}

function readStyle(words: string, adjustment: Adjustment): void {
  if (
    /\b(?:short(?:er|en)?|brief(?:er)?|concise|less (?:text|detail)|cut (?:it )?down|too long)\b/i.test(words)
  ) {
    adjustment.length = "short";
  } else if (
    /\b(?:longer|more detail(?:ed|s)?|elaborate|expand|too short|in (?:more )?detail)\b/i.test(words)
  ) {
    adjustment.length = "long";
  }
  if (/\b(?:friendl(?:y|ier)|warm(?:er)?|casual|less formal|informal|kinder|softer)\b/i.test(words)) {
    adjustment.tone = "friendly";
  } else if (/\b(?:formal|polite(?:r)?|professional)\b/i.test(words)) {
    adjustment.tone = "formal";
  }
  if (/\b(?:links?|urls?)\b/i.test(words)) adjustment.link = !leaveOut.test(words);
  if (
    /\b(?:reply|answer|write|respond)\s+to\s+(?:the\s+)?(?:customer|them|her|him)\b|\bas a (?:public )?reply\b/i.test(
      words,
    )
  ) {
    adjustment.channel = "reply";
  } else if (/\b(?:escalate|internal note|as a note|hand (?:it |this )?over)\b/i.test(words)) {
    adjustment.channel = "note";
  }
}

/** Clauses are split outside quotations alone. */
function clausesOf(instruction: string): string[] {
  const parts = instruction.match(/(?:["“„«][^"”“»]*["”“»]|[^.;\n"“„«])+/g) ?? [];
  return parts.flatMap((part) =>
    quotedIn(part)
      ? splitQuoting(part)
      : part.split(/,\s+(?:and\s+)?|\s+and\s+(?=mention|add|leave|make|remove|include)/i),
  );
}

function splitQuoting(part: string): string[] {
  const at = part.search(/\b(?:and|but)\s+(?:mention|add|say|include|leave out|remove|drop)\b/i);
  return at > 0 ? [part.slice(0, at), part.slice(at)] : [part];
}

function quotedIn(text: string): boolean {
  return new RegExp(quoted.source).test(text);
}

function asSentence(text: string): string {
  const trimmed = text.trim();
  const capital = trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return /[.!?…]$/.test(capital) ? capital : `${capital}.`;
}

function changesSomething({ length, tone, additions, removals, channel }: Adjustment): boolean {
  return (
    length !== "normal" || tone !== "plain" || additions.length > 0 || removals.length > 0 || channel !== null
  );
}

function changesLink(instruction: string): boolean {
  return /\b(?:links?|urls?)\b/i.test(instruction);
}
