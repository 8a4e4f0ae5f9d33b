import type { Answer } from "../../domain/decision.ts";
import type { Progress, ReviewPage } from "../api.ts";
import type { Answered } from "./answered.ts";
import { resultInPage, resultOfApproval, type BatchItem, type BatchRun } from "./batch.ts";

/** Approvals that are on their way at a time. */
const AT_A_TIME = 2;
/** When one that nothing was heard of is looked for, in milliseconds after the look before. */
const LOOKS = [0, 2_000, 4_000, 8_000];
/** How long to wait for the server to answer again, in milliseconds. */
const PATIENCE = 3_000;

export interface RunnerDependencies {
  client: {
    decide: (id: string, answer: Answer) => Promise<Answered<Progress>>;
    review: (id: string) => Promise<Answered<ReviewPage>>;
  };
  clock: () => Date;
  wait: (milliseconds: number) => Promise<void>;
  onChange: (run: BatchRun | null) => void;
  /** One has a result, or is known not to have one. */
  onItem: (item: BatchItem) => void;
  onOver: (run: BatchRun) => void;
  onSignedOut: () => void;
}

/**
 * Holds a batch back for the undo window, then approves each draft by the digest that was shown, once. When the server
 * stops answering, or the session ends, nothing more leaves; what is not known is read again and never sent again by
 * itself.
 */
export interface BatchRunner {
  start: (items: readonly Pick<BatchItem, "id" | "customer" | "title" | "digest">[], seconds: number) => void;
  /** Takes the whole batch back before it leaves; false when it has left. */
  undo: () => boolean;
  /** Approves what never left, or never arrived, as it was shown. */
  sendRest: () => void;
  /** Reads one again of which something is not known. */
  look: (id: string) => Promise<void>;
  dismiss: () => void;
  /** Takes up what an earlier page left: what waited never left, and what left is looked for. */
  resume: (left: BatchRun) => void;
}

export function createBatchRunner(dependencies: RunnerDependencies): BatchRunner {
  const { client, clock, wait, onChange, onItem, onOver, onSignedOut } = dependencies;
  const looking = new Set<string>();
  let run: BatchRun | null = null;

  const change = (next: BatchRun | null) => {
    run = next;
    onChange(next);
  };
  const find = (id: string) => run?.items.find((item) => item.id === id);
  const update = (id: string, changes: Partial<BatchItem>) => {
    if (run === null) return;
    change({ ...run, items: run.items.map((item) => (item.id === id ? { ...item, ...changes } : item)) });
    const changed = find(id);
    if (changed && changed.status !== "sending") onItem(changed);
  };

  /** Approves one; false when nothing more may leave. */
  const sendOne = async ({ id, digest }: BatchItem): Promise<boolean> => {
    update(id, { status: "sending", message: "" });
    const answered = await client.decide(id, { type: "approve", digest });
    if (answered.kind === "signed_out") {
      update(id, { status: "held", message: "You were signed out." });
      onSignedOut();
      return false;
    }
    update(id, resultOfApproval(digest, id, answered));
    if (answered.kind === "offline") void look(id);
    return answered.kind !== "offline";
  };

  const send = async () => {
    if (run === null) return;
    change({ ...run, status: "sending" });
    let halted = false;
    const work = async () => {
      for (;;) {
        const next = halted ? undefined : run?.items.find(({ status }) => status === "waiting");
        if (!next) return;
        if (!(await sendOne(next))) halted = true;
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, work));
    const over: BatchRun = { ...run, status: "over", items: run.items.map(asHeld) };
    change(over);
    onOver(over);
  };

  const look = async (id: string) => {
    if (looking.has(id)) return;
    looking.add(id);
    let looks = 0;
    while (looks < LOOKS.length) {
      await wait(LOOKS[looks] ?? 0);
      const answered = await client.review(id);
      const item = find(id);
      if (!item || answered.kind === "signed_out" || answered.kind === "refused") break;
      if (answered.kind === "offline") {
        await wait(PATIENCE);
        continue;
      }
      looks += 1;
      const result = resultInPage(answered.value, item.digest);
      if (result) update(id, result);
      if (result) break;
      if (looks === LOOKS.length && answered.value.decision === null) {
        update(id, { status: "held", message: "It did not arrive: the review still waits." });
      }
    }
    looking.delete(id);
  };

  return {
    look,
    start: (items, seconds) => {
      const waiting = { status: "waiting", message: "", nextReviewId: null } as const;
      const begun: BatchRun = {
        items: items.map((item) => ({ ...item, ...waiting })),
        status: "waiting",
        leavesAt: clock().getTime() + seconds * 1000,
      };
      change(begun);
      const { leavesAt } = begun;
      void wait(seconds * 1000).then(() => {
        if (run?.status === "waiting" && run.leavesAt === leavesAt) void send();
      });
    },
    undo: () => {
      if (run?.status !== "waiting") return false;
      change(null);
      return true;
    },
    sendRest: () => {
      if (run?.status !== "over") return;
      change({
        ...run,
        items: run.items.map((item) =>
          item.status === "held" ? { ...item, status: "waiting", message: "" } : item,
        ),
      });
      void send();
    },
    dismiss: () => {
      if (run?.status === "over") change(null);
    },
    resume: (left) => {
      if (run !== null) return;
      change({ ...left, status: "over", items: left.items.map(asLeftBehind) });
      for (const { id, status } of left.items) {
        if (status === "sending" || status === "unknown") void look(id);
      }
    },
  };
}

function asHeld(item: BatchItem): BatchItem {
  return item.status === "waiting"
    ? { ...item, status: "held", message: "Nothing more left after that." }
    : item;
}

function asLeftBehind(item: BatchItem): BatchItem {
  if (item.status === "waiting") return { ...item, status: "held", message: "The page was left before." };
  return item.status === "sending"
    ? { ...item, status: "unknown", message: "It may have arrived: looking…" }
    : item;
}
