import { useEffect, useRef, useState } from "react";
import type { ConnectionEventData, PresenceEventData, ReviewEventData, WorkEventData } from "../api.ts";

export type Live = "connecting" | "live" | "reconnecting" | "offline";

export interface EventHandlers {
  onReview: (event: ReviewEventData) => void;
  /** What happened to the reader's own Intercom connection. */
  onConnection: (event: ConnectionEventData) => void;
  /** What the agents make for the reader: everything, each time. */
  onWork: (event: WorkEventData) => void;
  onPresence: (event: PresenceEventData) => void;
  /** The stream is back after it was lost. */
  onReturn: () => void;
}

/** Listens to what concerns the reader. The browser reconnects and goes on after the last event by itself. */
export function useEvents(active: boolean, latest: EventHandlers): Live {
  const [live, setLive] = useState<Live>("connecting");
  const handlers = useRef(latest);
  useEffect(() => {
    handlers.current = latest;
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
      const on = (type: string, handle: (data: never) => void) => {
        source?.addEventListener(type, (message: MessageEvent<string>) => {
          last = message.lastEventId;
          // The page is built from the sources of the server that says this: they agree on the form.
          handle(JSON.parse(message.data) as never);
        });
      };
      on("ready", () => {
        setLive("live");
        if (lost) handlers.current.onReturn();
        lost = false;
      });
      on("review", (event: ReviewEventData) => {
        handlers.current.onReview(event);
      });
      on("connection", (event: ConnectionEventData) => {
        handlers.current.onConnection(event);
      });
      on("work", (event: WorkEventData) => {
        handlers.current.onWork(event);
      });
      on("presence", (event: PresenceEventData) => {
        handlers.current.onPresence(event);
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
