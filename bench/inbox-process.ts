import { start } from "../src/cli/start.ts";
import { openRuntime } from "../src/runtime.ts";
import { fillUp } from "./inbox-fill.ts";
import { Order, type Message } from "./inbox-desk.ts";
import { giveUp } from "./measured-process.ts";

/*
 * A measured process of the inbox benchmark: the desk as `npm start` starts it. Once the desk says what waits, as many
 * reviews are added as the parent asked for.
 */

process.once("disconnect", () => process.exit(1));
const ordered = new Promise<Order>((resolve) => {
  process.once("message", (content) => {
    resolve(Order.parse(content));
  });
});
await start({
  json: true,
  say: () => undefined,
  progress: () => undefined,
  result: (said) => {
    const { url } = said as { url: string };
    prepare(url).catch(giveUp);
  },
}).catch(giveUp);

async function prepare(url: string): Promise<void> {
  const runtime = await openRuntime();
  const { waiting } = await ordered;
  const drafted = await fillUp(runtime, waiting);
  const teammate = runtime.desk.unassigned;
  const token = runtime.identity.development?.tokens[teammate];
  if (token === undefined) throw new Error("the sandbox gave no token");
  process.send?.({ url, token, teammate, drafted } satisfies Message);
}
