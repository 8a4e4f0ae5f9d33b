import { readFileSync } from "node:fs";
import { join } from "node:path";
import { html, raw, type Markup } from "./markup.ts";

export interface Page {
  title: string;
  heading: string;
  lead: string;
  /** Links to the parts. */
  nav: Markup;
  main: Markup;
}

/** A whole report as one document that needs nothing else. */
export function pageHtml({ title, heading, lead, nav, main }: Page): string {
  const css = readFileSync(join(import.meta.dirname, "report.css"), "utf8");
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <style>
          ${raw(css)}
        </style>
      </head>
      <body>
        <header>
          <p class="brand">Countersign</p>
          <h1>${heading}</h1>
          <p class="lead">${lead}</p>
          <nav aria-label="Parts of this report">${nav}</nav>
        </header>
        <main>${main}</main>
      </body>
    </html>`;
  return `${page.markup}\n`;
}
