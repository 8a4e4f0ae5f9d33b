import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { ServerFile } from "../../src/cli/server-file.ts";
import { launchChromium } from "./fixtures/chromium.ts";

/**
 * Makes docs/inbox.png from the desk that runs from the data folder given (default `.countersign`):
 * node --import tsx test/web/screenshot.ts [folder]
 */
const data = resolve(process.argv[2] ?? ".countersign");
const { url } = ServerFile.parse(JSON.parse(await readFile(join(data, "server.json"), "utf8")));
const browser = await launchChromium();
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 860 }, colorScheme: "light" });
  await page.goto(new URL("/sign-in?to=/", url).href);
  await page.getByRole("button", { name: /Mina Park/ }).click();
  await page.getByText("No ping on my phone for new bookings").click();
  await page.getByText("Evidence").waitFor();
  await page.waitForTimeout(1500);
  await page.screenshot({ path: join(import.meta.dirname, "../../docs/inbox.png") });
} finally {
  await browser.close();
}
