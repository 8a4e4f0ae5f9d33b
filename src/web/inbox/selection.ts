import { useCallback, useMemo, useState } from "react";
import type { ListedReview } from "./client.ts";

type Row = Pick<ListedReview, "id" | "status" | "proposes"> & { classification: { topic: string } };

/** The rows that are chosen to be decided together. */
export interface Selection {
  /** True while rows can be chosen: each has a box then. Never where nothing waits. */
  active: boolean;
  /** In the order in which they were chosen; only what the list shows, waits, and is not on its way. */
  ids: readonly string[];
  /** Rows like the first chosen one, that one included. */
  alike: readonly string[];
  begin: () => void;
  /** `range`: with everything between the row that was chosen last and this one. */
  toggle: (id: string, range?: boolean) => void;
  choose: (ids: readonly string[]) => void;
  clear: () => void;
}

interface Chosen {
  active: boolean;
  ids: readonly string[];
  /** Where a range begins. */
  anchor: string | null;
}

const none: Chosen = { active: false, ids: [], anchor: null };

export function useSelection(reviews: readonly Row[], leaving: ReadonlySet<string>): Selection {
  const [chosen, setChosen] = useState(none);
  const rows = useMemo(
    () => reviews.filter(({ id, status }) => status === "open" && !leaving.has(id)),
    [reviews, leaving],
  );
  const shown = useMemo(() => {
    const known = new Set(rows.map(({ id }) => id));
    return chosen.ids.filter((id) => known.has(id));
  }, [rows, chosen]);
  const alike = useMemo(() => alikeTo(rows, shown[0]), [rows, shown]);

  const begin = useCallback(() => {
    setChosen((before) => ({ ...before, active: true }));
  }, []);
  const toggle = useCallback(
    (id: string, range = false) => {
      setChosen((before) => {
        const ids = range ? withRange(rows, before, id) : toggled(before.ids, id);
        return rows.some((row) => row.id === id) ? { active: true, ids, anchor: id } : before;
      });
    },
    [rows],
  );
  const choose = useCallback((ids: readonly string[]) => {
    setChosen((before) => ({ ...before, active: true, ids: [...new Set([...before.ids, ...ids])] }));
  }, []);
  const clear = useCallback(() => {
    setChosen(none);
  }, []);
  return { active: chosen.active && rows.length > 0, ids: shown, alike, begin, toggle, choose, clear };
}

export function toggled(ids: readonly string[], id: string): string[] {
  return ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id];
}

/** What was chosen, and every row from the anchor to this one, in the order of going there. */
export function withRange(
  rows: readonly Pick<Row, "id">[],
  { ids, anchor }: Pick<Chosen, "ids" | "anchor">,
  id: string,
): string[] {
  const from = rows.findIndex((row) => row.id === anchor);
  const to = rows.findIndex((row) => row.id === id);
  if (from === -1 || to === -1) return toggled(ids, id);
  const between = rows.slice(Math.min(from, to), Math.max(from, to) + 1).map((row) => row.id);
  return [...new Set([...ids, ...(from > to ? between.reverse() : between)])];
}

/** The rows of the same topic that propose the same kind of thing. */
export function alikeTo(rows: readonly Row[], id: string | undefined): string[] {
  const first = rows.find((row) => row.id === id);
  if (!first) return [];
  return rows
    .filter(
      ({ classification, proposes }) =>
        classification.topic === first.classification.topic && proposes === first.proposes,
    )
    .map((row) => row.id);
}

/** The row that has the focus, if one has. */
export function focusedRow(): string | null {
  const row = document.activeElement?.closest<HTMLElement>("[data-review]");
  return row?.dataset.review ?? null;
}
