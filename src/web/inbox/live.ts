import { useEffect, useRef, useState } from "react";
import type { ReviewEventData } from "./client.ts";

export type Live = "connecting" | "live" | "reconnecting" | "offline";

/** Listens to what happens to the reader's reviews. The browser reconnects and goes on after the last event by itself. */
export function useEvents(
  active: boolean,
  onEvent: (event: ReviewEventData) => void,
  onReturn: () => void,
): Live {
  const [live, setLive] = useState<Live>("connecting");
  const handlers = useRef({ onEvent, onReturn });
  useEffect(() => {
    handlers.current = { onEvent, onReturn };
  });
  useEffect(() => {
    if (!active) return;
    let lost = false;
    let last = "";
    let retry: ReturnType<typeof setTimeout> | undefined;
    let source: EventSource | undefined;
    const listen = () => {
      clearTimeout(retry);
      source?.close();
      source = new EventSource(last === "" ? "/api/events" : `/api/events?after=${last}`);
      source.addEventListener("ready", (message: MessageEvent<string>) => {
        last = message.lastEventId;
        setLive("live");
        if (lost) handlers.current.onReturn();
        lost = false;
      });
      source.addEventListener("review", (message: MessageEvent<string>) => {
        last = message.lastEventId;
        handlers.current.onEvent(JSON.parse(message.data) as ReviewEventData);
      });
      source.onerror = () => {
        lost = true;
        setLive(navigator.onLine ? "reconnecting" : "offline");
        // Closed for good by the browser: refused, or an answer that is no stream.
        if (source?.readyState === EventSource.CLOSED) {
          handlers.current.onReturn();
          retry = setTimeout(listen, 5_000);
        }
      };
    };
    const onOffline = () => {
      lost = true;
      setLive("offline");
    };
    listen();
    window.addEventListener("offline", onOffline);
    window.addEventListener("online", listen);
    return () => {
      clearTimeout(retry);
      source?.close();
      window.removeEventListener("offline", onOffline);
      window.removeEventListener("online", listen);
    };
  }, [active]);
  return live;
}
