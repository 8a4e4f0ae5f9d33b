import { cleanText } from "./clean-text.ts";

/** Elements that show nothing of what is in them. */
const skipped = new Set("script style template noscript head title svg iframe object".split(" "));
/** Of these, the ones whose content is not markup: only their own end tag ends them. */
const raw = new Set("script style title iframe noscript template".split(" "));
const blocks = new Set(
  "p div section article header footer ul ol table tr h1 h2 h3 h4 h5 h6 blockquote pre hr br".split(" "),
);
const invisible =
  /(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$))/i;
const voids = new Set("area base br col embed hr img input link meta source track wbr attribute".split(" "));
const token = /<!--[\s\S]*?(?:-->|$)|<(\/?)([a-z][a-z0-9-]*)((?:\s[^<>]*)?)\/?>|[^<]+|</gi;
/** How a stored body looks: it begins with an element, or breaks lines and paragraphs with one. */
const markup = /^\s*(?:<!--|<(?:!doctype|[a-z][a-z0-9]*)\b[^<>]*>)|<\/(?:p|div|li|h[1-6]|td)>|<br\s*\/?>/i;

const entities: Record<string, string> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  hellip: "…",
  mdash: "—",
  ndash: "–",
  lsquo: "‘",
  rsquo: "’",
  ldquo: "“",
  rdquo: "”",
  bull: "•",
  middot: "·",
  copy: "©",
  reg: "®",
  trade: "™",
  euro: "€",
  pound: "£",
  times: "×",
  rarr: "→",
};

/** Text that may be HTML, as plain text. What was written as text stays as it is, a pasted tag in it included. */
export function plainText(body: string): string {
  return markup.test(body) ? htmlToText(body) : body.trim();
}

/**
 * What a reader of the HTML sees, as plain text: paragraphs and list items on their own lines, a link's address
 * after its text. Scripts, styles, comments and elements made invisible are left out.
 */
export function htmlToText(html: string): string {
  let text = "";
  /** The outermost element that is not shown, and those open in it; empty while text is shown. */
  let concealed: string[] = [];
  const links: string[] = [];
  for (const [piece, slash, name, attributes = ""] of html.matchAll(token)) {
    const tag = name?.toLowerCase();
    if (tag === undefined) {
      const shown = concealed.length === 0 && !piece.startsWith("<!--");
      if (shown) text += decodeEntities(piece.replace(/\s+/g, " "));
    } else if (concealed.length > 0) {
      concealed = stillConcealed(concealed, tag, slash === "/");
    } else if (slash !== "/" && isInvisible(tag, attributes)) {
      concealed = voids.has(tag) ? [] : [tag];
    } else {
      text += slash === "/" ? closing(tag, text, links) : opening(tag, attributes, links);
    }
  }
  // Again, because an entity can spell a character that nobody sees.
  return cleanText(text)
    .replace(/[ \t]+/g, " ")
    .replace(/ ?\n ?/g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

function stillConcealed(open: string[], tag: string, closes: boolean): string[] {
  const [outermost = ""] = open;
  if (raw.has(outermost)) return closes && tag === outermost ? [] : open;
  if (outermost === "head" && tag === "body") return [];
  if (closes) {
    const at = open.lastIndexOf(tag);
    if (at !== -1) open.length = at;
  } else if (!voids.has(tag)) {
    open.push(tag);
  }
  return open;
}

function isInvisible(tag: string, attributes: string): boolean {
  if (skipped.has(tag)) return true;
  return /(?:^|\s)hidden(?:\s|=|$)/i.test(attributes) || invisible.test(attributeOf(attributes, "style"));
}

function opening(tag: string, attributes: string, links: string[]): string {
  if (tag === "a") links.push(attributeOf(attributes, "href"));
  if (tag === "li") return "\n- ";
  if (tag === "td" || tag === "th") return " ";
  if (tag === "img") return attributeOf(attributes, "alt");
  // A macro's placeholder: what it says when the attribute is unknown.
  if (tag === "attribute") return attributeOf(attributes, "default") || `[${attributeOf(attributes, "key")}]`;
  if (tag === "br") return "\n";
  return blocks.has(tag) ? "\n\n" : "";
}

function closing(tag: string, text: string, links: string[]): string {
  if (tag === "a") {
    const address = links.pop() ?? "";
    return /^https?:\/\//i.test(address) && !text.endsWith(address) ? ` (${address})` : "";
  }
  return blocks.has(tag) ? "\n\n" : "";
}

function attributeOf(attributes: string, name: string): string {
  const match = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, "i").exec(
    attributes,
  );
  return decodeEntities(match?.[1] ?? match?.[2] ?? match?.[3] ?? "");
}

function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi, (whole, decimal, hex, name) => {
    if (typeof name === "string") return entities[name.toLowerCase()] ?? whole;
    const code = typeof decimal === "string" ? Number(decimal) : parseInt(String(hex), 16);
    return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
      ? String.fromCodePoint(code)
      : "";
  });
}
