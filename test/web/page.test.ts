import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "@jest/globals";
import { z } from "zod";
import { pageEdition, pagePaths, pageRoutes } from "../../src/web/page.ts";

describe("the page", () => {
  it("is built once from the same sources", async () => {
    const { folder } = await buildPage();
    expect((await readdir(folder)).sort()).toEqual(["inbox.css", "inbox.js"]);
    expect(await buildPage()).toEqual({ built: false, folder });
  });

  it("is built for production whatever the environment says, with no token and no address from outside", async () => {
    const { folder } = await buildPage();
    const script = await readFile(join(folder, "inbox.js"), "utf8");
    expect(script).not.toContain("process.env");
    expect(script).not.toContain("react-dom-client.development");
    expect(script).not.toMatch(/csdev_|cst_[A-Za-z0-9]/);
    expect(await readFile(join(folder, "inbox.css"), "utf8")).not.toMatch(/url\(|@import/);
  });

  it("answers exactly the paths it names, each with its policy; what is hashed is kept for ever", async () => {
    await buildPage();
    for (const path of pagePaths()) {
      const answer = await pageRoutes.request(path);
      expect({ path, status: answer.status }).toEqual({ path, status: 200 });
      const policy = answer.headers.get("content-security-policy") ?? "";
      expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';/);
      expect(policy).not.toMatch(/unsafe|\*|https?:/);
      const kept = answer.headers.get("cache-control");
      expect(kept).toBe(
        path === "/"
          ? "no-cache"
          : path.startsWith("/assets/")
            ? "public, max-age=31536000, immutable"
            : "public, max-age=86400",
      );
    }
    expect((await pageRoutes.request("/assets/0000000000000000/inbox.js")).status).toBe(404);
    expect((await pageRoutes.request(`/assets/${pageEdition().hash}/toString`)).status).toBe(404);
  });

  it("comes packed to whoever takes it so", async () => {
    await buildPage();
    const path = `/assets/${pageEdition().hash}/inbox.js`;
    const answer = await pageRoutes.request(path, { headers: { "accept-encoding": "gzip, br" } });
    expect(answer.headers.get("content-encoding")).toBe("gzip");
    expect((await answer.arrayBuffer()).byteLength).toBeLessThan(150_000);
  });
});

async function buildPage(): Promise<{ built: boolean; folder: string }> {
  const script = resolve(import.meta.dirname, "fixtures/build.ts");
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", script], {
    env: { PATH: process.env.PATH, NODE_ENV: "test" },
  });
  return z.object({ built: z.boolean(), folder: z.string() }).parse(JSON.parse(stdout));
}
