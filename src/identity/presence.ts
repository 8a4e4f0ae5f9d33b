/** Somebody who has a review on their screen. */
export interface Reader {
  name: string;
  editing: boolean;
}

export interface Visit {
  reviewId: string;
  /** Whose visit it is. */
  identity: string;
  name: string;
  /** Which of their tabs; a person with several counts once. */
  tab: string;
  editing: boolean;
}

/**
 * Who looks at which review now. In memory alone, and only as true as the last heartbeat. Whoever writes to it has
 * checked before that the person may see the review: who reads along here is told of the others.
 */
export interface Presence {
  /** A heartbeat: counts for 45 seconds. */
  arrive(visit: Visit): void;
  /** One tab is gone; without a tab, all of the person's. */
  leave(left: Pick<Visit, "reviewId" | "identity"> & { tab?: string | undefined }): void;
  /** The reviews a person looks at now, each with the others there, by name. Never with themselves. */
  around(identity: string): Map<string, Reader[]>;
}

/** Three heartbeats, in milliseconds. */
const LASTS = 45_000;
/** The most tabs that one person is seen in. */
const MOST_TABS = 20;

interface Seen extends Visit {
  at: number;
}

export function createPresence(clock: () => Date): Presence {
  // In the order of the last heartbeat, oldest first.
  const seen = new Map<string, Seen>();
  const forget = (entries: Iterable<Seen>) => {
    for (const entry of entries) seen.delete(keyOf(entry));
  };
  const current = () => {
    const since = clock().getTime() - LASTS;
    forget([...seen.values()].filter(({ at }) => at < since));
    return [...seen.values()];
  };
  return {
    arrive: (visit) => {
      seen.delete(keyOf(visit));
      const own = current().filter(({ identity }) => identity === visit.identity);
      forget(own.slice(0, Math.max(0, own.length - MOST_TABS + 1)));
      seen.set(keyOf(visit), { ...visit, at: clock().getTime() });
    },
    leave: ({ reviewId, identity, tab }) => {
      forget(
        current().filter(
          (entry) =>
            entry.reviewId === reviewId && entry.identity === identity && (tab ?? entry.tab) === entry.tab,
        ),
      );
    },
    around: (identity) => {
      const all = current();
      const reviews = new Set(all.flatMap((entry) => (entry.identity === identity ? entry.reviewId : [])));
      return new Map(
        [...reviews].map((reviewId) => [
          reviewId,
          readersOf(all.filter((entry) => entry.reviewId === reviewId && entry.identity !== identity)),
        ]),
      );
    },
  };
}

function keyOf({ reviewId, identity, tab }: Visit): string {
  return JSON.stringify([reviewId, identity, tab]);
}

function readersOf(entries: readonly Seen[]): Reader[] {
  const readers = new Map<string, Reader>();
  for (const { identity, name, editing } of entries) {
    readers.set(identity, { name, editing: editing || (readers.get(identity)?.editing ?? false) });
  }
  return [...readers.values()].sort((one, other) => one.name.localeCompare(other.name));
}
