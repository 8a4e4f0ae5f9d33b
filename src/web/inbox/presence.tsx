import { useEffect, useRef } from "react";
import type { PresenceEventData } from "../api.ts";
import type { Client } from "./client.ts";
import { sentenceAbout } from "./readers.ts";

/** Between two heartbeats, in milliseconds. */
const BEAT = 15_000;

/** Says to the server, while this tab is in sight, that the reader has the review before them. */
export function usePresence(client: Client, reviewId: string, editing: boolean): void {
  const now = useRef(editing);
  now.current = editing;
  useEffect(() => {
    const beat = () => {
      if (document.visibilityState === "visible") void client.showPresence(reviewId, now.current);
    };
    const leave = () => {
      client.endPresence(reviewId);
    };
    const onVisibility = () => {
      if (document.visibilityState === "visible") beat();
      else leave();
    };
    beat();
    const timer = setInterval(beat, BEAT);
    document.addEventListener("visibilitychange", onVisibility);
    window.addEventListener("pagehide", leave);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", onVisibility);
      window.removeEventListener("pagehide", leave);
      leave();
    };
  }, [client, reviewId]);

  const told = useRef(editing);
  useEffect(() => {
    if (told.current === editing) return;
    told.current = editing;
    void client.showPresence(reviewId, editing);
  }, [client, reviewId, editing]);
}

interface ReadersProps {
  readers: PresenceEventData["readers"];
  announce: (text: string) => void;
}

/** Who else has the review before them; each change is said aloud once. */
export function Readers({ readers, announce }: ReadersProps) {
  const sentence = sentenceAbout(readers);
  const said = useRef("");
  useEffect(() => {
    if (said.current === sentence) return;
    said.current = sentence;
    if (sentence !== "") announce(`${sentence}.`);
  }, [sentence, announce]);
  if (sentence === "") return null;
  return (
    <p className={readers.some(({ editing }) => editing) ? "readers editing" : "readers"}>
      <bdi>{sentence}</bdi>
    </p>
  );
}
