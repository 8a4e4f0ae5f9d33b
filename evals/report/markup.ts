/** HTML that is safe to put into HTML. */
export interface Markup {
  markup: string;
}

type Value = string | number | Markup | readonly Markup[] | null | false;

/** Writes HTML; whatever is put in is escaped unless it is markup itself. What customers wrote is text here, never HTML. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Markup {
  const written = values.map((value) => {
    if (value === null || value === false) return "";
    if (typeof value === "string" || typeof value === "number") return escapeHtml(String(value));
    return "markup" in value ? value.markup : value.map(({ markup }) => markup).join("");
  });
  return { markup: strings.map((text, index) => text + (written[index] ?? "")).join("") };
}

/** A text of our own that is HTML already. */
export function raw(markup: string): Markup {
  return { markup };
}

function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? "");
}
