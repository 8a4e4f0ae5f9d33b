import { createHash } from "node:crypto";
import type { Context } from "hono";
import { html, raw } from "hono/html";
import type { ContentfulStatusCode } from "hono/utils/http-status";

export interface Notice {
  title: string;
  message: string;
  /** The one thing to do about it. */
  link: { to: string; label: string };
}

/** A page with one message, for who comes by a link and not from the inbox. It loads and runs nothing. */
export function answerNotice(
  context: Context,
  status: ContentfulStatusCode,
  notice: Notice,
): Response | Promise<Response> {
  const digest = createHash("sha256").update(STYLE).digest("base64");
  const policy = `default-src 'none'; style-src 'sha256-${digest}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;
  context.header("content-security-policy", policy);
  context.header("x-content-type-options", "nosniff");
  keepPrivate(context);
  return context.html(
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>${notice.title} · Countersign</title>
          <style>
            ${raw(STYLE)}
          </style>
        </head>
        <body>
          <main>
            <h1>${notice.title}</h1>
            <p>${notice.message}</p>
            <p><a href="${notice.link.to}">${notice.link.label}</a></p>
          </main>
        </body>
      </html>`,
    status,
  );
}

/** The address of this answer holds a code that proves something: it is neither kept nor told to the next page. */
export function keepPrivate(context: Context): void {
  context.header("cache-control", "no-store");
  context.header("referrer-policy", "no-referrer");
}

const STYLE = `:root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;margin:0;background:Canvas;color:CanvasText}main{max-width:32rem;margin:15vh auto 0;padding:0 1rem}h1{font-size:1.4rem}a{color:LinkText}a:focus-visible{outline:3px solid Highlight;outline-offset:2px}`;
