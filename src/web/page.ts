import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { Hono } from "hono";
import { createMiddleware } from "hono/factory";
import { OperatorError } from "../domain/errors.ts";
import type { WebEnvironment } from "./answer.ts";

const project = resolve(import.meta.dirname, "..", "..");

/** Where the page's sources are, and everything else its build depends on. */
const sources = join(import.meta.dirname, "inbox");
const others = ["package.json", "src/web/page.ts", "src/cli/build-page.ts"].map((path) =>
  join(project, path),
);

/** What a build leaves behind, by name and type. */
export const pageFiles = {
  "inbox.js": "text/javascript; charset=utf-8",
  "inbox.css": "text/css; charset=utf-8",
} as const;
type PageFile = keyof typeof pageFiles;

/** One state of the page's sources: `hash` names it, `folder` is where its build belongs. */
export interface PageEdition {
  hash: string;
  folder: string;
  sources: string;
}

let edition: PageEdition | undefined;

/** The page as its sources are now; read once in a process. */
export function pageEdition(): PageEdition {
  return (edition ??= readEdition());
}

/** Every path of the page that answers without a session: it holds no data of anybody's. */
export function pagePaths(): string[] {
  return ["/", "/favicon.svg", ...Object.keys(pageFiles).map((name) => assetPath(name as PageFile))];
}

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join("; ");

/** Set on the page's own routes alone: other routes of the server have policies of their own. */
const guarded = createMiddleware(async (context, next) => {
  await next();
  context.header("content-security-policy", policy);
  context.header("x-content-type-options", "nosniff");
  context.header("referrer-policy", "same-origin");
  context.header("cross-origin-opener-policy", "same-origin");
  context.header("cross-origin-resource-policy", "same-origin");
});

/** The inbox page: one document at `/`, its script and its style, and nothing from anywhere else. */
export const pageRoutes = new Hono<WebEnvironment>()
  .get("/", guarded, (context) => {
    context.header("cache-control", "no-cache");
    return context.html(documentText());
  })
  .get("/favicon.svg", guarded, (context) =>
    context.body(icon, 200, { "content-type": "image/svg+xml", "cache-control": "public, max-age=86400" }),
  )
  .get("/assets/:hash/:name", guarded, async (context) => {
    const name = context.req.param("name");
    if (!isPageFile(name) || context.req.param("hash") !== pageEdition().hash) return context.notFound();
    const { plain, packed } = await readAsset(name);
    const accepts = /\bgzip\b/.test(context.req.header("accept-encoding") ?? "");
    return context.body(accepts ? packed : plain, 200, {
      "content-type": pageFiles[name],
      "cache-control": "public, max-age=31536000, immutable",
      vary: "accept-encoding",
      ...(accepts && { "content-encoding": "gzip" }),
    });
  });

function documentText(): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Countersign</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${assetPath("inbox.css")}">
<script type="module" src="${assetPath("inbox.js")}"></script>
</head>
<body>
<div id="page"><p class="starting">Countersign</p></div>
<noscript><p>The review inbox needs JavaScript. The command line works without: npx countersign reviews</p></noscript>
</body>
</html>
`;
}

const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#1f6f5c"/><path d="M8 20.5c3.5-8 6.5-10.5 8-9.5 2.2 1.6-4.5 9.5-2 10.5 2 .8 4-5 6-4.5 1.5.4.5 3.5 4.5 2.5" fill="none" stroke="#fff" stroke-width="2.4" stroke-linecap="round"/></svg>`;

interface Asset {
  plain: Uint8Array<ArrayBuffer>;
  packed: Uint8Array<ArrayBuffer>;
}

const assets = new Map<PageFile, Promise<Asset>>();

function readAsset(name: PageFile): Promise<Asset> {
  const known = assets.get(name);
  if (known) return known;
  const reading = loadAsset(name);
  assets.set(name, reading);
  reading.catch(() => assets.delete(name));
  return reading;
}

async function loadAsset(name: PageFile): Promise<Asset> {
  const text = await readFile(join(pageEdition().folder, name)).catch((error: unknown) => {
    throw new OperatorError(
      "page_missing",
      "The review inbox page has not been built.",
      "Start the server with npm start, which builds it.",
      { cause: error },
    );
  });
  return { plain: Uint8Array.from(text), packed: Uint8Array.from(await promisify(gzip)(text)) };
}

function assetPath(name: PageFile): string {
  return `/assets/${pageEdition().hash}/${name}`;
}

function isPageFile(name: string): name is PageFile {
  return Object.hasOwn(pageFiles, name);
}

function readEdition(): PageEdition {
  const hash = createHash("sha256");
  const names = readdirSync(sources, { recursive: true, encoding: "utf8", withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of [...names, ...others]) {
    hash.update(`${file.slice(project.length)}\n`);
    hash.update(readFileSync(file));
  }
  const name = hash.digest("hex").slice(0, 16);
  return { hash: name, folder: join(project, "node_modules/.cache/countersign-page", name), sources };
}
