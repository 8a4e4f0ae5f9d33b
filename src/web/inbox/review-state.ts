import { useCallback, useEffect, useRef, useState } from "react";
import type { Client, Problem, ReviewPage } from "./client.ts";
import { noAnswer } from "./answered.ts";

export type ReviewState =
  | { status: "none" }
  | { status: "loading"; id: string }
  | { status: "ready"; id: string; page: ReviewPage; outdated: boolean }
  | { status: "failed"; id: string; problem: Problem };

/** How often an open review's conversation is read again, in milliseconds. */
const AGAIN = 30_000;
/** Reviews that are kept to be shown at once when the reader comes back. */
const KEPT = 30;

/**
 * The review that is open. What was read before is shown at once and read again; a failure to read it again keeps what
 * is shown. Read again at intervals and when the reader returns, so that a conversation that moved on is noticed.
 */
export function useReview(
  client: Client,
  id: string | null,
  onSignedOut: () => void,
): { state: ReviewState; reload: () => void; prefetch: (id: string) => void } {
  const [state, setState] = useState<ReviewState>({ status: "none" });
  const kept = useRef(new Map<string, ReviewPage>());
  const wanted = useRef(id);
  wanted.current = id;

  const keep = useCallback((page: ReviewPage) => {
    kept.current.delete(page.review.id);
    kept.current.set(page.review.id, page);
    const [oldest] = kept.current.keys();
    if (kept.current.size > KEPT && oldest !== undefined) kept.current.delete(oldest);
  }, []);

  const load = useCallback(
    async (asked: string) => {
      const answered = await client.review(asked);
      if (answered.kind === "ok") keep(answered.value);
      if (wanted.current !== asked) return;
      if (answered.kind === "ok") {
        setState({ status: "ready", id: asked, page: answered.value, outdated: false });
      } else if (answered.kind === "signed_out") {
        onSignedOut();
      } else {
        const problem = answered.kind === "refused" ? answered.problem : noAnswer;
        setState((before) =>
          before.status === "ready" && before.id === asked
            ? { ...before, outdated: true }
            : { status: "failed", id: asked, problem },
        );
      }
    },
    [client, keep, onSignedOut],
  );

  useEffect(() => {
    if (id === null) {
      setState({ status: "none" });
      return;
    }
    const known = kept.current.get(id);
    setState(known ? { status: "ready", id, page: known, outdated: false } : { status: "loading", id });
    void load(id);
    const again = () => {
      if (document.visibilityState === "visible") void load(id);
    };
    const timer = setInterval(again, AGAIN);
    document.addEventListener("visibilitychange", again);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", again);
    };
  }, [id, load]);

  const reload = useCallback(() => {
    if (wanted.current !== null) void load(wanted.current);
  }, [load]);
  const prefetch = useCallback(
    (other: string) => {
      if (kept.current.has(other)) return;
      void client.review(other).then((answered) => {
        if (answered.kind === "ok") keep(answered.value);
      });
    },
    [client, keep],
  );
  return { state, reload, prefetch };
}
