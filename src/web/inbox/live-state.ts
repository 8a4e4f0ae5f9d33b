import { useState } from "react";
import type { PresenceEventData, WorkEventData } from "../api.ts";
import { useEvents, type Live } from "./live.ts";

type Readers = PresenceEventData["readers"];

interface LiveUse {
  /** The review on screen. */
  review: { id: string; conversationId: string } | null;
  /** Something happened to this review. */
  onReview: (id: string) => void;
  onMe: () => Promise<void>;
  refresh: () => void;
  reload: () => void;
  announce: (text: string) => void;
}

export interface LiveState {
  live: Live;
  /** What the agents make for the reader; nothing is shown while the stream is lost. */
  work: WorkEventData;
  /** Who else has the review on screen before them. */
  readers: Readers;
}

const nothing: WorkEventData = { total: 0, works: [] };
const nobody: Readers = [];

/** Keeps what is shown in step with what happens, and knows what is so only now. */
export function useLive({ review, onReview, onMe, refresh, reload, announce }: LiveUse): LiveState {
  const [work, setWork] = useState(nothing);
  const [around, setAround] = useState<PresenceEventData | null>(null);
  const live = useEvents(true, {
    onReview: ({ event, reviewId }) => {
      refresh();
      if (reviewId === review?.id) reload();
      onReview(reviewId);
      if (event === "review.opened") announce("A new draft is waiting.");
    },
    onConnection: () => {
      void onMe();
      reload();
    },
    onWork: (told) => {
      setWork(told);
      // Work begins again where the conversation has moved on: what is on the screen may be out of date.
      if (told.works.some(({ conversationId }) => conversationId === review?.conversationId)) reload();
    },
    onPresence: (told) => {
      // Another tab of the reader's may show another review, and is told here too.
      if (told.reviewId === review?.id) setAround(told);
    },
    onReturn: () => {
      void onMe();
      refresh();
      reload();
    },
  });
  if (live !== "live") return { live, work: nothing, readers: nobody };
  return { live, work, readers: around !== null && around.reviewId === review?.id ? around.readers : nobody };
}
