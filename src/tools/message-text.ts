import { htmlToText, plainText } from "./html.ts";
import { cleanText } from "./clean-text.ts";

const maximumCharacters = 4_000;
const maximumVisibleCharacters = 3_000;
const mark = "\n… [the rest of this message is left out]";

/**
 * One message as plain text of at most 4,000 characters; a cut is said at its end. Where it is cut does not depend
 * on white space, which Intercom may change when it stores a message: the same message always reads the same.
 */
export function messageText(body: string): string {
  const text = plainText(body)
    .replace(/[^\S\n]+/g, " ")
    .replace(/ ?\n ?/g, "\n")
    .replace(/\n{3,}/g, "\n\n");
  const end = endOfVisible(text, maximumVisibleCharacters);
  if (end === text.length && text.length <= maximumCharacters) return text;
  const kept = text.slice(0, Math.min(end, maximumCharacters - mark.length));
  return kept.replace(/[\uD800-\uDBFF]$/, "").trimEnd() + mark;
}

/** How a message sent as this HTML reads when it is read back as a part of its conversation. */
export function textOf(html: string): string {
  return messageText(htmlToText(cleanText(html)));
}

/** Where the text ends that has at most `limit` characters besides white space. */
function endOfVisible(text: string, limit: number): number {
  let visible = 0;
  for (let index = 0; index < text.length; index += 1) {
    if (!/\s/.test(text.charAt(index))) visible += 1;
    if (visible > limit) return index;
  }
  return text.length;
}
