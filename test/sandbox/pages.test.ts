import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { withChromium } from "../web/fixtures/browser.ts";
import { launchChromium } from "../web/fixtures/chromium.ts";
import { violationsOf } from "../web/fixtures/look.ts";
import { ADA, openTestSandbox, type TestSandbox } from "./start.ts";

withChromium(() => {
  let test: TestSandbox;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let complaints: string[];
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    test = await openTestSandbox();
    context = await browser.newContext();
    page = await context.newPage();
    complaints = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      if (message.text().includes("Content Security Policy")) complaints.push(message.text());
    });
    page.on("dialog", (dialog) => {
      complaints.push(dialog.message());
      void dialog.dismiss();
    });
  });
  afterEach(async () => {
    await context.close();
    await test.sandbox.close();
    expect(complaints).toEqual([]);
  });

  const conversationPage = () => `${test.sandbox.messengerUrl}/conversations/1002`;
  const texts = () => page.locator(".message .text").allTextContents();

  describe("the messenger in a browser", () => {
    it("lets a person begin a conversation by keyboard and see the answer arrive", async () => {
      await page.goto(test.sandbox.messengerUrl);
      await page.getByLabel("You are").selectOption({ label: "Nora Field (nora@lotus.example)" });
      await page.getByLabel("Your message").fill("Where is my invoice?");
      await page.getByLabel("Your message").press("Control+Enter");
      await page.waitForURL(/\/conversations\/\d+$/);
      await page.getByText("Answers appear here as they are sent.").waitFor();
      expect(await texts()).toEqual(["Where is my invoice?"]);
      const id = page.url().split("/").at(-1)!;
      await test.sandbox.world.adminWrites(id, { adminId: "11", body: "In <b>Billing</b>.\n\nBye" });
      await page.locator(".message.team").waitFor();
      expect(await texts()).toEqual(["Where is my invoice?", "In Billing. Bye"]);
      expect(await page.locator("#messages").getAttribute("aria-live")).toBe("polite");
    });

    it("sends without a reload, once, and keeps the text when it cannot", async () => {
      await page.goto(conversationPage());
      await page.evaluate("document.title = 'not reloaded'");
      const field = page.getByLabel("Your message");
      await field.fill("First");
      await page.getByRole("button", { name: "Send" }).click();
      await page.locator(".message .text", { hasText: "First" }).waitFor();
      expect(await field.inputValue()).toBe("");
      await page.route("**/messages", (route) => route.abort());
      await field.fill("Second");
      await page.getByRole("button", { name: "Send" }).click();
      await page.getByText("Your text is kept").waitFor();
      expect(await field.inputValue()).toBe("Second");
      expect(await page.title()).toBe("not reloaded");
      expect(test.sandbox.world.parts("1002")).toHaveLength(1);
    });

    it("works without its script", async () => {
      const plain = await browser.newContext({ javaScriptEnabled: false });
      const plainPage = await plain.newPage();
      await plainPage.goto(conversationPage());
      await plainPage.getByLabel("Your message").fill("No script here");
      await plainPage.getByRole("button", { name: "Send" }).click();
      await plainPage.locator(".message .text", { hasText: "No script here" }).waitFor();
      await plain.close();
    });

    it("runs nothing that a message holds, whether it was there or arrives", async () => {
      const hostile = '<img src=x onerror="alert(1)"><script>alert(2)</script></p></article>';
      await test.sandbox.world.customerWrites("1002", { body: hostile });
      await page.goto(conversationPage());
      await page.getByText("Answers appear here").waitFor();
      await test.sandbox.world.customerWrites("1002", { body: `${hostile} again` });
      await page.locator(".message .text", { hasText: "again" }).waitFor();
      expect((await texts()).slice(-2)).toEqual([hostile, `${hostile} again`]);
      expect(await page.locator(".message img, .message script").count()).toBe(0);
    });
  });

  describe("every page", () => {
    it.each([
      [1200, "light"],
      [1200, "dark"],
      [360, "light"],
      [360, "dark"],
    ] as const)("passes axe and does not scroll sideways at %d px, %s", async (width, colorScheme) => {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme });
      const { link } = await test.client.actions.getAuthorizationLink({
        connectionName: "intercom",
        identifier: ADA,
        userVerifyUrl: "http://127.0.0.1:9/connect/verify",
      });
      const callback = "http://127.0.0.1:9/sign-in/callback";
      for (const address of [
        test.sandbox.messengerUrl,
        conversationPage(),
        `${test.sandbox.messengerUrl}/conversations/9`,
        test.client.getAuthorizationUrl(callback, { loginHint: ADA }),
        test.client.getAuthorizationUrl("https://evil.example"),
        link,
      ]) {
        await page.goto(address);
        expect({ address, violations: await violationsOf(page) }).toEqual({ address, violations: [] });
        const sideways = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
        expect({ address, sideways }).toEqual({ address, sideways: 0 });
      }
    });
  });

  describe("what leads back to the application", () => {
    it("lets the browser go there from signing in with one click, and from connecting", async () => {
      const application = createServer((_, response) => response.end("back in the application"));
      await once(application.listen(0, "127.0.0.1"), "listening");
      const { port } = application.address() as AddressInfo;
      const callback = `http://127.0.0.1:${port}/callback`;
      await page.goto(test.client.getAuthorizationUrl(callback, { state: "s" }));
      await page.getByRole("button", { name: /Ada Lane/ }).click();
      await page.waitForURL(/\/callback\?code=code_.*&state=s$/);
      const { link } = await test.client.actions.getAuthorizationLink({
        connectionName: "intercom",
        identifier: ADA,
        state: "t",
        userVerifyUrl: callback,
      });
      await page.goto(link);
      await page.getByRole("button", { name: "Allow" }).click();
      await page.waitForURL(/\/callback\?state=t&auth_request_id=areq_/);
      application.closeAllConnections();
      application.close();
    });
  });
});
