/** Points after these words end an abbreviation, not a sentence. */
const abbreviation = /(?:\b(?:e\.g|i\.e|etc|vs|mr|mrs|ms|dr|st|no|approx|inc|ltd|a\.m|p\.m)|\b[a-z])\.$/i;

/**
 * The sentences of a text in order, each as it stands there without the white space around it. A line break ends a
 * sentence where the text breaks lines for lists and paragraphs, not where it only wraps.
 */
export function sentencesOf(text: string): string[] {
  return linesOf(text).flatMap(splitLine);
}

/** Lines with wrapped ones joined: a long line goes on when the next begins in lower case. */
function linesOf(text: string): string[] {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/([^\n]{55}[^\n.!?:;])\n(?=\p{Ll})/gu, "$1 ")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function splitLine(line: string): string[] {
  const sentences: string[] = [];
  let start = 0;
  for (const match of line.matchAll(/[.!?…]+["'”’)\].]*(?=\s+\S)/gu)) {
    const end = match.index + match[0].length;
    const candidate = line.slice(start, end);
    if (abbreviation.test(candidate) || /^\d+\.$/.test(candidate.trim())) continue;
    sentences.push(candidate.trim());
    start = end;
  }
  sentences.push(line.slice(start).trim());
  return sentences.filter((sentence) => sentence !== "");
}

/** A sentence without the mark of the list it stands in. */
export function withoutBullet(sentence: string): string {
  return sentence.replace(/^(?:[-*•–]|\(?\d{1,2}[.):]|[a-z]\))\s+/i, "");
}

/** The text on one line. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** The paragraphs of a text, as blank lines part them. */
export function paragraphsOf(text: string): string[] {
  return text.split(/\n\s*\n/);
}
