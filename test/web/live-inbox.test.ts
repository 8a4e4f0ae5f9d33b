import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { setTimeout as delay } from "node:timers/promises";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { MINA } from "../support/desk.ts";
import { withChromium } from "./fixtures/browser.ts";
import { launchChromium } from "./fixtures/chromium.ts";
import { startWebDesk, type WebDesk } from "./fixtures/desk.ts";
import { violationsOf } from "./fixtures/look.ts";
import { sendJson } from "./fixtures/proxy.ts";

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error("it did not come about within 30 seconds");
    await delay(50);
  }
}

/** All Mina's. 28 has articles that disagree. */
const conversations = ["15", "20", "28", "46", "50", "53", "60", "65"].map((end) => `2154000000${end}`);

withChromium(() => {
  let desk: WebDesk;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

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
    await context.addInitScript(`window.said = []; new MutationObserver(() => {
      const text = document.querySelector(".inbox > p[role=status]")?.textContent;
      if (text && window.said.at(-1) !== text) window.said.push(text);
    }).observe(document, { subtree: true, childList: true, characterData: true })`);
    page = await context.newPage();
  });
  afterEach(() => context.close());

  async function openList(): Promise<void> {
    await page.goto(`${desk.proxy.url}/`);
    await page.waitForSelector(".row, .list .state");
  }
  async function openReview(title: string): Promise<string> {
    await openList();
    await page.locator(".row a", { hasText: title }).first().click();
    await page.waitForSelector(".part");
    return new URL(page.url()).searchParams.get("review") ?? "";
  }
  /** Everything the page has said aloud so far. */
  const said = async () => String(await page.evaluate("window.said.join(' / ')"));
  const select = (title: string) => page.locator(".row", { hasText: title }).locator("input");
  const choice = (title: string) => page.locator(".choice", { hasText: title });
  const dialog = () => page.getByRole("dialog", { name: "Approve together" });

  /** Selects these, opens the dialog and waits until each was read. */
  async function askFor(...titles: string[]): Promise<void> {
    await openList();
    await page.getByRole("button", { name: /^Select/ }).click();
    for (const title of titles) await select(title).check();
    await page.getByRole("button", { name: "Approve…" }).click();
    await dialog()
      .getByText(/ticked$/)
      .waitFor();
  }

  describe("the reader's own connection", () => {
    const connect = () => page.locator(".top").getByRole("button", { name: "Connect Intercom" });
    const me = /^\/api\/me$/;
    const answerAs = (status: string) => {
      desk.proxy.answerInstead(me, (response) => {
        sendJson(response, 200, { identity: MINA, csrf: "csrf-of-the-test", connection: { status } });
      });
    };
    const change = (to: string) =>
      desk.sandboxed("POST", "/sandbox/accounts", { identifier: MINA, change: to });
    afterEach(async () => {
      desk.proxy.answerInstead(me, null);
      await change("active");
    });

    it("is asked for as soon as its loss is known, and no more once it is back", async () => {
      await openList();
      expect(await connect().count()).toBe(0);
      answerAs("revoked");
      await change("token_revoked");
      await get("/api/connection");
      await connect().waitFor();
      expect(await violationsOf(page)).toEqual([]);
      answerAs("active");
      await change("active");
      await get("/api/connection");
      await connect().waitFor({ state: "detached" });
    });

    it("is looked at when a conversation cannot be read, so that its loss is known at once; the text is kept", async () => {
      await openReview("deposits");
      await page.keyboard.press("e");
      await page.locator(".editor").fill("Half a sentence");
      answerAs("revoked");
      await change("token_revoked");
      await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
      await connect().waitFor();
      await page.locator(".conversation").getByRole("button", { name: "Connect Intercom" }).waitFor();
      expect(await page.locator(".editor").inputValue()).toBe("Half a sentence");
      expect(await violationsOf(page)).toEqual([]);
      await page.route("**/api/connection/link", (route) =>
        route.fulfill({ json: { link: "/?q=consented" } }),
      );
      await connect().click();
      await page.waitForURL("**/?q=consented");
    });
  });

  describe("the agents' work", () => {
    it("stands at the top of the list while it lasts, with its step, and goes when the draft arrives", async () => {
      await openList();
      expect(await page.locator(".making").count()).toBe(0);
      await desk.sandboxed("POST", "/sandbox/faults", {
        ...{ tool: "*", identifier: MINA, times: "always" },
        effect: { kind: "latency", milliseconds: 800 },
      });
      await desk.sandboxed("POST", "/sandbox/conversations/215400000065/messages", {
        body: "One thing more.",
      });
      const opened = fetch(new URL("/api/conversations/215400000065/open", desk.url), {
        method: "POST",
        headers: { authorization: `Bearer ${desk.tokens[MINA]}` },
      });
      await page.locator(".making").waitFor();
      const seen = new Set<string>();
      const look = async () => {
        const text = await page
          .locator(".making")
          .textContent({ timeout: 300 })
          .catch(() => null);
        if (text !== null) seen.add(text);
        return text;
      };
      expect(await violationsOf(page)).toEqual([]);
      await until(async () => (await look()) === null && (await page.locator(".making").count()) === 0);
      expect([...seen].every((text) => text.startsWith("In the making 1"))).toBe(true);
      expect([...seen].join()).toMatch(/Reading|Researching/);
      await (await opened).text();
      await desk.sandboxed("DELETE", "/sandbox/faults");
    });
  });

  describe("who else is looking", () => {
    it("is shown in the review's head and said once, and goes when they do", async () => {
      const id = await openReview("How long do payouts");
      expect(await page.locator(".readers").count()).toBe(0);
      await desk.readAlong(id, { editing: false });
      await page.getByText("Jonas Weber is looking", { exact: true }).first().waitFor();
      expect(await said()).toContain("Jonas Weber is looking.");
      expect(await violationsOf(page)).toEqual([]);
      await desk.readAlong(id, { editing: true });
      await page.locator(".readers", { hasText: "Jonas Weber is editing" }).waitFor();
      expect(await said()).toContain("Jonas Weber is editing.");
      await desk.readAlong(id, null);
      await page.locator(".readers").waitFor({ state: "detached" });
    });

    it("is told of the reader too: that they look, that they edit, and that they left, also as the page closes", async () => {
      const { heartbeats } = desk.proxy;
      heartbeats.length = 0;
      const first = await openReview("deposits");
      const last = (method: string, editing?: boolean, id = first) =>
        until(async () => {
          const { path, body, method: told } = heartbeats.at(-1) ?? { path: "", body: "", method: "" };
          return (
            path.startsWith(`/api/reviews/${id}/presence`) &&
            told === method &&
            (editing === undefined || body.includes(`"editing":${editing}`))
          );
        });
      await last("POST", false);
      await page.keyboard.press("e");
      await last("POST", true);
      await page.keyboard.press("Escape");
      await last("POST", false);
      await page.keyboard.press("k");
      await until(async () => !page.url().includes(first));
      const second = new URL(page.url()).searchParams.get("review") ?? "";
      await last("POST", false, second);
      expect(heartbeats.some(({ method, path }) => method === "DELETE" && path.includes(first))).toBe(true);
      await page.goto("about:blank");
      await last("DELETE", undefined, second);
    });
  });

  describe("selecting", () => {
    it("works by key, by box, by range and by likeness, and is cleared", async () => {
      await openList();
      const count = () => page.locator(".selecting.active p").textContent();
      await page.keyboard.press("j");
      await page.waitForSelector(".part");
      await page.keyboard.press("s");
      expect(await count()).toBe("1 selected");
      await page.keyboard.press("j");
      await until(async () => (await page.locator(".row a").nth(1).getAttribute("aria-current")) === "true");
      await page.keyboard.press("Space");
      expect(await count()).toBe("2 selected");
      expect(await violationsOf(page)).toEqual([]);
      await page
        .locator(".row a")
        .nth(4)
        .click({ modifiers: ["Shift"] });
      expect(await count()).toBe("5 selected");
      await page
        .locator(".row input")
        .nth(6)
        .click({ modifiers: ["Shift"] });
      expect(await count()).toBe("7 selected");
      await page.locator(".row input").nth(0).press("Space");
      expect(await count()).toBe("6 selected");
      await page.keyboard.press("j");
      await page.keyboard.press("Escape");
      expect(await page.locator(".selecting.active").count()).toBe(0);
      expect(await page.locator(".row input").count()).toBe(0);

      await page.getByRole("button", { name: /^Select/ }).click();
      await select("gap between bookings").check();
      await page.getByRole("button", { name: "Select all like this (1 more)" }).click();
      expect(await count()).toBe("2 selected");
      expect(await select("Charging for no-shows").isChecked()).toBe(true);
      await page.getByRole("button", { name: "Clear" }).click();
      expect(await page.locator(".row input").count()).toBe(0);
    });
  });

  describe("approving together", () => {
    it.each([
      [1440, "light"],
      [1440, "dark"],
      [360, "light"],
      [360, "dark"],
    ] as const)("shows each at %d px, %s, and axe objects to nothing", async (width, colorScheme) => {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme });
      await askFor("deposits", "How long do payouts", "Charging for no-shows");
      expect(await violationsOf(page)).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
      await page.keyboard.press("Escape");
      expect(await dialog().count()).toBe(0);
      expect(await violationsOf(page)).toEqual([]);
      expect(desk.proxy.decisions).toEqual([]);
    });

    it("ticks only what nothing speaks against, and says what does", async () => {
      await askFor("deposits", "How long do payouts");
      expect(await choice("How long do payouts").getByRole("checkbox").isChecked()).toBe(false);
      expect(await choice("How long do payouts").locator(".doubts").textContent()).toContain(
        "2 business days",
      );
      for (const one of await page.locator(".choice").all()) {
        const doubted = (await one.locator(".doubts").count()) > 0;
        expect(await one.getByRole("checkbox").isChecked()).toBe(!doubted);
        expect(await one.locator(".target").textContent()).toMatch(/from Mina Park|No reply/);
      }
      // Read as the reader, and whole: what would be sent stands there.
      const id = (await openListed("deposits")).id;
      const { review } = (await (await get(`/api/reviews/${id}`)).json()) as {
        review: { draft: { body: string } };
      };
      expect(await choice("deposits").locator(".words .text").textContent()).toBe(review.draft.body);
    });

    it("leaves out what went out of date while it was looked at", async () => {
      await askFor("gap between bookings");
      await choice("gap between").getByRole("checkbox").check();
      const id = (await openListed("gap between")).id;
      await fetch(new URL(`/api/reviews/${id}/decision`, desk.url), {
        method: "POST",
        headers: { authorization: `Bearer ${desk.tokens[MINA]}`, "content-type": "application/json" },
        body: JSON.stringify({ answer: { type: "take_over" } }),
      });
      await choice("gap between").getByText("It has been decided meanwhile.").waitFor();
      expect(await choice("gap between").getByRole("checkbox").isDisabled()).toBe(true);
      expect(
        await dialog()
          .getByRole("button", { name: /^Approve/ })
          .isDisabled(),
      ).toBe(true);
    });

    it("can be undone whole before it leaves, and then shows again what was ticked", async () => {
      await askFor("deposits", "Three things");
      for (const title of ["deposits", "Three things"]) await choice(title).getByRole("checkbox").check();
      await dialog().getByRole("button", { name: "Approve 2" }).click();
      expect(await page.locator(".batch .countdown").textContent()).toMatch(/2 drafts · leaves in [1-5] s/);
      expect(await page.locator(".row.leaving").count()).toBe(2);
      expect(await violationsOf(page)).toEqual([]);
      await page.keyboard.press("u");
      await dialog().waitFor();
      expect(await choice("Three things").getByRole("checkbox").isChecked()).toBe(true);
      await page.waitForTimeout(5_500);
      expect(desk.proxy.decisions).toEqual([]);
    });

    it("approves each as it was shown, and says of each what came of it", async () => {
      await askFor("deposits", "Charging for no-shows", "Outlook appointments");
      const digests: string[] = [];
      for (const title of ["deposits", "Charging for no-shows", "Outlook appointments"]) {
        await choice(title).getByRole("checkbox").check();
        digests.push((await openListed(title)).digest);
      }
      // The customer writes within the undo window: that one must come back, and the others go.
      await dialog().getByRole("button", { name: "Approve 3" }).click();
      await desk.sandboxed("POST", "/sandbox/conversations/215400000050/messages", {
        body: "Wait, one more.",
      });
      await page.locator(".batch", { hasText: "Approved together" }).waitFor({ timeout: 45_000 });
      const sent = desk.proxy.decisions.map(({ body }) => (JSON.parse(body) as { answer: object }).answer);
      expect(sent).toEqual(expect.arrayContaining(digests.map((digest) => ({ type: "approve", digest }))));
      expect(sent).toHaveLength(3);
      const results = page.locator(".results li");
      await until(async () => (await results.locator(".result.sent").count()) === 2);
      expect(await results.filter({ hasText: "Outlook" }).textContent()).toContain("Came back");
      expect(await said()).toContain("2 sent, 1 came back");
      expect(await violationsOf(page)).toEqual([]);
      await results.filter({ hasText: "Outlook" }).getByRole("link").click();
      await until(async () => (await page.locator(".meta").textContent())?.includes("version 2") ?? false);
      await page.getByRole("button", { name: "Dismiss: approved together" }).click();
      expect(await page.locator(".batch").count()).toBe(0);
    });

    it("loses nothing when the connection drops in the middle: it says what is unknown, reads it, and holds the rest", async () => {
      await context.addInitScript(
        `localStorage.setItem("countersign.settings", '{"undoSeconds":0,"shortcuts":true}')`,
      );
      await askFor("How long do payouts", "Three things", "No ping");
      for (const one of await page.locator(".choice").all()) await one.getByRole("checkbox").check();
      // The server gets them and decides; its answers never come back.
      await page.route("**/decision", async (route) => {
        await route.fetch().catch(() => undefined);
        await route.abort("connectionreset");
      });
      await dialog().getByRole("button", { name: "Approve 3" }).click();
      await page.locator(".results .held").waitFor();
      expect(await violationsOf(page)).toEqual([]);
      const results = page.locator(".results li");
      await until(async () => (await results.locator(".result.sent").count()) === 2);
      expect(desk.proxy.decisions).toHaveLength(2);
      // Still so after a reload, and the rest can follow.
      await page.unroute("**/decision");
      await page.reload();
      await until(async () => (await results.locator(".result.sent").count()) === 2);
      await page.getByRole("button", { name: "Approve the other 1" }).click();
      await until(async () => (await results.locator(".result.sent").count()) === 3);
      expect(desk.proxy.decisions).toHaveLength(3);
    });
  });

  function get(path: string): Promise<Response> {
    return fetch(new URL(path, desk.url), { headers: { authorization: `Bearer ${desk.tokens[MINA]}` } });
  }
  async function openListed(words: string): Promise<{ id: string; digest: string }> {
    const answer = await get(`/api/reviews?order=risk&q=${encodeURIComponent(words)}`);
    const { reviews } = (await answer.json()) as { reviews: { id: string; digest: string }[] };
    return reviews[0]!;
  }
});
