import { useCallback, useEffect, useRef, useState } from "react";
import type { Answer, Client } from "./client.ts";
import { resultOf, type DecisionResult } from "./results.ts";

/** What a decision is about, for a reader who has gone on to the next review. */
export interface Subject {
  id: string;
  customer: string;
  title: string;
}

/** A decision on its way. It leaves the browser only once its undo window is over. */
export interface Pending extends Omit<DecisionResult, "status"> {
  subject: Subject;
  answer: Answer;
  /** Milliseconds since the epoch. */
  leavesAt: number;
  status: "waiting" | "sending" | DecisionResult["status"];
}

export interface Decisions {
  pending: Pending[];
  decide: (subject: Subject, answer: Answer, undoSeconds: number) => void;
  /** Takes a decision back before it leaves; null when it has left. */
  undo: (id: string) => Pending | null;
  dismiss: (id: string) => void;
}

/** Holds decisions back for the undo window, sends each once, and tells what came of it. */
export function useDecisions(
  client: Client,
  clock: () => Date,
  onSettled: (settled: Pending) => void,
  onSignedOut: () => void,
): Decisions {
  const [pending, setPending] = useState<Pending[]>([]);
  const timers = useRef(new Map<string, ReturnType<typeof setTimeout>>());
  const all = useRef<Pending[]>([]);
  const settle = useRef({ onSettled, onSignedOut });
  useEffect(() => {
    settle.current = { onSettled, onSignedOut };
  });

  const change = useCallback((next: Pending[]) => {
    all.current = next;
    setPending(next);
  }, []);
  const update = useCallback(
    (id: string, changes: Partial<Pending>) => {
      change(all.current.map((one) => (one.subject.id === id ? { ...one, ...changes } : one)));
    },
    [change],
  );

  const send = useCallback(
    async (id: string) => {
      timers.current.delete(id);
      const leaving = all.current.find(({ subject }) => subject.id === id);
      if (!leaving) return;
      update(id, { status: "sending" });
      const answered = await client.decide(id, leaving.answer);
      const settled: Pending = { ...leaving, ...resultOf(leaving.answer, id, answered) };
      update(id, settled);
      settle.current.onSettled(settled);
      if (answered.kind === "signed_out") settle.current.onSignedOut();
    },
    [client, update],
  );

  const decide = useCallback(
    (subject: Subject, answer: Answer, undoSeconds: number) => {
      const delay = undoSeconds * 1000;
      const one: Pending = {
        ...{ subject, answer, leavesAt: clock().getTime() + delay },
        ...{ status: "waiting", message: "", problem: null, nextReviewId: null },
      };
      change([...all.current.filter(({ subject: { id } }) => id !== subject.id), one]);
      timers.current.set(
        subject.id,
        setTimeout(() => void send(subject.id), delay),
      );
    },
    [change, clock, send],
  );

  const dismiss = useCallback(
    (id: string) => {
      change(all.current.filter(({ subject }) => subject.id !== id));
    },
    [change],
  );

  const undo = useCallback(
    (id: string) => {
      const waiting = all.current.find(({ subject, status }) => subject.id === id && status === "waiting");
      const timer = timers.current.get(id);
      if (!waiting || timer === undefined) return null;
      clearTimeout(timer);
      timers.current.delete(id);
      dismiss(id);
      return waiting;
    },
    [dismiss],
  );

  useEffect(() => {
    const onLeave = (event: BeforeUnloadEvent) => {
      if (all.current.some(({ status }) => status === "waiting" || status === "sending"))
        event.preventDefault();
    };
    window.addEventListener("beforeunload", onLeave);
    return () => {
      window.removeEventListener("beforeunload", onLeave);
    };
  }, []);
  return { pending, decide, undo, dismiss };
}
