import { appendFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { BrowserContext, Page } from "playwright-core";
import { stringify } from "yaml";
import { startSandbox } from "../../src/sandbox/sandbox.ts";
import { MINA, PRIYA } from "../support/desk.ts";
import { withChromium } from "../web/fixtures/browser.ts";
import { violationsOf } from "../web/fixtures/look.ts";
import { startWorkingDesk, type WorkingDesk } from "./fixtures/working-desk.ts";

/** Mina's; and Priya's, whose text nobody else may find in an answer. */
const conversations = ["215400000053", "215400000017"];
const HOSTILE = "215400000990";
const script = `<script>document.title = "taken"</script>`;
const image = `<img src="https://evil.example/x.png" onerror="document.title = 'taken'">`;

withChromium(() => {
  let day: WorkingDesk;
  beforeAll(async () => {
    day = await startWorkingDesk(conversations, putHostileThings);
  }, 120_000);
  afterAll(() => day.stop());

  describe("text that wants to be more than text", () => {
    it("is shown as it is, wherever it stands, and runs, loads and links nothing", async () => {
      const context = await day.openBrowser();
      const page = await context.newPage();
      const complaints: string[] = [];
      const asked: string[] = [];
      page.on("console", (message) => {
        if (message.text().includes("Content Security Policy")) complaints.push(message.text());
      });
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("dialog", (dialog) => {
        complaints.push(dialog.message());
        void dialog.dismiss();
      });
      page.on("request", (request) => asked.push(new URL(request.url()).origin));
      await day.signIn(page, /Mina Park/);
      await day.open(page, HOSTILE);
      const shown = await page.locator(".review").innerText();
      // The contact's name, the conversation's title, the message, the attachment's name, the article's title.
      for (const text of [
        `Eve ${script}`,
        `Title ${image}`,
        `Body ${script}`,
        `${image}.pdf`,
        `Snorkel ${image}`,
      ]) {
        expect(shown).toContain(text);
      }
      expect(
        await page.locator(".review script, .review img, .review iframe, .review form[action]").count(),
      ).toBe(0);
      const links = await page.locator(".review a").all();
      const targets = await Promise.all(links.map((link) => link.getAttribute("href")));
      for (const target of targets) expect(target).toMatch(/^(https:\/\/help\.quillbook\.example\/|#|\/)/);
      expect(await page.title()).not.toBe("taken");
      expect(complaints).toEqual([]);
      expect(
        [...new Set(asked)].filter((origin) => origin !== day.url && origin !== day.sandbox.url),
      ).toEqual([]);
      expect(await violationsOf(page)).toEqual([]);
      await context.close();
    });
  });

  describe("who is not meant", () => {
    let mina: Page;
    let priya: Page;
    let theirs: string;
    let contexts: BrowserContext[];

    beforeAll(async () => {
      contexts = [await day.openBrowser(), await day.openBrowser()];
      [mina, priya] = (await Promise.all(contexts.map((context) => context.newPage()))) as [Page, Page];
      await day.signIn(mina, /Leila Haddad/);
      await day.signIn(priya, /Priya Nair/);
      const list = await priya.request.get(`${day.url}/api/reviews`);
      theirs = ((await list.json()) as { reviews: { id: string }[] }).reviews[0]!.id;
    });
    afterAll(() => Promise.all(contexts.map((context) => context.close())));

    it.each([
      ["somebody signed in who cannot read the conversation", () => cookiesOf(mina), 404],
      ["nobody", () => Promise.resolve({}), 401],
      ["a forged cookie", async () => ({ cookie: (await cookiesOf(mina)).cookie.replace(/.$/, "x") }), 401],
      ["a token of another environment", foreignToken, 401],
      ["a made-up token", () => Promise.resolve({ authorization: "Bearer cst_guessed" }), 401],
    ])("%s learns nothing of a review, however they ask", async (_, headersOf, status) => {
      const headers: Record<string, string> = await headersOf();
      for (const path of [`/api/reviews/${theirs}`, "/api/reviews/guessed-id"]) {
        const answer = await fetch(new URL(path, day.url), { headers });
        expect(answer.status).toBe(status);
        expectNothing(await answer.text());
      }
      for (const path of [`/api/reviews/${theirs}/decision`, `/api/reviews/${theirs}/pick-up`]) {
        const answer = await post(path, { answer: { type: "approve" } }, headers);
        expect([401, 403, 404]).toContain(answer.status);
        expectNothing(await answer.text());
      }
    });

    it("a foreign or missing proof of origin changes nothing, though the session is right", async () => {
      const { cookie } = await cookiesOf(priya);
      const other = (await (await mina.request.get(`${day.url}/api/me`)).json()) as { csrf: string };
      for (const proof of ["", "guessed", other.csrf]) {
        const answer = await post(
          `/api/reviews/${theirs}/decision`,
          { answer: { type: "approve" } },
          { cookie, "x-countersign-csrf": proof, origin: day.url },
        );
        expect(answer.status).toBe(403);
      }
      expect(day.sandbox.world.writes({ conversationId: "215400000017" })).toEqual([]);
    });

    it("another's thread does not exist for them in the LangGraph API", async () => {
      const found = await post("/threads/search", {}, await proofOf(priya));
      const threads = (await found.json()) as { thread_id: string; status: string }[];
      const thread = threads.find(({ status }) => status === "interrupted")!.thread_id;
      const stranger = await proofOf(mina);
      expect(await (await post("/threads/search", {}, stranger)).json()).toEqual([]);
      for (const path of ["", "/state", "/history"]) {
        const answer = await fetch(new URL(`/threads/${thread}${path}`, day.url), { headers: stranger });
        expect(answer.status).toBe(404);
        expectNothing(await answer.text());
      }
      const resumed = await post(
        `/threads/${thread}/runs/wait`,
        { assistant_id: "support", command: { resume: { type: "approve" } } },
        stranger,
      );
      expect([403, 404, 409, 422]).toContain(resumed.status);
      expectNothing(await resumed.text());
      expect(day.sandbox.world.writes()).toEqual([]);
    });

    async function proofOf(page: Page): Promise<Record<string, string>> {
      const me = (await (await page.request.get(`${day.url}/api/me`)).json()) as { csrf: string };
      return { ...(await cookiesOf(page)), "x-countersign-csrf": me.csrf, origin: day.url };
    }
  });

  function post(path: string, body: unknown, headers: Record<string, string>): Promise<Response> {
    return fetch(new URL(path, day.url), {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  }

  async function cookiesOf(page: Page): Promise<{ cookie: string }> {
    const cookies = await page.context().cookies(day.url);
    return { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join("; ") };
  }
});

/** A real access token, for a real teammate, of an environment that the desk does not belong to. */
async function foreignToken(): Promise<Record<string, string>> {
  const other = await startSandbox({
    ...{ port: 0, host: "127.0.0.1", stateFile: null, shiftToNow: true },
    workspaceFolder: join(import.meta.dirname, "../../src/sandbox/workspace"),
    clock: () => new Date(),
  });
  const token = await other.mintAccessToken(PRIYA);
  await other.close();
  return { authorization: `Bearer ${token}` };
}

/** Nothing of the conversation, its customer or its teammate. */
function expectNothing(text: string): void {
  for (const secret of ["Theo", "payout", "bank", PRIYA, MINA, "5510003"]) expect(text).not.toContain(secret);
}

async function putHostileThings(workspace: string): Promise<void> {
  const contact = {
    ...{ id: "66f0a1ffffffffffffffff01", role: "user", name: `Eve ${script}`, email: "eve@evil.example" },
    created_at: "2025-10-05T14:39:39Z",
  };
  await appendFile(join(workspace, "contacts.yaml"), stringify([contact]));
  await writeFile(
    join(workspace, "conversations", "99-hostile.yaml"),
    stringify({
      ...{ id: HOSTILE, title: `Title ${image}`, channel: "conversation", contact_id: contact.id },
      ...{ admin_assignee_id: null, team_assignee_id: null, state: "open" },
      messages: [
        {
          ...{ from: { contact: contact.id }, type: "comment", at: "2025-11-20T06:50:24Z" },
          body: `Body ${script} How do I clean the snorkel of the underwater camera?`,
          attachments: [
            {
              name: `${image}.pdf`,
              content_type: "application/pdf",
              filesize: 1,
              url: "https://evil.example/x",
            },
          ],
        },
      ],
    }),
  );
  await writeFile(
    join(workspace, "articles", "snorkel.md"),
    `---
id: "8809999"
title: ${JSON.stringify(`Snorkel ${image}`)}
description: "How to clean the snorkel of the underwater camera."
state: published
visibility: public
author_id: "5510003"
collection: "Diving"
created_at: "2023-05-09T14:20:00Z"
updated_at: "2025-06-24T15:45:00Z"
---

Clean the snorkel of the underwater camera with warm water. ${script} [Press here](javascript:alert(1)) to clean the snorkel.
`,
  );
}
