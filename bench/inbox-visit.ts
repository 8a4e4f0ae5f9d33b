import type { Browser, BrowserContext, Page } from "playwright-core";
import type { FilledDesk } from "./inbox-desk.ts";
import { giveStopwatch, sinceClick, sinceDoing, sinceNavigation } from "./stopwatch.ts";

/** What a visit to the page measures, in milliseconds. */
export const pageSteps = {
  first: "first page, until its rows are shown",
  counted: "first page, until the counts are shown too",
  next: "next page, from the end of the first",
  review: "one review, until all of it is shown",
  decision: "one approval, until the page says done",
} as const;
export type PageStep = keyof typeof pageSteps;

/** Rows of a page of the list, as the page asks for them. */
const PAGE = 50;
/** Waits for what the page still reads ahead, so that it is not measured with the next step. */
const REST = 400;

const rows = "document.querySelectorAll('.row').length";
const toTheEnd = "document.querySelector('.more').scrollIntoView()";
const isCounted = "document.querySelector('.views .count')";
const isReviewShown = [".conversation .part", ".draft .text", ".evidence .passage"]
  .map((selector) => `document.querySelector('${selector}')`)
  .join(" && ");
const isSettled = "document.querySelector('.leaving-item.done, .leaving-item.failed')";

/** A browser that is signed in at the desk, with no time to undo. */
export async function signIn(browser: Browser, { url, teammate }: FilledDesk): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const settings = JSON.stringify({ undoSeconds: 0, shortcuts: true });
  await context.addInitScript(`localStorage.setItem("countersign.settings", '${settings}')`);
  const page = await context.newPage();
  await page.goto(new URL("/sign-in?to=/", url).href);
  await page.locator(`button[value="${teammate}"]`).click();
  await page.waitForSelector(".row");
  await page.close();
  return context;
}

/** Opens the inbox in a new tab, reads on, opens a review that was really drafted, and approves it. */
export async function visit(
  context: BrowserContext,
  { url }: FilledDesk,
  reviewId: string,
): Promise<Record<PageStep, number>> {
  const page = await context.newPage();
  try {
    await giveStopwatch(page);
    await page.goto(url, { waitUntil: "commit" });
    const [first, counted] = await Promise.all([
      sinceNavigation(page, `${rows} > 0`),
      sinceNavigation(page, isCounted),
    ]);
    await page.waitForTimeout(REST);
    const next = await sinceDoing(page, toTheEnd, `${rows} > ${PAGE}`);
    await page.waitForTimeout(REST);
    const review = await openReview(page, reviewId);
    await page.waitForTimeout(REST);
    const decision = await sinceClick(page, () => page.locator(".decision .primary").click(), isSettled);
    await requireDone(page);
    return { first, counted, next, review, decision };
  } finally {
    await page.close();
  }
}

/** What a list of so many rows costs: the page that fills it up, and opening a review beside it. */
export async function scrollDown(
  context: BrowserContext,
  { url, drafted }: FilledDesk,
  depth: number,
): Promise<{ next: number; review: number }> {
  const page = await context.newPage();
  try {
    await giveStopwatch(page);
    await page.goto(url, { waitUntil: "commit" });
    await sinceNavigation(page, `${rows} > 0`);
    let next = NaN;
    for (let shown = PAGE; shown < depth; shown += PAGE) {
      next = await sinceDoing(page, toTheEnd, `${rows} > ${shown}`);
    }
    await page.waitForTimeout(REST);
    return { next, review: await openReview(page, drafted[0] ?? "") };
  } finally {
    await page.close();
  }
}

function openReview(page: Page, reviewId: string): Promise<number> {
  return sinceClick(page, () => page.locator(`[data-review="${reviewId}"] a`).click(), isReviewShown);
}

/** One approval that did not get out is not one to measure. */
async function requireDone(page: Page): Promise<void> {
  const failed = page.locator(".leaving-item.failed");
  if ((await failed.count()) > 0)
    throw new Error(`not decided: ${String(await failed.first().textContent())}`);
}
