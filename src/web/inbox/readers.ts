import type { PresenceEventData } from "../api.ts";

/** The most people that are named. */
const NAMED = 3;

/** "Jonas is editing · Priya and Tomás are looking"; who edits comes first. Empty when nobody is there. */
export function sentenceAbout(readers: PresenceEventData["readers"]): string {
  const names = (editing: boolean) =>
    readers.flatMap((reader) => (reader.editing === editing ? reader.name : []));
  return [clause(names(true), "editing"), clause(names(false), "looking")]
    .filter((text) => text !== "")
    .join(" · ");
}

function clause(names: readonly string[], what: string): string {
  if (names.length === 0) return "";
  const named =
    names.length > NAMED ? [...names.slice(0, NAMED - 1), `${names.length - NAMED + 1} others`] : names;
  const last = named.at(-1) ?? "";
  const all = named.length === 1 ? last : `${named.slice(0, -1).join(", ")} and ${last}`;
  return `${all} ${names.length === 1 ? "is" : "are"} ${what}`;
}
