import { useEffect, useRef, useState } from "react";
import type { BatchRun } from "./batch.ts";
import { createBatchRunner, type BatchRunner, type RunnerDependencies } from "./batch-runner.ts";
import type { Client } from "./client.ts";
import { keepBatch, readBatch } from "./remembered.ts";

/** The batch that is on its way. Kept in the tab, so that after a reload or a new sign-in each still has its result. */
export function useBatchRun(
  client: Client,
  clock: () => Date,
  identity: string,
  told: Pick<RunnerDependencies, "onItem" | "onOver" | "onSignedOut">,
): { run: BatchRun | null; runner: BatchRunner } {
  const [run, setRun] = useState<BatchRun | null>(null);
  const now = useRef<BatchRun | null>(null);
  const latest = useRef(told);
  useEffect(() => {
    latest.current = told;
  });
  const [runner] = useState(() =>
    createBatchRunner({
      ...{ client, clock, wait },
      onChange: (next) => {
        now.current = next;
        setRun(next);
        keepBatch(identity, next);
      },
      onItem: (item) => {
        latest.current.onItem(item);
      },
      onOver: (over) => {
        latest.current.onOver(over);
      },
      onSignedOut: () => {
        latest.current.onSignedOut();
      },
    }),
  );
  useEffect(() => {
    const left = readBatch(identity);
    if (left !== null) runner.resume(left);
  }, [identity, runner]);
  useEffect(() => {
    const onLeave = (event: BeforeUnloadEvent) => {
      if (now.current !== null && now.current.status !== "over") event.preventDefault();
    };
    window.addEventListener("beforeunload", onLeave);
    return () => {
      window.removeEventListener("beforeunload", onLeave);
    };
  }, []);
  return { run, runner };
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}
