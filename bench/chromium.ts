import { existsSync } from "node:fs";
import { chromium, type Browser } from "playwright-core";
import type { Workbench } from "./workbench.ts";

const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The machine's Chromium, closed at the end; null when there is none. It looks nothing up by itself. */
export async function launchChromium(workbench: Workbench): Promise<Browser | null> {
  const executablePath = places.find((path) => existsSync(path));
  if (executablePath === undefined) return null;
  const browser = await chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
    // The benchmarks' own handlers close it.
    handleSIGINT: false,
    handleSIGTERM: false,
  });
  workbench.atEnd(() => browser.close());
  return browser;
}
