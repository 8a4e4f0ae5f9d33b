import { useEffect, useRef } from "react";

/** The page's shortcuts, as the help shows them. */
export const shortcuts = [
  ["J", "Next review"],
  ["K", "Previous review"],
  ["A", "Approve"],
  ["E", "Edit"],
  ["R", "Send back"],
  ["X", "Reject"],
  ["T", "Take over"],
  ["P", "Pick up a colleague's draft"],
  ["U", "Undo the last decision"],
  ["S", "Select; Space does too"],
  ["/", "Search"],
  ["?", "Help"],
] as const;

export type Bindings = Partial<Record<string, () => void>>;

/** Single keys, where nobody is typing and no dialog is open. */
export function useKeys(enabled: boolean, bindings: Bindings): void {
  const current = useRef(bindings);
  useEffect(() => {
    current.current = bindings;
  });
  useEffect(() => {
    if (!enabled) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      if (event.key === " " && !isForSpace(event.target)) return;
      if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
      const work = current.current[event.key.length === 1 ? event.key.toUpperCase() : event.key];
      if (!work) return;
      event.preventDefault();
      work();
    };
    document.addEventListener("keydown", onKey);
    return () => {
      document.removeEventListener("keydown", onKey);
    };
  }, [enabled]);
}

/** Where Space does nothing of its own. */
function isForSpace(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("body, #review-title, .row a");
}

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement && target.type === "checkbox") return false;
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName))
  );
}
