import { useCallback, useMemo, useState } from "react";
import type { ReviewPage } from "./client.ts";
import { keepUnsent, readUnsent, type Unsent } from "./remembered.ts";

export interface Typed {
  /** What is shown in the editor of a review: what was decided, else what the reader typed, else the draft. */
  shown: Unsent | null;
  /** What the reader typed for a review that was closed without it; null when nothing is lost. */
  leftover: string | null;
  /** What the reader typed for an earlier draft of the same conversation and nobody has sent; null when nothing is. */
  earlier: string | null;
  of: (reviewId: string) => Unsent | null;
  keep: (reviewId: string, text: Unsent) => void;
}

/** What the reader has typed and not sent, review by review. Kept until the tab closes or they sign out. */
export function useTyped(identity: string, page: ReviewPage | null): Typed {
  const [unsent, setUnsent] = useState<Record<string, Unsent>>({});
  const of = useCallback((id: string) => unsent[id] ?? readUnsent(identity, id), [unsent, identity]);
  const keep = useCallback(
    (id: string, text: Unsent) => {
      setUnsent((before) => ({ ...before, [id]: text }));
      keepUnsent(identity, id, text);
    },
    [identity],
  );
  const texts = useMemo(() => (page === null ? nothing : textsOf(page, of)), [page, of]);
  return { ...texts, of, keep };
}

const nothing = { shown: null, leftover: null, earlier: null };

function textsOf({ review, decision, history }: ReviewPage, of: Typed["of"]) {
  const { draft } = review;
  const typed = of(review.id);
  const own = typed === null || typed.body === draft.body ? null : typed.body;
  const earlier = history
    .filter(({ version, outcome }) => version < review.version && outcome === null)
    .map(({ reviewId, body }) => ({ body, typed: of(reviewId)?.body }))
    .find(({ body, typed: text }) => text !== undefined && text !== body)?.typed;
  if (review.status === "open") {
    return {
      shown: typed ?? { body: draft.body, without: [] },
      leftover: null,
      earlier: earlier === undefined || earlier === draft.body || earlier === own ? null : earlier,
    };
  }
  const closedWith = decision?.body ?? draft.body;
  return {
    shown: { body: closedWith, without: [] },
    leftover: own === closedWith ? null : own,
    earlier: null,
  };
}
