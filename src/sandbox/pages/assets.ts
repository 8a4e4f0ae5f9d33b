import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Hono } from "hono";

const assets = {
  "page.css": { folder: "pages", type: "text/css; charset=utf-8" },
  "icon.svg": { folder: "pages", type: "image/svg+xml" },
  "messenger.css": { folder: "messenger", type: "text/css; charset=utf-8" },
  "messenger.js": { folder: "messenger", type: "text/javascript; charset=utf-8" },
};

/** The style sheets, the picture and the script that the sandbox's pages use. */
export function createAssetRoutes(): Hono {
  const routes = new Hono();
  for (const [name, { folder, type }] of Object.entries(assets)) {
    const content = readFileSync(join(import.meta.dirname, "..", folder, name), "utf8");
    routes.get(`/assets/${name}`, (context) => {
      context.header("content-type", type);
      context.header("x-content-type-options", "nosniff");
      context.header("cache-control", "no-cache");
      return context.body(content);
    });
  }
  return routes;
}
