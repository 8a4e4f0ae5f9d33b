import type { Context } from "hono";
import { html } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";
import type { ContentfulStatusCode } from "hono/utils/http-status";

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** A page of the sandbox with a title and something to read or to choose from. */
export function page(title: string, content: Html): Html {
  return document(
    title,
    html`<main class="card">
      <h1>${title}</h1>
      ${content}
      <p class="foot">This is Countersign's sandbox. Nothing here reaches the real Scalekit or Intercom.</p>
    </main>`,
  );
}

/** The frame every page stands in. */
export function document(title: string, body: Html, head: Html | "" = ""): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Sandbox</title>
        <link rel="icon" type="image/svg+xml" href="/assets/icon.svg" />
        <link rel="stylesheet" href="/assets/page.css" />
        ${head}
      </head>
      <body>
        ${body}
      </body>
    </html>`;
}

/**
 * Sends a page that can run nothing but the sandbox's own script, load nothing from elsewhere and be framed by nobody.
 * Its forms may lead to `formTargets` (origins) too: a browser also stops a redirect that follows a form.
 */
export function sendPage(
  context: Context,
  content: Html,
  { status = 200, formTargets = [] }: { status?: ContentfulStatusCode; formTargets?: readonly string[] } = {},
): Response | Promise<Response> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    ["form-action 'self'", ...formTargets].join(" "),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];
  context.header("content-security-policy", policy.join("; "));
  context.header("x-content-type-options", "nosniff");
  // A stricter policy would make browsers send forms with the origin `null`.
  context.header("referrer-policy", "same-origin");
  context.header("cache-control", "no-store");
  return context.html(content, status);
}
