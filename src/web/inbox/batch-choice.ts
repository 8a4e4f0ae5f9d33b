import { useCallback, useRef, useState } from "react";
import { doubtsAbout, hindranceTo, type Choice } from "./batch.ts";
import type { Client, ListedReview } from "./client.ts";
import { noAnswer } from "./answered.ts";

/** The most drafts that are approved together. */
export const MOST = 50;
/** Reviews that are read at a time. */
const READERS = 4;

export interface BatchChoice {
  /** Null while nothing is chosen from. */
  choices: readonly Choice[] | null;
  /** Reads each of them, as the reader. */
  open: (reviews: readonly ListedReview[]) => void;
  /** Shows again what was chosen from, with its ticks. */
  reopen: (choices: readonly Choice[]) => void;
  tick: (id: string, ticked: boolean) => void;
  /** Reads one again that something happened to. If it is different since, it is not ticked any more. */
  refresh: (id: string) => void;
  close: () => void;
}

/** The drafts that are about to be approved together, each read for this. */
export function useBatchChoice(
  client: Client,
  hasEdited: (id: string, draft: string) => boolean,
  onSignedOut: () => void,
): BatchChoice {
  const [choices, setChoices] = useState<readonly Choice[] | null>(null);
  const turn = useRef(0);
  const edits = useRef(hasEdited);
  edits.current = hasEdited;

  const read = useCallback(
    async (id: string, mine: number) => {
      const answered = await client.review(id);
      if (mine !== turn.current) return;
      if (answered.kind === "signed_out") {
        onSignedOut();
        return;
      }
      setChoices((before) => {
        if (before === null) return null;
        return before.map((choice) => {
          if (choice.id !== id) return choice;
          if (answered.kind !== "ok") {
            const problem = answered.kind === "refused" ? answered.problem : noAnswer;
            return { ...choice, page: null, problem, ticked: false };
          }
          const page = answered.value;
          const now: Choice = { ...choice, page, problem: null };
          const first = choice.page === null;
          const edited = edits.current(id, page.review.draft.body);
          const sound = hindranceTo(now) === null && doubtsAbout(page, edited).length === 0;
          return { ...now, ticked: first ? sound : choice.ticked && hindranceTo(now) === null };
        });
      });
    },
    [client, onSignedOut],
  );

  const open = useCallback(
    (reviews: readonly ListedReview[]) => {
      const mine = (turn.current += 1);
      const waiting = reviews.slice(0, MOST).map(({ id }) => id);
      setChoices(
        reviews.slice(0, MOST).map(({ id, customer, title }) => ({
          id,
          customer,
          title,
          page: null,
          problem: null,
          ticked: false,
        })),
      );
      const work = async () => {
        for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) await read(id, mine);
      };
      for (let reading = 0; reading < READERS; reading += 1) void work();
    },
    [read],
  );
  const reopen = useCallback(
    (before: readonly Choice[]) => {
      const mine = (turn.current += 1);
      setChoices(before);
      for (const { id } of before) void read(id, mine);
    },
    [read],
  );
  const refresh = useCallback((id: string) => void read(id, turn.current), [read]);
  const tick = useCallback((id: string, ticked: boolean) => {
    setChoices(
      (before) => before?.map((choice) => (choice.id === id ? { ...choice, ticked } : choice)) ?? null,
    );
  }, []);
  const close = useCallback(() => {
    turn.current += 1;
    setChoices(null);
  }, []);
  return { choices, open, reopen, tick, refresh, close };
}
