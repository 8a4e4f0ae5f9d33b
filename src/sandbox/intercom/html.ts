/** How Intercom stores and shows message bodies: it never keeps the bytes it was sent. */

const BLOCKS = new Set([
  "p",
  "h1",
  "h2",
  "h3",
  "h4",
  "ul",
  "ol",
  "li",
  "pre",
  "blockquote",
  "table",
  "thead",
  "tbody",
  "tr",
  "td",
  "th",
  "div",
  "hr",
]);
const KEPT = new Set([...BLOCKS, "a", "b", "i", "strong", "em", "code", "br", "img", "span"]);
const SILENT = /<(script|style|head|title)\b[^>]*>[\s\S]*?<\/\1\s*>/gi;
const COMMENTS = /<!--[\s\S]*?-->/g;
const TAG = /<(\/?)([a-zA-Z][a-zA-Z0-9]*)((?:"[^"]*"|'[^']*'|[^'">])*)>/g;

/** The HTML Intercom stores for a body sent to it, as plain text or as HTML: wrappers dropped, white space its own. */
export function storedHtml(body: string): string {
  if (!/<[a-zA-Z/!]/.test(body)) return paragraphsOf(body);
  const cleaned = storedMarkup(body.replace(COMMENTS, "").replace(SILENT, ""))
    .replace(/\s+/g, " ")
    .replace(/<p>\s*<\/p>/g, "")
    .replace(/\s*(<\/?(?:p|h[1-4]|ul|ol|li|pre|blockquote|table|tr|hr)\b[^>]*>)\s*/g, "$1")
    .replace(/(<\/(?:p|h[1-4]|ul|ol|li|pre|blockquote|table|tr)>|<(?:ul|ol)>)(?=<)/g, "$1\n")
    .trim();
  return /^<(p|h[1-4]|ul|ol|pre|blockquote|table|div)\b/.test(cleaned) ? cleaned : `<p>${cleaned}</p>`;
}

/** Plain text as the paragraphs Intercom makes of it. */
export function paragraphsOf(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .split(/\n[ \t]*\n+/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== "")
    .map((paragraph) => `<p>${escapeHtml(paragraph).replace(/\n/g, "<br>")}</p>`)
    .join("\n");
}

/**
 * What `display_as=plaintext` shows: tags gone, links as `label (url)`, blocks apart. Text that styles hide from a
 * reader is still text.
 */
export function plainText(html: string): string {
  const text = html
    .replace(COMMENTS, "")
    .replace(SILENT, "")
    .replace(/<a\b[^>]*?href\s*=\s*(?:"([^"]*)"|'([^']*)')[^>]*>([\s\S]*?)<\/a\s*>/gi, linkText)
    .replace(/\s*\n\s*/g, " ")
    .replace(/<br\s*\/?>\s*/gi, "\n")
    .replace(/<li\b[^>]*>\s*/gi, "\n- ")
    .replace(/<\/(p|h[1-6]|ul|ol|pre|blockquote|table|div)\s*>/gi, "\n\n")
    .replace(/<\/tr\s*>/gi, "\n")
    .replace(/<\/t[dh]\s*>/gi, " ")
    .replace(TAG, "");
  return unescapeHtml(text)
    .replace(/[ \t]+\n/g, "\n")
    .replace(/\n[ \t]+/g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .replace(/[ \t]{2,}/g, " ")
    .trim();
}

export function escapeHtml(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}

function unescapeHtml(text: string): string {
  return text
    .replace(/&nbsp;/g, " ")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&#(\d{1,6});/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&#x([0-9a-f]{1,5});/gi, (_, code: string) => String.fromCodePoint(parseInt(code, 16)))
    .replace(/&amp;/g, "&");
}

/** Tags Intercom keeps, rewritten; what stands between them is text. */
function storedMarkup(body: string): string {
  let stored = "";
  let end = 0;
  for (const match of body.matchAll(TAG)) {
    const [tag, slash = "", name = "", attributes = ""] = match;
    stored += storedText(body.slice(end, match.index)) + storedTag(slash, name.toLowerCase(), attributes);
    end = match.index + tag.length;
  }
  return stored + storedText(body.slice(end));
}

function storedText(text: string): string {
  return text
    .replace(/&(?!#?\w{1,8};)/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;");
}

function storedTag(slash: string, name: string, attributes: string): string {
  if (!KEPT.has(name)) return "";
  if (slash === "/") return `</${name}>`;
  if (name === "a")
    return `<a href="${attributeOf(attributes, "href")}" rel="nofollow noopener noreferrer" target="_blank">`;
  if (name === "img") return `<img src="${attributeOf(attributes, "src")}">`;
  return `<${name}>`;
}

function attributeOf(attributes: string, name: string): string {
  const match = new RegExp(`${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, "i").exec(attributes);
  const value = match?.[1] ?? match?.[2] ?? "";
  return /^(https?:|mailto:)/i.test(value) ? value.replace(/"/g, "&quot;") : "";
}

function linkText(_: string, double: string | undefined, single: string | undefined, label: string): string {
  const url = double ?? single ?? "";
  const text = label.replace(TAG, "").trim();
  return text === url || text === "" || url === "" ? text || url : `${text} (${url})`;
}
