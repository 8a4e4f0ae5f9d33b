import { escapeHtml } from "./html.ts";

/** The HTML of an article's Markdown: headings, paragraphs, lists, quotes, code, tables and the usual inline marks. */
export function htmlOfMarkdown(markdown: string): string {
  return blocksOf(markdown.replace(/\r\n?/g, "\n")).map(htmlOfBlock).join("\n");
}

function blocksOf(markdown: string): string[] {
  const blocks: string[] = [];
  let current: string[] = [];
  let fenced = false;
  const flush = () => {
    if (current.length > 0) blocks.push(current.join("\n"));
    current = [];
  };
  for (const line of markdown.split("\n")) {
    if (line.startsWith("```")) {
      if (!fenced) flush();
      current.push(line);
      if (fenced) flush();
      fenced = !fenced;
    } else if (fenced) {
      current.push(line);
    } else if (line.trim() === "") {
      flush();
    } else {
      if (/^#{1,6}\s/.test(line) || startsOtherBlock(current.at(-1), line)) flush();
      current.push(line);
      if (/^#{1,6}\s/.test(line)) flush();
    }
  }
  flush();
  return blocks;
}

/** A list, quote or table may follow a paragraph without an empty line between them. */
function startsOtherBlock(previous: string | undefined, line: string): boolean {
  if (previous === undefined || /^\s/.test(line)) return false;
  return kindOf(previous) !== kindOf(line) && !(isListItem(previous) && kindOf(line) === "text");
}

function kindOf(line: string): "bullets" | "numbers" | "quote" | "table" | "text" {
  if (/^\s*[-*+]\s/.test(line)) return "bullets";
  if (/^\s*\d+[.)]\s/.test(line)) return "numbers";
  if (line.startsWith(">")) return "quote";
  if (line.startsWith("|")) return "table";
  return /^\s/.test(line) ? "bullets" : "text";
}

function isListItem(line: string): boolean {
  return /^\s*([-*+]|\d+[.)])\s/.test(line);
}

function htmlOfBlock(block: string): string {
  const heading = /^(#{1,6})\s+(.*)$/.exec(block);
  if (heading) {
    const level = Math.min(heading[1]?.length ?? 1, 4);
    return `<h${level}>${inline(heading[2] ?? "")}</h${level}>`;
  }
  if (block.startsWith("```")) {
    return `<pre><code>${escapeHtml(block.replace(/^```.*\n?/, "").replace(/\n?```$/, ""))}</code></pre>`;
  }
  if (/^([-*_])\1{2,}$/.test(block.trim())) return "<hr>";
  if (/^[-*+]\s/.test(block)) return listOf("ul", block);
  if (/^\d+[.)]\s/.test(block)) return listOf("ol", block);
  if (block.startsWith(">")) return `<blockquote>${inline(block.replace(/^>\s?/gm, ""))}</blockquote>`;
  if (block.startsWith("|")) return tableOf(block);
  return `<p>${inline(block)}</p>`;
}

function listOf(tag: "ul" | "ol", block: string): string {
  const items: string[] = [];
  for (const line of block.split("\n")) {
    const item = /^\s*(?:[-*+]|\d+[.)])\s+(.*)$/.exec(line);
    if (item) items.push(item[1] ?? "");
    else items.push(`${items.pop() ?? ""} ${line.trim()}`.trim());
  }
  return `<${tag}>\n${items.map((item) => `<li>${inline(item)}</li>`).join("\n")}\n</${tag}>`;
}

function tableOf(block: string): string {
  const rows = block
    .split("\n")
    .filter((line) => !/^\|[\s:|-]+\|?$/.test(line))
    .map((line) => line.replace(/^\||\|\s*$/g, "").split("|"));
  const html = rows.map((cells, index) => {
    const tag = index === 0 ? "th" : "td";
    return `<tr>${cells.map((cell) => `<${tag}>${inline(cell.trim())}</${tag}>`).join("")}</tr>`;
  });
  return `<table>\n${html.join("\n")}\n</table>`;
}

function inline(text: string): string {
  return escapeHtml(text)
    .replace(/`([^`]+)`/g, "<code>$1</code>")
    .replace(/!\[([^\]]*)\]\(([^)\s]+)\)/g, '<img src="$2" alt="$1">')
    .replace(/\[([^\]]+)\]\(([^)\s]+)\)/g, '<a href="$2">$1</a>')
    .replace(/\*\*([^*]+)\*\*/g, "<b>$1</b>")
    .replace(/(^|[^*\w])\*([^*\n]+)\*(?!\w)/g, "$1<i>$2</i>")
    .replace(/(^|[^_\w])_([^_\n]+)_(?!\w)/g, "$1<i>$2</i>")
    .replace(/ {2}\n/g, "<br>")
    .replace(/\n/g, " ");
}
