import { useCallback, useEffect, useRef, useState } from "react";
import type { Answer, Answered, Client, Problem, Progress } from "./client.ts";
import { noAnswer } from "./list-state.ts";

/** What a decision is about, for a reader who has gone on to the next review. */
export interface Subject {
  id: string;
  customer: string;
  title: string;
}

/** A decision on its way. It leaves the browser only once its undo window is over. */
export interface Pending {
  subject: Subject;
  answer: Answer;
  /** Milliseconds since the epoch. */
  leavesAt: number;
  status: "waiting" | "sending" | "done" | "failed";
  /** What came of it, in a sentence. */
  message: string;
  problem: Problem | null;
  /** The new draft that followed, if any. */
  nextReviewId: string | null;
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

function resultOf(
  answer: Answer,
  reviewId: string,
  answered: Answered<Progress>,
): Pick<Pending, "status" | "message" | "problem" | "nextReviewId"> {
  switch (answered.kind) {
    case "offline":
      return failed({ ...noAnswer, next: "It may have arrived: the review shows what became of it." });
    case "signed_out":
      return failed({
        code: "signed_out",
        message: "You are signed out.",
        next: "Sign in again; your text is kept.",
      });
    case "refused":
      return failed(answered.problem);
    case "ok":
      return outcomeOf(answer, reviewId, answered.value);
  }
}

function outcomeOf(answer: Answer, reviewId: string, progress: Progress) {
  switch (progress.type) {
    case "busy":
      return failed({
        code: "busy",
        message: "The agents are at work on this conversation.",
        next: "Decide again in a moment.",
      });
    case "failed":
      return failed({
        code: "run_failed",
        message: progress.reason,
        next: "Open the review to see where it stands.",
      });
    case "working":
      return done("Under way.");
    case "waiting":
      if (progress.reviewId === reviewId) {
        return failed({
          code: "still_open",
          message: "The answer was not taken.",
          next: "The review is still open.",
        });
      }
      return answer.type === "revise"
        ? done("There is a new draft.", progress.reviewId)
        : failed(
            {
              code: "overtaken",
              message: "Nothing was sent: the conversation moved on.",
              next: "There is a new draft, with your text beside it.",
            },
            progress.reviewId,
          );
    case "ended":
      return ended(answer, progress.outcome);
  }
}

function ended(answer: Answer, outcome: Extract<Progress, { type: "ended" }>["outcome"]) {
  switch (outcome.type) {
    case "sent":
      return done(answer.type === "approve" || answer.type === "edit" ? "Done, as approved." : "Done.");
    case "rejected":
      return done("Rejected. Nothing was sent.");
    case "taken_over":
      return done("It is yours: answer in Intercom.");
    case "unknown":
      return done(`Being reconciled: ${outcome.reason}`);
    case "incomplete":
      return failed({
        code: "incomplete",
        message: `The reply was sent. ${outcome.reason}`,
        next: "Do the rest in Intercom.",
      });
    case "stale":
    case "failed":
    case "blocked":
      return failed({ code: outcome.type, message: outcome.reason, next: "Nothing was sent." });
  }
}

function done(message: string, nextReviewId: string | null = null) {
  return { status: "done" as const, message, problem: null, nextReviewId };
}

function failed(problem: Problem, nextReviewId: string | null = null) {
  return { status: "failed" as const, message: problem.message, problem, nextReviewId };
}
