import { useCallback, useEffect, useRef, useState } from "react";
import { noAnswer } from "./answered.ts";
import type { Client, Filters, ListedReview, Problem, ReviewCounts } from "./client.ts";

const PAGE = 50;
/** The most rows that are read again at once when something happened. */
const MOST = 200;
/** How often a list with others' reviews is read again, in milliseconds. */
const OTHERS = 15_000;

export interface ListState {
  reviews: ListedReview[];
  counts: ReviewCounts | null;
  status: "loading" | "ready" | "failed";
  problem: Problem | null;
  more: boolean;
  loadMore: () => void;
  /** Reads again what is shown, soon; many calls at once are one. */
  refresh: () => void;
}

/** The list, a page at a time, and its counts. A reading that was overtaken by a newer one is dropped. */
export function useReviewList(client: Client, filters: Filters, onSignedOut: () => void): ListState {
  const { scope, view, topic, urgency, search } = filters;
  const [reviews, setReviews] = useState<ListedReview[]>([]);
  const [counts, setCounts] = useState<ReviewCounts | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const [status, setStatus] = useState<ListState["status"]>("loading");
  const [problem, setProblem] = useState<Problem | null>(null);
  const turn = useRef(0);
  const countTurn = useRef(0);
  const shown = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  shown.current = reviews.length;

  // Beside the page: the rows do not wait for how many others there are.
  const count = useCallback(
    async (asked: Filters) => {
      const mine = (countTurn.current += 1);
      const counted = await client.counts(asked);
      if (mine === countTurn.current && counted.kind === "ok") setCounts(counted.value);
    },
    [client],
  );
  const read = useCallback(
    async (limit: number, after: string | null) => {
      const mine = (turn.current += 1);
      const asked = { scope, view, topic, urgency, search };
      const listing = client.list(asked, limit, after);
      if (after === null) void count(asked);
      const page = await listing;
      if (mine !== turn.current) return;
      if (page.kind === "signed_out") {
        onSignedOut();
        return;
      }
      if (page.kind !== "ok") {
        setProblem(page.kind === "refused" ? page.problem : noAnswer);
        setStatus("failed");
        return;
      }
      setReviews((before) => (after === null ? page.value.reviews : joined(before, page.value.reviews)));
      setNext(page.value.next);
      setStatus("ready");
      setProblem(null);
    },
    [client, count, scope, view, topic, urgency, search, onSignedOut],
  );

  useEffect(() => {
    setStatus("loading");
    setReviews([]);
    void read(PAGE, null);
  }, [read]);

  const refresh = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      void read(Math.min(MOST, Math.max(PAGE, shown.current)), null);
    }, 250);
  }, [read]);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
    },
    [refresh],
  );

  // Nothing is told of colleagues' drafts as it happens: their list is read again now and then.
  useEffect(() => {
    if (scope === "mine") return;
    const again = setInterval(refresh, OTHERS);
    return () => {
      clearInterval(again);
    };
  }, [scope, refresh]);

  const loadMore = useCallback(() => {
    if (next !== null) void read(PAGE, next);
  }, [next, read]);
  return { reviews, counts, status, problem, more: next !== null, loadMore, refresh };
}

function joined(before: readonly ListedReview[], page: readonly ListedReview[]): ListedReview[] {
  const known = new Set(before.map(({ id }) => id));
  return [...before, ...page.filter(({ id }) => !known.has(id))];
}
