import type { Core } from "../core.ts";
import { secondsNow } from "../core.ts";
import type { FaultEffect } from "../faults.ts";
import { watchAccounts } from "./account-events.ts";
import { watchConversations } from "./conversation-events.ts";
import type { Delivery, WebhookSender } from "./outbox.ts";
import { requestOf } from "./request.ts";

/** Milliseconds between an attempt that failed and the next; after the last one a delivery is given up. */
const RETRY_AFTER = [1_000, 5_000, 25_000];
/** Milliseconds a receiver has to answer. */
const PATIENCE: Readonly<Record<WebhookSender, number>> = { scalekit: 10_000, intercom: 5_000 };

/** Takes what happens in the world to those who asked to be told. */
export interface Post {
  /** Puts what happened since the last call into the outbox, if anyone wants it. Call it before a change is kept. */
  collect(): void;
  /** Sends what is in the outbox and not yet on its way. Call it once the change is kept. */
  send(): void;
}

/**
 * Webhooks leave one after the other, in the order in which things happened, until one fails: it is tried again later
 * while the others go on. The outbox survives a restart, so a webhook may come twice, but none is forgotten.
 */
export function createPost(core: Core): Post {
  const { outbox } = core.state;
  const watchers = [
    watchAccounts(core.state, core.clock),
    watchConversations(core.state.workspace, core.clock),
  ];
  const underway = new Set<string>();
  const lines = { scalekit: Promise.resolve(), intercom: Promise.resolve() };

  const begin = async (delivery: Delivery): Promise<void> => {
    const effects = core.faults.meet(callOf(delivery), "before");
    const delay = effects.reduce((sum, effect) => sum + latencyOf(effect), 0);
    if (delay === 0) await carryOut(delivery, effects);
    // Held up, it leaves the line, so that what happened later overtakes it.
    else leave(core.pause(delay).then(() => carryOut(delivery, effects)));
  };
  const carryOut = async (delivery: Delivery, effects: readonly FaultEffect[]): Promise<void> => {
    const wait = RETRY_AFTER[delivery.attempts];
    delivery.attempts += 1;
    const arrived = await attempt(delivery, effects);
    if (arrived || wait === undefined) {
      if (!arrived) core.log(`webhook ${delivery.type} was given up after ${delivery.attempts} attempts`);
      outbox.waiting = outbox.waiting.filter(({ id }) => id !== delivery.id);
      underway.delete(delivery.id);
      await core.save();
    } else {
      leave(core.pause(wait).then(() => begin(delivery)));
    }
  };
  /** Whether a delivery arrived, as far as its sender can know. */
  const attempt = async (delivery: Delivery, effects: readonly FaultEffect[]): Promise<boolean> => {
    const end = effects.find(isEnd);
    if (end?.kind === "late_commit") {
      leave(core.pause(end.milliseconds).then(() => void post(core, delivery)));
    }
    if (end) return false;
    const arrived = await post(core, delivery);
    const after = core.faults.meet(callOf(delivery), "after");
    for (const effect of after) if (effect.kind === "latency") await core.pause(effect.milliseconds);
    return arrived && !after.some(isEnd);
  };
  const leave = (work: Promise<void>): void => {
    work.catch((error: unknown) => {
      if (!core.closing.aborted) core.log(`a webhook failed: ${String(error)}`);
    });
  };

  return {
    collect() {
      const news = watchers.flatMap((watch) => watch());
      outbox.waiting.push(...news.filter(({ sender }) => outbox[sender].url !== null));
    },
    send() {
      for (const delivery of outbox.waiting) {
        if (underway.has(delivery.id)) continue;
        underway.add(delivery.id);
        const { sender } = delivery;
        lines[sender] = lines[sender].then(() => {
          const work = begin(delivery);
          leave(work);
          return work.catch(() => undefined);
        });
      }
    },
  };
}

/** Sends it once. True when it was answered in time and well. */
async function post(core: Core, delivery: Delivery): Promise<boolean> {
  const { url } = core.state.outbox[delivery.sender];
  // Nobody wants to be told any more.
  if (url === null) return true;
  const { body, headers } = requestOf(core.state.outbox, delivery, secondsNow(core));
  try {
    const signal = AbortSignal.any([core.closing, AbortSignal.timeout(PATIENCE[delivery.sender])]);
    const response = await fetch(url, { method: "POST", body, headers, redirect: "manual", signal });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

function callOf({ sender, identifier }: Delivery): { tool: string; identifier: string | null } {
  return { tool: `webhooks/${sender}`, identifier };
}

function latencyOf(effect: FaultEffect): number {
  return effect.kind === "latency" ? effect.milliseconds : 0;
}

function isEnd(effect: FaultEffect): boolean {
  return effect.kind !== "latency" && effect.kind !== "account";
}
