import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { prepareData, removeData, startDesk, type StartedDesk } from "../support/server.ts";
import { withChromium } from "../web/fixtures/browser.ts";
import { launchChromium } from "../web/fixtures/chromium.ts";

/** Joanne's, of nobody; and Sam's, who has never connected Intercom. */
const conversations = ["215400000053", "215400000014"];

withChromium(() => {
  describe("from the first visit to the sent reply, on the started desk", () => {
    let place: Awaited<ReturnType<typeof prepareData>>;
    let desk: StartedDesk;
    let browser: Browser;
    let page: Page;

    beforeAll(async () => {
      place = await prepareData(conversations);
      [desk, browser] = await Promise.all([startDesk(place), launchChromium()]);
      page = await browser.newPage();
    }, 120_000);

    afterAll(async () => {
      await browser.close();
      await desk.kill();
      await removeData(place);
    });

    it("signs in, reads, approves by keyboard, and the customer has the answer as that teammate's", async () => {
      await page.goto(desk.url);
      await page.getByRole("link", { name: /sign in/i }).click();
      await page.getByRole("button", { name: /Mina Park/ }).click();
      await page.getByText("No ping on my phone for new bookings").click();
      await page.getByRole("button", { name: /^Approve/ }).waitFor();
      await page.keyboard.press("a");
      await page
        .getByRole("region", { name: "Decisions on their way" })
        .getByText("Done, as approved.")
        .waitFor();

      const { output } = await desk.run("conversation", "215400000053");
      expect(output).toContain("Mina Park (admin) · comment");
      const ledger = await desk.run("--json", "audit", "list", "--conversation", "215400000053");
      expect(ledger.output).toContain('"via": "session"');
    });

    it("tells nothing to who is signed out", async () => {
      await page.getByRole("button", { name: /sign out/i }).click();
      await page.getByRole("link", { name: /sign in/i }).waitFor();
      const answers = await page.evaluate(
        `Promise.all(["/api/reviews", "/api/me", "/api/events", "/threads/search"].map((path) =>
          fetch(path, path === "/threads/search" ? { method: "POST", body: "{}" } : {}).then(({ status }) => status)))`,
      );
      expect(answers).toEqual([401, 401, 401, 401]);
    });
  });
});
