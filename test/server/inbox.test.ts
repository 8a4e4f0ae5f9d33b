import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { prepareData, removeData, startDesk, type StartedDesk } from "../support/server.ts";
import { withChromium } from "../web/fixtures/browser.ts";
import { launchChromium } from "../web/fixtures/chromium.ts";

/** Joanne's and Dax's, of nobody; and Sam's, who has never connected Intercom. */
const conversations = ["215400000053", "215400000046", "215400000014"];

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

    it("says that somebody looks only with their own proof of origin", async () => {
      await page.goto(desk.url);
      await page.getByText("deposits").click();
      const sent = await page.waitForResponse((response) => response.url().endsWith("/presence"));
      expect(sent.status()).toBe(204);
      const path = JSON.stringify(new URL(sent.url()).pathname);
      const refused = await page.evaluate(
        `Promise.all(["POST", "DELETE"].map((method) =>
          fetch(${path}, { method, headers: { "x-countersign-csrf": "foreign" } }).then(({ status }) => status)))`,
      );
      expect(refused).toEqual([403, 403]);
    });

    it("loses its connection in the middle of an edit, connects again, and is where it was with the text", async () => {
      await page.keyboard.press("e");
      await page.locator(".editor").fill("Half a sentence");
      // As another tab would.
      await page.evaluate(`fetch("/api/me").then((answer) => answer.json()).then(({ csrf }) =>
        fetch("/api/connection/disconnect", { method: "POST", headers: { "x-countersign-csrf": csrf } }))`);
      const connect = page.getByRole("banner").getByRole("button", { name: "Connect Intercom" });
      await connect.click();
      await page.getByRole("button", { name: "Allow" }).click();
      await page.locator(".editor").waitFor();
      expect(await page.locator(".editor").inputValue()).toBe("Half a sentence");
      expect(await connect.count()).toBe(0);
    });

    it("tells nothing to who is signed out", async () => {
      await page.getByRole("button", { name: /you and Intercom/ }).click();
      await page.getByRole("button", { name: "Sign out" }).click();
      await page.getByRole("link", { name: /sign in/i }).waitFor();
      const answers = await page.evaluate(
        `Promise.all(["/api/reviews", "/api/me", "/api/events", "/threads/search"].map((path) =>
          fetch(path, path === "/threads/search" ? { method: "POST", body: "{}" } : {}).then(({ status }) => status)))`,
      );
      expect(answers).toEqual([401, 401, 401, 401]);
    });
  });
});
