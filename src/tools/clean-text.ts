const control = /[\p{Cc}\p{Cs}\u{FFF9}-\u{FFFB}]/gu;
const lineBreak = /\r\n?|[\u{2028}\u{2029}\u{0085}]/gu;

/** Characters that show nothing: zero-width ones, direction overrides, tags and variation selectors among them. */
const hidden = /\p{Default_Ignorable_Code_Point}/gu;

/** Where an invisible character has a meaning: inside an emoji, or between letters of a script that joins them. */
const joinsBefore =
  /[\p{Extended_Pictographic}\p{Emoji_Modifier}\u{FE0F}\p{Script=Arabic}\p{Script=Syriac}]$|\p{M}$/u;
const joinsAfter =
  /^[\p{Extended_Pictographic}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Sinhala}\p{Script=Malayalam}]/u;
const styledBefore = /[\p{Emoji}]$/u;

/**
 * Text as a person sees it: line breaks are \n, and characters that nobody sees are gone, since they can carry
 * instructions that only a model reads.
 */
export function cleanText(text: string): string {
  return text
    .replace(lineBreak, "\n")
    .replace(control, (character) => (character === "\n" || character === "\t" ? character : ""))
    .replace(hidden, (character, offset: number, whole: string) =>
      hasMeaning(character, whole.slice(Math.max(0, offset - 2), offset), whole.slice(offset + 1, offset + 3))
        ? character
        : "",
    );
}

/** At most `limit` characters; what was cut is said at the end, and no character is cut in half. */
export function trimText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const mark = `… [${String(text.length - limit)}+ characters left out]`;
  if (mark.length >= limit) return text.slice(0, limit).replace(/[\uD800-\uDBFF]$/, "");
  return text.slice(0, limit - mark.length).replace(/[\uD800-\uDBFF]$/, "") + mark;
}

function hasMeaning(character: string, before: string, after: string): boolean {
  if (character === "\u{FE0F}") return styledBefore.test(before);
  if (character === "\u{200C}" || character === "\u{200D}") {
    return joinsBefore.test(before) && joinsAfter.test(after);
  }
  return false;
}
