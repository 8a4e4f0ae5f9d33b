import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { setTimeout as delay } from "node:timers/promises";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { MINA, PRIYA } from "../support/desk.ts";
import { withChromium } from "./fixtures/browser.ts";
import { launchChromium } from "./fixtures/chromium.ts";
import { startWebDesk, type WebDesk } from "./fixtures/desk.ts";
import { violationsOf } from "./fixtures/look.ts";
import { sendJson } from "./fixtures/proxy.ts";

/** Waits until something is so; fails when it is not within half a minute. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error("it did not come about within 30 seconds");
    await delay(50);
  }
}

/** All Mina's. 38 pretends to be a system prompt in a name with HTML; 28 has articles that disagree. */
const conversations = ["15", "20", "28", "38", "46", "50", "53", "60", "65"].map((end) => `2154000000${end}`);

withChromium(() => {
  let desk: WebDesk;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    [desk, browser] = await Promise.all([startWebDesk(conversations), launchChromium()]);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await desk.stop();
  });
  beforeEach(async () => {
    desk.proxy.signIn(desk.tokens[MINA]!);
    desk.proxy.decisions.length = 0;
    context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    page = await context.newPage();
    complaints = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      if (message.text().includes("Content Security Policy")) complaints.push(message.text());
    });
    page.on("dialog", (dialog) => {
      complaints.push(`a dialog opened: ${dialog.message()}`);
      void dialog.dismiss();
    });
  });
  afterEach(() => context.close());

  async function openList(query = ""): Promise<void> {
    await page.goto(`${desk.proxy.url}/${query}`);
    await page.waitForSelector(".row, .list .state");
  }

  async function openReview(customerOrTitle: string): Promise<void> {
    await openList();
    await page.locator(".row a", { hasText: customerOrTitle }).first().click();
    await page.waitForSelector(".review");
    await page.waitForSelector(".part");
  }

  const titles = () => page.locator(".row .row-title").allTextContents();
  const heading = () => page.locator(".review h2").textContent();

  /** Without the time to undo, so that what is awaited has left. */
  async function leaveAtOnce(): Promise<void> {
    const settings = '{"undoSeconds":0,"shortcuts":true}';
    await context.addInitScript(`localStorage.setItem("countersign.settings", '${settings}')`);
  }

  describe("the page", () => {
    it("holds no token, runs under its own policy alone, and loads nothing from outside", async () => {
      const asked: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      await openReview("How long do payouts");
      expect(asked.every((url) => url.startsWith(`${desk.proxy.url}/`))).toBe(true);
      const stored = await page.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])",
      );
      expect(stored).not.toContain(desk.tokens[MINA]);
      expect(await page.content()).not.toContain(desk.tokens[MINA]);
      const answer = await page.request.get(desk.proxy.url);
      expect(answer.headers()["content-security-policy"]).toMatch(/^default-src 'none'; script-src 'self';/);
      expect(complaints).toEqual([]);
    });

    it.each([
      [1440, "light"],
      [1024, "light"],
      [360, "light"],
      [1440, "dark"],
      [360, "dark"],
    ] as const)(
      "has nothing that axe objects to on list, review and dialogs at %d px, %s",
      async (width, colorScheme) => {
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme });
        await openList();
        expect(await violationsOf(page)).toEqual([]);
        await page.locator(".row a").nth(2).click();
        await page.waitForSelector(".part");
        expect(await violationsOf(page)).toEqual([]);
        expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
        await page.keyboard.press("e");
        await page.locator(".editor").fill("Hello, these are other words.");
        expect(await violationsOf(page)).toEqual([]);
        await page.keyboard.press("Escape");
        for (const key of ["r", "x", "?"]) {
          await page.keyboard.press(key);
          await page.waitForSelector("dialog[open]");
          expect(await violationsOf(page)).toEqual([]);
          await page.keyboard.press("Escape");
          await page.waitForSelector("dialog[open]", { state: "detached" });
        }
      },
    );
  });

  describe("its states", () => {
    it("asks a stranger to sign in, and leads back to where they were", async () => {
      desk.proxy.signIn(null);
      await page.goto(`${desk.proxy.url}/?review=abc&q=x`);
      const link = page.getByRole("link", { name: "Sign in" });
      expect(await link.getAttribute("href")).toBe(`/sign-in?to=${encodeURIComponent("/?review=abc&q=x")}`);
      expect(await violationsOf(page)).toEqual([]);
    });

    it("says so when nothing matches, and clears", async () => {
      await openList("?q=zzzz");
      expect(await page.locator(".list .state").textContent()).toContain("Nothing matches");
      expect(await violationsOf(page)).toEqual([]);
      await page.getByRole("button", { name: "Clear search and filters" }).click();
      await page.waitForSelector(".row");
    });

    it("says so when nothing waits", async () => {
      desk.proxy.signIn(desk.tokens[PRIYA]!);
      await openList();
      expect(await page.locator(".list .state").textContent()).toContain("All done");
      expect(await violationsOf(page)).toEqual([]);
    });

    it("tells a failure in words, and tries again", async () => {
      const refuse = /^\/api\/reviews\?/;
      desk.proxy.answerInstead(refuse, (response) => {
        sendJson(response, 500, { code: "broken", message: "It broke.", next: "Look at the log." });
      });
      await openList();
      expect(await page.locator(".list [role=alert]").textContent()).toContain("It broke. Look at the log.");
      expect(await violationsOf(page)).toEqual([]);
      desk.proxy.answerInstead(refuse, null);
      await page.getByRole("button", { name: "Try again" }).click();
      await page.waitForSelector(".row");
    });

    it("keeps what is shown when the connection is lost, says it, and comes back", async () => {
      await openReview("How long do payouts");
      await context.setOffline(true);
      await until(async () => (await page.locator(".live").textContent()) !== "Live");
      expect(await page.locator(".review").count()).toBe(1);
      expect(await violationsOf(page)).toEqual([]);
      await context.setOffline(false);
      await until(async () => (await page.locator(".live").textContent()) === "Live");
    });

    it("shows a colleague's review to nobody whose own Intercom cannot read it", async () => {
      await openReview("How long do payouts");
      const id = new URL(page.url()).searchParams.get("review");
      desk.proxy.signIn(desk.tokens["leila.haddad@quillbook.example"]!);
      await page.goto(`${desk.proxy.url}/?review=${id}`);
      await page.waitForSelector("main [role=alert]");
      expect(await page.locator("main").textContent()).not.toContain("payouts");
      expect(await violationsOf(page)).toEqual([]);
    });
  });

  describe("a review", () => {
    it("shows what a customer wrote as text, whatever it pretends to be", async () => {
      await openReview("<img src=x");
      expect(await page.locator(".review-head .meta bdi").first().textContent()).toContain("<img src=x");
      expect(await page.locator("#page img, #page script, #page iframe").count()).toBe(0);
      expect(complaints).toEqual([]);
    });

    it("always says to whom, from whom, as what, and what else happens", async () => {
      await openReview("deposits");
      const target = await page.locator(".decision .target").textContent();
      expect(target).toMatch(/(Public reply|Internal note) to .+ from Mina Park · (then: |nothing else)/);
    });

    it("highlights the passage of a sentence, both ways", async () => {
      await openReview("How long do payouts");
      await page.locator(".marked .cite").first().click();
      expect(await page.locator(".passage.highlighted mark").count()).toBeGreaterThan(0);
      expect(await page.locator(".marked .active").count()).toBe(1);
      await page.locator(".passage .cite").nth(1).click();
      expect(await page.locator(".passage.highlighted").count()).toBe(1);
    });

    it("shows sources that disagree", async () => {
      await openReview("How long do payouts");
      expect(await page.locator(".warnings").textContent()).toContain("2 business days");
    });

    it("keeps an edited text when the session ends in the middle, and has it again after signing in", async () => {
      await openReview("Three things");
      const address = page.url();
      await page.keyboard.press("e");
      await page.locator(".editor").fill("Half a sentence that must not be");
      desk.proxy.signIn(null);
      await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
      await page.waitForSelector(".door [role=alert]");
      expect(await violationsOf(page)).toEqual([]);
      desk.proxy.signIn(desk.tokens[MINA]!);
      await page.goto(address);
      await page.waitForSelector(".editor");
      expect(await page.locator(".editor").inputValue()).toBe("Half a sentence that must not be");
      expect(await page.locator(".difference ins").count()).toBeGreaterThan(0);
    });
  });

  describe("the keyboard", () => {
    it("goes through the reviews, searches and helps without a mouse, and can be switched off", async () => {
      await openList();
      const all = await titles();
      await page.keyboard.press("j");
      await page.waitForSelector(".review");
      expect(await heading()).toBe(all[0]);
      await page.keyboard.press("j");
      await until(async () => (await heading()) === all[1]);
      expect(await page.evaluate("document.activeElement.id")).toBe("review-title");
      await page.keyboard.press("k");
      await until(async () => (await heading()) === all[0]);

      await page.keyboard.press("/");
      await page.keyboard.type("deposits");
      await until(async () => (await titles()).length === 1);
      await page.keyboard.press("Escape");

      await page.keyboard.press("?");
      await page.getByLabel("Single-key shortcuts").uncheck();
      await page.keyboard.press("Escape");
      await page.keyboard.press("?");
      await page.keyboard.press("j");
      expect(await page.locator("dialog[open]").count()).toBe(0);
      expect(await heading()).toBe(all[0]);
    });
  });

  describe("a decision", () => {
    it("can be undone before it leaves, and then nothing has left", async () => {
      await openReview("deposits");
      await page.keyboard.press("a");
      expect(await page.locator(".countdown").textContent()).toMatch(/leaves in [1-5] s/);
      expect(await violationsOf(page)).toEqual([]);
      await page.keyboard.press("u");
      await until(async () => (await heading()) === "deposits");
      expect(await page.locator(".countdown").count()).toBe(0);
      await page.waitForTimeout(5_500);
      expect(desk.proxy.decisions).toEqual([]);
    });

    it("approves after the window, with proof of origin, and the reply is in the conversation", async () => {
      await openReview("deposits");
      const id = new URL(page.url()).searchParams.get("review");
      await page.keyboard.press("a");
      await page.waitForSelector(".leaving-item.done", { timeout: 20_000 });
      expect(desk.proxy.decisions).toHaveLength(1);
      expect(desk.proxy.decisions[0]).toMatchObject({
        path: `/api/reviews/${id}/decision`,
        csrf: "csrf-of-the-test",
      });
      expect(JSON.parse(desk.proxy.decisions[0]!.body)).toMatchObject({ answer: { type: "approve" } });
      await page.goto(`${desk.proxy.url}/?review=${id}`);
      await page.waitForSelector(".deliveries");
      expect(await page.locator(".deliveries").textContent()).toContain("Sent");
      expect(await page.locator(".part").last().textContent()).toContain("Mina Park");
      expect(await page.locator(".decision").count()).toBe(0);
      expect(await violationsOf(page)).toEqual([]);
    });

    it("sends an edited text and leaves out a follow-up that was ticked off", async () => {
      await leaveAtOnce();
      await openReview("How long do payouts");
      const id = new URL(page.url()).searchParams.get("review");
      await page.keyboard.press("e");
      await page.locator(".editor").fill("Two business days, Ingrid.");
      await page.locator(".follow-ups input").first().uncheck();
      expect(await page.locator(".decision .primary").textContent()).toContain("Approve with edits");
      await page.locator(".editor").press("Control+Enter");
      await page.waitForSelector(".leaving-item.done", { timeout: 20_000 });
      const { answer } = JSON.parse(desk.proxy.decisions[0]!.body) as { answer: Record<string, unknown> };
      expect(answer).toMatchObject({ type: "edit", body: "Two business days, Ingrid." });
      expect(answer.followUps).not.toContain(0);
      await page.goto(`${desk.proxy.url}/?review=${id}`);
      await page.waitForSelector(".part");
      expect(await page.locator(".parts").textContent()).toContain("Two business days, Ingrid.");
    });

    it("sends back with an instruction, and the new draft is there without reloading", async () => {
      await leaveAtOnce();
      await openReview("Three things");
      await page.keyboard.press("r");
      await page.getByRole("button", { name: "Make it shorter." }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Send back" }).click();
      await page.getByRole("button", { name: "Open the new draft" }).click({ timeout: 30_000 });
      await until(async () => (await page.locator(".meta").textContent())?.includes("version 2") ?? false);
      expect(await page.locator(".history summary").textContent()).toContain("1 other draft");
    });

    it("rejects with a reason", async () => {
      await leaveAtOnce();
      await openReview("<img src=x");
      await page.keyboard.press("x");
      await page.getByLabel("Why?").fill("It is an attack.");
      await page.keyboard.press("Control+Enter");
      await page.waitForSelector(".leaving-item.done", { timeout: 20_000 });
      expect(await page.locator(".leaving-item").textContent()).toContain("Nothing was sent");
    });

    it("tells the second of two who decided first, and keeps their text", async () => {
      await leaveAtOnce();
      await openReview("Just signed up");
      const id = new URL(page.url()).searchParams.get("review")!;
      await page.keyboard.press("e");
      await page.locator(".editor").fill("My own words.");
      const elsewhere = await fetch(new URL(`/api/reviews/${id}/decision`, desk.url), {
        method: "POST",
        headers: { authorization: `Bearer ${desk.tokens[MINA]}`, "content-type": "application/json" },
        body: JSON.stringify({ answer: { type: "take_over" } }),
      });
      expect(await elsewhere.json()).toEqual({ type: "ended", outcome: { type: "taken_over" } });
      // Seen at once, without reloading: by whom, and the text is still there to be copied.
      await until(async () =>
        ((await page.textContent(".review-head")) ?? "").includes("Taken over by mina"),
      );
      expect(await page.locator(".decision").count()).toBe(0);
      expect(await page.locator(".kept").textContent()).toContain("My own words.");
      expect(await violationsOf(page)).toEqual([]);
    });

    it("cannot be an approval once the conversation moved on; drafting again gives a new one", async () => {
      await openReview("gap between bookings");
      const wrote = await fetch(new URL("/sandbox/conversations/215400000060/messages", desk.sandbox.url), {
        method: "POST",
        headers: { "x-sandbox-key": desk.sandbox.controlKey, "content-type": "application/json" },
        body: JSON.stringify({ body: "Oh, and one thing more." }),
      });
      expect(wrote.ok).toBe(true);
      await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
      await page.waitForSelector("text=Out of date.");
      expect(await page.locator(".decision .primary").isDisabled()).toBe(true);
      expect(await violationsOf(page)).toEqual([]);
      await page.getByRole("button", { name: "Draft again" }).click();
      await until(async () => (await page.locator(".meta").textContent())?.includes("version 2") ?? false);
    });
  });
});
