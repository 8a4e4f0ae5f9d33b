import { useCallback, useEffect, useState } from "react";
import type { Filters } from "./client.ts";

/** Where the reader is: everything that the address says, so that a link and the back button lead there again. */
export interface Place extends Filters {
  review: string | null;
}

export function usePlace(): [Place, (change: Partial<Place>, replace?: boolean) => void] {
  const [place, setPlace] = useState(readPlace);
  useEffect(() => {
    const onPop = () => {
      setPlace(readPlace());
    };
    window.addEventListener("popstate", onPop);
    return () => {
      window.removeEventListener("popstate", onPop);
    };
  }, []);
  const go = useCallback((change: Partial<Place>, replace = false) => {
    const next = { ...readPlace(), ...change };
    const address = addressOf(next);
    if (replace) history.replaceState(null, "", address);
    else history.pushState(null, "", address);
    setPlace(next);
  }, []);
  return [place, go];
}

export function addressOf(place: Place): string {
  const query = new URLSearchParams();
  if (place.review !== null) query.set("review", place.review);
  if (place.scope !== "mine") query.set("scope", place.scope);
  if (place.view !== "open") query.set("view", place.view);
  if (place.urgency) query.set("urgency", place.urgency);
  if (place.topic) query.set("topic", place.topic);
  if (place.search) query.set("q", place.search);
  const text = query.toString();
  return text === "" ? "/" : `/?${text}`;
}

const scopes = ["mine", "team", "all"] as const;

function readPlace(): Place {
  const query = new URLSearchParams(location.search);
  return {
    review: query.get("review"),
    scope: scopes.find((scope) => scope === query.get("scope")) ?? "mine",
    view: query.get("view") === "decided" ? "decided" : "open",
    urgency: query.get("urgency") ?? "",
    topic: query.get("topic") ?? "",
    search: query.get("q") ?? "",
  };
}
