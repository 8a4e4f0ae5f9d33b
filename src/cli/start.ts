import { resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { endAbandonedRuns } from "../runs/dispatch.ts";
import { dispatcherFor } from "../runs/dispatcher.ts";
import { callRoll, requireTools, type Roll } from "../runs/roll.ts";
import { sweep, type SweepEvent } from "../runs/sweep.ts";
import { closeRuntime, openRuntime, type Runtime } from "../runtime.ts";
import { listReviewSummaries } from "../store/reviews.ts";
import { resumeDeliveries, tend } from "../tend.ts";
import { buildPage } from "./build-page.ts";
import { shorten, table, type Output } from "./output.ts";
import { startLangGraphServer } from "./server.ts";
import { removeServerFile, writeServerFile } from "./server-file.ts";
import { reviewTable } from "./commands/reviews.ts";

/** Runs the desk until it is interrupted. */
export async function start(output: Output): Promise<void> {
  const stopped = untilInterrupted();
  output.progress("Starting…");
  const runtime = await openRuntime();
  const data = resolve(runtime.config.environment.COUNTERSIGN_DATA);
  try {
    await buildPage();
    const server = await startLangGraphServer(runtime.config);
    try {
      for (const sender of ["scalekit", "intercom"] as const) {
        await runtime.sandbox?.world.setWebhook(sender, `${server.url}/webhooks/${sender}`);
      }
      const roll = await callRoll(runtime);
      sayDesk(output, runtime, roll);
      await requireTools(runtime, roll);
      await writeServerFile(data, {
        url: server.url,
        pid: process.pid,
        operatorKey: runtime.operatorKey,
        development: runtime.identity.development,
      });
      await openAll(output, runtime, server.url, roll, stopped.signal);
      if (!stopped.signal.aborted) await sayWhatWaits(output, runtime, server.url);
      await tendUntil(stopped.signal, runtime, server.url);
    } finally {
      output.say("\nStopping…");
      await removeServerFile(data);
      await server.stop();
    }
  } finally {
    await closeRuntime();
  }
}

async function openAll(
  output: Output,
  runtime: Runtime,
  url: string,
  { connected }: Roll,
  signal: AbortSignal,
): Promise<void> {
  for (const { identifier } of connected) await endAbandonedRuns(dispatcherFor(runtime, url, identifier));
  await resumeDeliveries(runtime, url);
  const done: string[] = [];
  let failures = 0;
  let total = 0;
  for await (const event of sweep(runtime, url, connected)) {
    if (signal.aborted) return;
    if (event.type === "found") {
      ({ total } = event);
      output.say(`\nOpening ${total} waiting conversations`);
    } else {
      if (event.type === "progress" && event.progress.type === "failed") failures += 1;
      sayProgress(output, event, done, total);
    }
  }
  if (failures > 0)
    output.say(`\n${failures} could not be drafted; each says why above. They are tried again later.`);
}

function sayProgress(
  output: Output,
  event: Exclude<SweepEvent, { type: "found" }>,
  done: string[],
  total: number,
): void {
  if (event.type === "refused") {
    output.say(`  ✗ ${event.teammate.name}: ${event.reason}`);
    return;
  }
  const { conversation, progress } = event;
  if (progress.type === "working") {
    output.progress(`  ${done.length}/${total}  ${conversation.conversationId}  ${progress.node}…`);
    return;
  }
  done.push(conversation.conversationId);
  const mark = progress.type === "failed" ? "✗" : progress.type === "waiting" ? "✓" : "·";
  const note =
    progress.type === "failed"
      ? progress.reason
      : progress.type === "ended"
        ? "reason" in progress.outcome
          ? progress.outcome.reason
          : progress.outcome.type
        : progress.type === "waiting"
          ? `draft ready for ${conversation.teammate.name}`
          : "already being worked on";
  output.say(
    `  ${mark} ${conversation.conversationId}  ${shorten(conversation.title, 46).padEnd(46)}  ${note}`,
  );
}

function sayDesk(output: Output, { desk, models, store, sandbox, config }: Runtime, roll: Roll): void {
  const workspace = roll.connected[0]?.workspaceId ?? "no workspace yet";
  output.say("Countersign\n");
  output.say(
    table([
      ["Workspace", `${workspace} ${sandbox ? "(sandbox: nothing leaves this machine)" : ""}`],
      ["Scalekit", config.scalekit?.environmentUrl ?? sandbox?.url ?? ""],
      ["Desk", `${desk.name}, ${desk.topics.length} topics`],
      ["Agents", models.description],
      ["Store", store.description],
      ["Teammates", roll.connected.map(({ name }) => name).join(", ") || "nobody is connected"],
      ...roll.refused.map(({ identifier, reason }) => ["", `${identifier}: ${reason}`]),
    ]),
  );
}

async function sayWhatWaits(output: Output, runtime: Runtime, url: string): Promise<void> {
  const reviews = await listReviewSummaries(runtime.store.db, { status: "open", limit: 500 });
  output.say(`\n${reviews.length} drafts wait for a teammate\n`);
  if (reviews.length > 0) output.say(reviewTable(reviews));
  const development = runtime.identity.development;
  output.say("\nAddresses\n");
  output.say(
    table([
      ["Review inbox", `${url}/`],
      ...(runtime.sandbox ? [["Play the customer", runtime.sandbox.messengerUrl]] : []),
      ["LangGraph API", url],
      ["Studio", `https://smith.langchain.com/studio/?baseUrl=${encodeURIComponent(url)}`],
      ...Object.entries(development?.tokens ?? {}).map(([identifier, token]) => [
        "Token",
        `${token}  ${identifier}`,
      ]),
    ]),
  );
  output.say("\nGo on in another terminal\n");
  output.say(
    table([
      ...(development
        ? []
        : [["npx countersign token create <identifier>", "a token to set as COUNTERSIGN_TOKEN"]]),
      [
        "npx countersign reviews",
        `the drafts that wait for ${development ? `${development.teammate}; --as <teammate> for others` : "you"}`,
      ],
      ["npx countersign show <review>", "one draft, and what it rests on"],
      ["npx countersign approve <review>", "send it, as that teammate, once"],
      ["npx countersign --help", "everything else"],
    ]),
  );
  output.say("\nCtrl-C stops everything.");
  output.result({ url, reviews, development });
}

/** Looks after the desk at intervals; a round that fails is logged and the next one tries again. */
async function tendUntil(signal: AbortSignal, runtime: Runtime, url: string): Promise<void> {
  const milliseconds = runtime.config.environment.COUNTERSIGN_SWEEP_SECONDS * 1000;
  while (await passes(milliseconds, signal)) {
    try {
      await tend(runtime, url);
    } catch (error) {
      runtime.log.error({ err: error }, "a round of looking after the desk failed");
    }
  }
}

function untilInterrupted(): { signal: AbortSignal } {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.once(name, () => {
      controller.abort();
    });
  }
  return controller;
}

/** True once the time has passed, false as soon as the signal comes. */
async function passes(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  return await setTimeout(milliseconds, true, { signal }).catch(() => false);
}
