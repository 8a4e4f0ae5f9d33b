/** What the page keeps in the browser: unsent texts until the tab closes, and the reader's settings. */

import type { BatchRun } from "./batch.ts";

export interface Settings {
  /** Seconds in which a decision can still be undone before it leaves. */
  undoSeconds: number;
  shortcuts: boolean;
}

export const standard: Settings = { undoSeconds: 5, shortcuts: true };
export const undoChoices = [0, 3, 5, 10, 20];

const settingsKey = "countersign.settings";

export function readSettings(): Settings {
  const stored = readJson(localStorage, settingsKey);
  if (typeof stored !== "object" || stored === null) return standard;
  const { undoSeconds, shortcuts } = stored as Partial<Record<keyof Settings, unknown>>;
  return {
    undoSeconds:
      typeof undoSeconds === "number" && undoChoices.includes(undoSeconds)
        ? undoSeconds
        : standard.undoSeconds,
    shortcuts: typeof shortcuts === "boolean" ? shortcuts : standard.shortcuts,
  };
}

export function keepSettings(settings: Settings): void {
  write(localStorage, settingsKey, JSON.stringify(settings));
}

/** A text being edited, and the follow-ups that were ticked off. */
export interface Unsent {
  body: string;
  /** Positions of the follow-ups that shall not happen. */
  without: number[];
}

export function readUnsent(identity: string, reviewId: string): Unsent | null {
  const stored = readJson(sessionStorage, unsentKey(identity, reviewId));
  if (typeof stored !== "object" || stored === null) return null;
  const { body, without } = stored as Partial<Record<keyof Unsent, unknown>>;
  if (typeof body !== "string" || !Array.isArray(without)) return null;
  return { body, without: without.filter((position) => typeof position === "number") };
}

export function keepUnsent(identity: string, reviewId: string, unsent: Unsent): void {
  write(sessionStorage, unsentKey(identity, reviewId), JSON.stringify(unsent));
}

export function forgetUnsent(identity: string, reviewId: string): void {
  sessionStorage.removeItem(unsentKey(identity, reviewId));
}

/** A batch of approvals as it was left; null when there is none. */
export function readBatch(identity: string): BatchRun | null {
  const stored = readJson(sessionStorage, batchKey(identity));
  // Only this page wrote it, and only into this tab.
  return isRun(stored) ? stored : null;
}

export function keepBatch(identity: string, run: BatchRun | null): void {
  if (run === null) sessionStorage.removeItem(batchKey(identity));
  else write(sessionStorage, batchKey(identity), JSON.stringify(run));
}

/** After signing out nothing of anybody's stays behind. */
export function forgetEverything(): void {
  sessionStorage.clear();
}

function isRun(stored: unknown): stored is BatchRun {
  return typeof stored === "object" && stored !== null && "items" in stored && Array.isArray(stored.items);
}

function batchKey(identity: string): string {
  return `countersign.batch/${identity}`;
}

function unsentKey(identity: string, reviewId: string): string {
  return `countersign.unsent/${identity}/${reviewId}`;
}

function readJson(storage: Storage, key: string): unknown {
  try {
    return JSON.parse(storage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

/** A browser without room or permission to store still works: it only forgets. */
function write(storage: Storage, key: string, text: string): void {
  try {
    storage.setItem(key, text);
  } catch {
    return;
  }
}
