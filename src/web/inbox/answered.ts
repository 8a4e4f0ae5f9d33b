import type { Problem } from "../api.ts";

/** How a request ended. Only `ok` changed or showed anything. */
export type Answered<T> =
  | { kind: "ok"; value: T }
  | { kind: "refused"; problem: Problem }
  | { kind: "signed_out" }
  | { kind: "offline" };

export const noAnswer: Problem = {
  code: "offline",
  message: "The server does not answer.",
  next: "Check your connection. Nothing you typed is lost.",
};
