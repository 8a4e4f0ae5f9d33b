import type { Page } from "playwright-core";

/**
 * A stopwatch in the page, as it runs there: from a moment of the page's own clock until something is shown, at the end
 * of the frame that shows it.
 */
const stopwatch = `
  globalThis.stopwatch = {
    until(from, isShown) {
      return new Promise((resolve) => {
        const painted = () => {
          const channel = new MessageChannel();
          channel.port1.onmessage = () => resolve(performance.now() - from);
          channel.port2.postMessage(null);
        };
        const look = () => requestAnimationFrame(isShown() ? painted : look);
        look();
      });
    },
    fromClick(isShown) {
      return new Promise((resolve) => {
        addEventListener("click", ({ timeStamp }) => resolve(this.until(timeStamp, isShown)), { capture: true, once: true });
      });
    },
  };`;

/** A condition on the page, as an expression of JavaScript. */
export type Condition = string;

/** Has every page of the future carry a stopwatch. The debugger puts it there, which the page's own policy does not bind. */
export async function giveStopwatch(page: Page): Promise<void> {
  await page.addInitScript(stopwatch);
}

/** From the beginning of the navigation. */
export async function sinceNavigation(page: Page, isShown: Condition): Promise<number> {
  return Number(await page.evaluate(`stopwatch.until(0, () => ${isShown})`));
}

/** From the click that `click` makes. */
export async function sinceClick(
  page: Page,
  click: () => Promise<unknown>,
  isShown: Condition,
): Promise<number> {
  await page.evaluate(`void (stopwatch.measured = stopwatch.fromClick(() => ${isShown}))`);
  await click();
  return Number(await page.evaluate("stopwatch.measured"));
}

/** From doing something in the page. */
export async function sinceDoing(page: Page, something: string, isShown: Condition): Promise<number> {
  return Number(
    await page.evaluate(
      `(() => { const from = performance.now(); ${something}; return stopwatch.until(from, () => ${isShown}); })()`,
    ),
  );
}
