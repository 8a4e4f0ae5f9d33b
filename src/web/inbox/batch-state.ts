import { useMemo, useState } from "react";
import { summaryOf, type BatchItem, type BatchRun, type Choice } from "./batch.ts";
import { useBatchChoice, type BatchChoice } from "./batch-choice.ts";
import { useBatchRun } from "./batch-run.ts";
import type { BatchRunner } from "./batch-runner.ts";
import type { Client, ListedReview } from "./client.ts";
import type { Pending } from "./decisions.ts";
import { useSelection, type Selection } from "./selection.ts";

interface BatchUse {
  client: Client;
  clock: () => Date;
  identity: string;
  reviews: readonly ListedReview[];
  /** Decisions on their way one by one. */
  single: readonly Pending[];
  undoSeconds: number;
  hasEdited: (id: string, draft: string) => boolean;
  announce: (text: string) => void;
  onItem: (item: BatchItem) => void;
  onSignedOut: () => void;
}

export interface Batch extends Pick<BatchRunner, "sendRest" | "dismiss"> {
  run: BatchRun | null;
  selection: Selection;
  choice: BatchChoice;
  hasEdited: BatchUse["hasEdited"];
  /** How many of the selected are not among the choices. */
  leftOut: number;
  /** Why no batch can be begun now. */
  blocked: string | null;
  /** The single decisions, and those of the batch that are on their way. */
  pending: readonly Pending[];
  /** Shows what is selected, to be approved. */
  ask: () => void;
  approve: (ticked: readonly Choice[]) => void;
  /** Takes the batch back before it leaves, and shows it again as it was; false when it has left. */
  undo: () => boolean;
  /** Something happened to this review. */
  notice: (id: string) => void;
}

/** Selecting rows, looking at their drafts together, and approving them together. */
export function useBatch(use: BatchUse): Batch {
  const { client, clock, identity, reviews, single, undoSeconds, hasEdited, announce } = use;
  const { onItem, onSignedOut } = use;
  const [asked, setAsked] = useState<readonly Choice[]>([]);
  const choice = useBatchChoice(client, hasEdited, onSignedOut);
  const onOver = (over: BatchRun) => {
    announce(`Approved together: ${summaryOf(over.items)}.`);
  };
  const { run, runner } = useBatchRun(client, clock, identity, {
    ...{ onItem, onOver, onSignedOut },
  });
  const pending = useMemo(() => [...single, ...pendingIn(run)], [single, run]);
  const leaving = useMemo(
    () => new Set(pending.filter(({ status }) => status !== "failed").map(({ subject }) => subject.id)),
    [pending],
  );
  const selection = useSelection(reviews, leaving);

  return {
    ...{ run, selection, choice, hasEdited, pending },
    sendRest: runner.sendRest,
    dismiss: runner.dismiss,
    leftOut: Math.max(0, selection.ids.length - (choice.choices?.length ?? 0)),
    blocked: run !== null && run.status !== "over" ? "Another batch is on its way." : null,
    ask: () => {
      const rows = selection.ids.flatMap((id) => reviews.find((review) => review.id === id) ?? []);
      if (rows.length > 0) choice.open(rows);
    },
    approve: (ticked) => {
      const items = ticked.flatMap(({ id, customer, title, page }) =>
        page === null ? [] : { id, customer, title, digest: page.review.digest },
      );
      setAsked(choice.choices ?? []);
      choice.close();
      const others = selection.ids.filter((id) => !choice.choices?.some((one) => one.id === id));
      selection.clear();
      if (others.length > 0) selection.choose(others);
      runner.start(items, undoSeconds);
      announce(
        undoSeconds > 0
          ? `${items.length} leave in ${undoSeconds} seconds. Press U to undo.`
          : `${items.length} are on their way.`,
      );
    },
    undo: () => {
      if (!runner.undo()) return false;
      selection.choose(asked.map(({ id }) => id));
      choice.reopen(asked);
      announce("Undone. Nothing has left.");
      return true;
    },
    notice: (id) => {
      if (choice.choices?.some((one) => one.id === id)) choice.refresh(id);
      const item = run?.items.find((one) => one.id === id);
      if (item && ["unknown", "reconciling", "held"].includes(item.status)) void runner.look(id);
    },
  };
}

/** The batch's own as the list and the review show what is on its way. */
function pendingIn(run: BatchRun | null): Pending[] {
  if (run === null || run.status === "over") return [];
  return run.items.flatMap(({ id, customer, title, digest, status }): Pending[] => {
    if (status !== "waiting" && status !== "sending") return [];
    const sending = run.status === "sending";
    return [
      {
        ...{ subject: { id, customer, title }, answer: { type: "approve", digest }, leavesAt: run.leavesAt },
        ...{ status: sending ? "sending" : "waiting", message: "", problem: null, nextReviewId: null },
      },
    ];
  });
}
