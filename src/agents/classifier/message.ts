/**
 * What the customer wrote themselves: quoted history, a forwarded message's header, the signature and the greeting
 * are left out. A text that is nothing but those comes back empty.
 */
export function ownWords(text: string): string {
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  const history = lines.findIndex((line, index) => startsHistory(line, lines[index + 1] ?? ""));
  const own = (history >= 0 ? lines.slice(0, history) : lines).filter((line) => !/^\s*>/.test(line));
  return withoutGreeting(withoutSignature(own).join("\n")).trim();
}

/** A closing formula and everything below it, as long as what is below is short enough to be a signature. */
const closing =
  /^\s*(?:(?:many |kind |best |warm |kindest |warmest )?(?:regards|wishes)|best|cheers|sincerely|yours(?: (?:sincerely|truly|faithfully))?|all the best|(?:many )?thanks(?: (?:so much|a lot|again|in advance|very much))?|thank you(?: (?:so much|very much|in advance|again))?|thx|ta|talk soon|take care|have a (?:nice|good|great|lovely) (?:day|one|weekend|evening))\s*(?:[,.!-]+\s*\p{Lu}?\p{L}*(?:\s\p{Lu}\p{L}*)?[.!]?)?\s*$/iu;
const SIGNATURE_LINES = 7;

function startsHistory(line: string, next: string): boolean {
  return (
    /^\s*on .{5,120} wrote:\s*$/i.test(line) ||
    (/^\s*on .{5,120}$/i.test(line) && /wrote:\s*$/i.test(next)) ||
    /^\s*-{2,}\s*(?:original message|forwarded message|reply above this line)/i.test(line) ||
    /^\s*_{10,}\s*$/.test(line) ||
    (/^\s*from:\s.+/i.test(line) && /^\s*(?:sent|date|to):\s/i.test(next))
  );
}

function withoutSignature(lines: string[]): string[] {
  const delimiter = lines.findIndex((line) => /^\s*--\s*$/.test(line));
  let kept = delimiter >= 0 ? lines.slice(0, delimiter) : lines;
  kept = kept.filter((line) => !/^\s*(?:sent from my \w+|get outlook for \w+|envoyé de mon \w+)/i.test(line));
  const last = kept.findLastIndex((line) => closing.test(line));
  const below = kept.slice(last + 1).filter((line) => line.trim() !== "");
  const looksLikeSignature =
    below.length <= SIGNATURE_LINES && below.every((line) => line.length <= 70 && !line.includes("?"));
  // A message that is only its thanks keeps them: they are what it says.
  const above = last > 0 && kept.slice(0, last).some((line) => line.trim() !== "");
  return above && looksLikeSignature ? kept.slice(0, last) : kept;
}

function withoutGreeting(text: string): string {
  const greeting =
    /^\s*(?:(?:hi|hello|hey|hiya|dear|greetings|good (?:morning|afternoon|evening|day))(?:\s+(?:there|all|team|everyone|folks|support|sir|madam|\p{Lu}[\p{L}'-]*)){0,4}(?:\s+(?:team|support))?)\s*[,!.:–—-]+\s*/iu;
  const bare = text.replace(greeting, "");
  return bare.trim() === "" ? text : bare;
}
