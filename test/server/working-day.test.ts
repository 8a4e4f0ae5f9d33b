import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { BrowserContext, Page } from "playwright-core";
import { MINA } from "../support/desk.ts";
import { withChromium } from "../web/fixtures/browser.ts";
import { violationsOf } from "../web/fixtures/look.ts";
import { isDone, startWorkingDesk, type WorkingDesk } from "./fixtures/working-desk.ts";

/** Mina's: 15, 46, 50, 53 and 60, which nobody is assigned to. Priya's: 17 and 19. */
const conversations = ["15", "46", "50", "53", "60", "17", "19"].map((end) => `2154000000${end}`);
const MINE = "My own words, which must not be lost.";

withChromium(() => {
  let day: WorkingDesk;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    day = await startWorkingDesk(conversations);
  }, 120_000);
  afterAll(() => day.stop());
  beforeEach(async () => {
    context = await day.openBrowser();
    page = await context.newPage();
  });
  afterEach(() => context.close());

  describe("a connection that is revoked in the middle of an edit", () => {
    it("leads to connecting again and back to the same draft with its text, and others carry on", async () => {
      await day.signIn(page, /Mina Park/);
      await day.open(page, "215400000053");
      await edit(page, MINE);
      const address = page.url();
      await day.sandbox.world.changeAccount(MINA, "token_revoked");
      await page.getByRole("button", { name: /^Approve/ }).click();
      const undo = page.getByRole("region", { name: "Decisions on their way" });
      const connect = undo.getByRole("button", { name: "Connect Intercom" });
      await connect.waitFor();
      expect(await violationsOf(page)).toEqual([]);
      expect(day.sandbox.world.writes({ conversationId: "215400000053" })).toEqual([]);

      const colleague = await (await day.openBrowser()).newPage();
      await day.signIn(colleague, /Priya Nair/);
      await day.open(colleague, "215400000017");
      await colleague.getByRole("button", { name: /^Approve/ }).click();
      await isDone(colleague);
      await colleague.context().close();

      await undo.getByRole("button", { name: /Open/ }).click();
      await page.getByRole("button", { name: "Connect Intercom" }).first().click();
      await page.getByRole("button", { name: "Allow" }).click();
      await page.getByRole("button", { name: /^Approve/ }).waitFor();
      expect(page.url()).toBe(address);
      expect(await page.getByRole("textbox", { name: /reply/i }).inputValue()).toBe(MINE);
      await page.getByRole("button", { name: /^Approve/ }).click();
      await isDone(page);
      expect(
        day.sandbox.world.parts("215400000053").findLast(({ type }) => type === "comment"),
      ).toMatchObject({
        body: `<p>${MINE}</p>`,
        author: { id: "5510001" },
      });
      const ledger = await page.request.get(`${day.url}/api/ledger?limit=1000`);
      const facts = JSON.stringify(await ledger.json());
      for (const event of ["connection.changed", "connection.requested", "connection.verified"]) {
        expect(facts).toContain(event);
      }
    });
  });

  describe("a conversation that moves on while it is read", () => {
    it("is marked at once, its draft cannot be approved, and the text is kept beside the new one", async () => {
      await day.signIn(page, /Mina Park/);
      await day.open(page, "215400000050");
      await edit(page, MINE);
      await day.sandbox.world.customerWrites("215400000050", { body: "Never mind, I found it myself." });
      await page.getByText("What you typed is kept here.").waitFor({ timeout: 20_000 });
      expect(await page.getByRole("button", { name: /^Approve/ }).count()).toBe(0);
      expect(await page.locator(".draft").textContent()).toContain(MINE);
      expect(await violationsOf(page)).toEqual([]);
      await page.getByRole("button", { name: "Open the new draft" }).click();
      await page.getByRole("button", { name: /^Approve/ }).waitFor();
      expect(await page.locator(".conversation").textContent()).toContain("I found it myself");
      await page.getByRole("button", { name: "Use this text" }).click();
      await page.keyboard.press("e");
      expect(await page.getByRole("textbox", { name: /reply/i }).inputValue()).toBe(MINE);
    });
  });

  describe("two people on one review", () => {
    it("tells the one it was taken from by whom, and keeps their text", async () => {
      await day.signIn(page, /Priya Nair/);
      await day.open(page, "215400000019");
      await edit(page, MINE);

      const lead = await (await day.openBrowser()).newPage();
      await day.signIn(lead, /Mina Park/);
      await lead.getByRole("combobox", { name: "Whose reviews" }).selectOption("all");
      await lead.getByRole("searchbox").fill("215400000019");
      await lead.locator(".row a", { hasText: "for Priya Nair" }).click();
      await lead.getByText("This draft is for Priya Nair").waitFor();
      expect(await violationsOf(lead)).toEqual([]);
      await lead.keyboard.press("p");
      await lead.getByText("Picked up from Priya Nair.").waitFor();
      expect(await lead.locator(".target").textContent()).toContain("from Mina Park");

      await page.getByText("Mina Park has the draft of this conversation now.").waitFor();
      expect(await page.locator(".draft").textContent()).toContain(MINE);
      await lead.keyboard.press("a");
      await isDone(lead);
      expect(day.sandbox.world.writes({ conversationId: "215400000019" })[0]?.parameters.admin_id).toBe(
        "5510001",
      );
      await lead.context().close();
    });
  });

  describe("a session that ends in the middle of an edit", () => {
    it("asks to sign in, and leads back to the same draft with its text", async () => {
      await day.signIn(page, /Mina Park/);
      await day.open(page, "215400000046");
      await edit(page, MINE);
      await context.clearCookies();
      await page.getByRole("button", { name: /^Approve/ }).click();
      await page.getByText("You are signed out.").waitFor();
      expect(await violationsOf(page)).toEqual([]);
      await page.getByRole("link", { name: "Sign in" }).click();
      await page.getByRole("button", { name: /Mina Park/ }).click();
      await page.getByRole("button", { name: /^Approve/ }).waitFor();
      expect(await page.getByRole("textbox", { name: /reply/i }).inputValue()).toBe(MINE);
      expect(day.sandbox.world.writes({ conversationId: "215400000046" })).toEqual([]);
    });
  });

  describe("the account", () => {
    it("says who one is in Intercom, disconnects after asking, and connects again", async () => {
      await day.signIn(page, /Tomás Oliveira/);
      await page.getByRole("button", { name: /you and Intercom/ }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByText("Tomás Oliveira, with an inbox seat").waitFor();
      expect(await violationsOf(page)).toEqual([]);
      await dialog.getByRole("button", { name: "Disconnect Intercom" }).click();
      await dialog.getByRole("button", { name: "Yes, disconnect" }).click();
      await dialog.getByText("Not connected").waitFor();
      expect(await violationsOf(page)).toEqual([]);
      await dialog.getByRole("button", { name: "Connect Intercom" }).click();
      const allow = page.getByRole("button", { name: "Allow" });
      await allow.waitFor();
      expect(await violationsOf(page)).toEqual([]);
      await allow.click();
      await page.waitForSelector(".row, .list .state");
      expect(await page.getByRole("button", { name: "Connect Intercom" }).count()).toBe(0);
    });
  });

  describe("the whole way", () => {
    it("can be gone without a mouse, from the first visit to the sent reply", async () => {
      await page.goto(day.url);
      await press(page, "Tab", () => focused(page).then((name) => name === "Sign in"));
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: /Mina Park/ }).waitFor();
      await press(page, "Tab", () => focused(page).then((name) => name.includes("Mina Park")));
      await page.keyboard.press("Enter");
      await page.waitForSelector(".row");
      await page.keyboard.press("j");
      await page.getByRole("button", { name: /^Approve/ }).waitFor();
      await page.keyboard.press("?");
      await page.getByRole("dialog").waitFor();
      await page.keyboard.press("Escape");
      await page.keyboard.press("a");
      await isDone(page);
    });

    it("is played with the customer's messenger: written, drafted, approved, answered", async () => {
      await day.signIn(page, /Mina Park/);
      const customer = await context.newPage();
      await customer.goto(day.sandbox.messengerUrl);
      await customer.getByLabel("You are").selectOption({ index: 3 });
      await customer.getByLabel("Your message").fill("How do I add a buffer of 15 minutes?");
      await customer.getByRole("button", { name: "Send" }).click();
      const id = new URL(customer.url()).pathname.split("/").at(-1) ?? "";
      await day.open(page, id);
      await page.getByRole("button", { name: /^Approve/ }).click();
      await isDone(page);
      await customer.getByRole("log").getByText("Mina, Quillbook support").waitFor();
    });
  });
});

async function edit(on: Page, text: string): Promise<void> {
  await on.keyboard.press("e");
  await on.getByRole("textbox", { name: /reply/i }).fill(text);
}

/** Presses a key until something is so; fails after fifty times. */
async function press(on: Page, key: string, until: () => Promise<boolean>): Promise<void> {
  for (let count = 0; count < 50; count += 1) {
    await on.keyboard.press(key);
    if (await until()) return;
  }
  throw new Error(`nothing came of pressing ${key}`);
}

function focused(on: Page): Promise<string> {
  return on.evaluate(`document.activeElement?.textContent ?? ""`);
}
