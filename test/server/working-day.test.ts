import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { startSandbox, type Sandbox } from "../../src/sandbox/sandbox.ts";
import { MINA } from "../support/desk.ts";
import { prepareData, removeData, startDesk, type StartedDesk } from "../support/server.ts";
import { withChromium } from "../web/fixtures/browser.ts";
import { launchChromium } from "../web/fixtures/chromium.ts";
import { violationsOf } from "../web/fixtures/look.ts";

/** Mina's: 15, 46, 50, 53 and 60, which nobody is assigned to. Priya's: 17 and 19. */
const conversations = ["15", "46", "50", "53", "60", "17", "19"].map((end) => `2154000000${end}`);
const MINE = "My own words, which must not be lost.";

withChromium(() => {
  let place: Awaited<ReturnType<typeof prepareData>>;
  let sandbox: Sandbox;
  let desk: StartedDesk;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    place = await prepareData(conversations);
    sandbox = await startSandbox({
      ...{ port: 0, host: "127.0.0.1", stateFile: null, shiftToNow: true },
      workspaceFolder: place.workspace,
      clock: () => new Date(),
    });
    [desk, browser] = await Promise.all([
      startDesk(place, {
        SCALEKIT_ENVIRONMENT_URL: sandbox.url,
        SCALEKIT_CLIENT_ID: sandbox.clientId,
        SCALEKIT_CLIENT_SECRET: sandbox.clientSecret,
        COUNTERSIGN_WEBHOOK_SECRET: sandbox.webhookSecrets.scalekit,
        COUNTERSIGN_INTERCOM_SECRET: sandbox.webhookSecrets.intercom,
      }),
      launchChromium(),
    ]);
    for (const sender of ["scalekit", "intercom"] as const) {
      await sandbox.world.setWebhook(sender, `${desk.url}/webhooks/${sender}`);
    }
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await desk.kill();
    await sandbox.close();
    await removeData(place);
  });
  beforeEach(async () => {
    context = await openBrowser();
    page = await context.newPage();
  });
  afterEach(() => context.close());

  describe("a connection that is revoked in the middle of an edit", () => {
    it("leads to connecting again and back to the same draft with its text, and others carry on", async () => {
      await signIn(page, /Mina Park/);
      await open(page, "215400000053");
      await edit(page, MINE);
      const address = page.url();
      await sandbox.world.changeAccount(MINA, "token_revoked");
      await page.getByRole("button", { name: /^Approve/ }).click();
      const undo = page.getByRole("region", { name: "Decisions on their way" });
      const connect = undo.getByRole("button", { name: "Connect Intercom" });
      await connect.waitFor();
      expect(await violationsOf(page)).toEqual([]);
      expect(sandbox.world.writes({ conversationId: "215400000053" })).toEqual([]);

      const colleague = await (await openBrowser()).newPage();
      await signIn(colleague, /Priya Nair/);
      await open(colleague, "215400000017");
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
      expect(sandbox.world.parts("215400000053").findLast(({ type }) => type === "comment")).toMatchObject({
        body: `<p>${MINE}</p>`,
        author: { id: "5510001" },
      });
      const ledger = await page.request.get(`${desk.url}/api/ledger?limit=1000`);
      const facts = JSON.stringify(await ledger.json());
      for (const event of ["connection.changed", "connection.requested", "connection.verified"]) {
        expect(facts).toContain(event);
      }
    });
  });

  describe("a conversation that moves on while it is read", () => {
    it("is marked at once, its draft cannot be approved, and the text is kept beside the new one", async () => {
      await signIn(page, /Mina Park/);
      await open(page, "215400000050");
      await edit(page, MINE);
      await sandbox.world.customerWrites("215400000050", { body: "Never mind, I found it myself." });
      await page.getByText("What you typed is kept here.").waitFor({ timeout: 10_000 });
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
      await signIn(page, /Priya Nair/);
      await open(page, "215400000019");
      await edit(page, MINE);

      const lead = await (await openBrowser()).newPage();
      await signIn(lead, /Mina Park/);
      await lead.getByRole("combobox", { name: "Whose reviews" }).selectOption("all");
      await lead.locator(".row a", { hasText: "for Priya Nair" }).first().click();
      await lead.getByText("This draft is for Priya Nair").waitFor();
      expect(await violationsOf(lead)).toEqual([]);
      await lead.keyboard.press("p");
      await lead.getByText("Picked up from Priya Nair.").waitFor();
      expect(await lead.locator(".target").textContent()).toContain("from Mina Park");

      await page.getByText("Mina Park has the draft of this conversation now.").waitFor();
      expect(await page.locator(".draft").textContent()).toContain(MINE);
      await lead.keyboard.press("a");
      await isDone(lead);
      expect(sandbox.world.writes({ conversationId: "215400000019" })[0]?.parameters.admin_id).toBe(
        "5510001",
      );
      await lead.context().close();
    });
  });

  describe("a session that ends in the middle of an edit", () => {
    it("asks to sign in, and leads back to the same draft with its text", async () => {
      await signIn(page, /Mina Park/);
      await open(page, "215400000046");
      await edit(page, MINE);
      await context.clearCookies();
      await page.getByRole("button", { name: /^Approve/ }).click();
      await page.getByText("You are signed out.").waitFor();
      expect(await violationsOf(page)).toEqual([]);
      await page.getByRole("link", { name: "Sign in" }).click();
      await page.getByRole("button", { name: /Mina Park/ }).click();
      await page.getByRole("button", { name: /^Approve/ }).waitFor();
      expect(await page.getByRole("textbox", { name: /reply/i }).inputValue()).toBe(MINE);
      expect(sandbox.world.writes({ conversationId: "215400000046" })).toEqual([]);
    });
  });

  describe("the whole way", () => {
    it("can be gone without a mouse, from the first visit to the sent reply", async () => {
      await page.goto(desk.url);
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
      await signIn(page, /Mina Park/);
      const customer = await context.newPage();
      await customer.goto(sandbox.messengerUrl);
      await customer.getByLabel("You are").selectOption({ index: 3 });
      await customer.getByLabel("Your message").fill("How do I add a buffer of 15 minutes?");
      await customer.getByRole("button", { name: "Send" }).click();
      const id = new URL(customer.url()).pathname.split("/").at(-1) ?? "";
      await open(page, id);
      await page.getByRole("button", { name: /^Approve/ }).click();
      await isDone(page);
      await customer.getByRole("log").getByText("Mina, Quillbook support").waitFor();
    });
  });

  async function openBrowser(): Promise<BrowserContext> {
    const opened = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    await opened.addInitScript(
      `localStorage.setItem("countersign.settings", '{"undoSeconds":0,"shortcuts":true}')`,
    );
    return opened;
  }

  async function signIn(on: Page, name: RegExp): Promise<void> {
    await on.goto(desk.url);
    await on.getByRole("link", { name: "Sign in" }).click();
    await on.getByRole("button", { name }).click();
    await on.waitForSelector(".row, .list .state");
  }

  async function open(on: Page, conversationId: string): Promise<void> {
    await on.getByRole("searchbox").fill(conversationId);
    await expectSoon(() => on.locator(".row").count(), 1, 30_000);
    await on.locator(".row a").click();
    await on.getByRole("button", { name: /^Approve/ }).waitFor();
  }
});

async function expectSoon<T>(read: () => Promise<T>, expected: T, milliseconds = 10_000): Promise<void> {
  const deadline = Date.now() + milliseconds;
  while ((await read()) !== expected && Date.now() < deadline) await delay(50);
  expect(await read()).toEqual(expected);
}

function isDone(on: Page): Promise<void> {
  const decisions = on.getByRole("region", { name: "Decisions on their way" });
  return decisions.getByText("Done, as approved.").waitFor();
}

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
