import { setImmediate } from "node:timers/promises";

/** Long work in portions of some ten milliseconds: whoever runs it may let others have their turn after each. */
export type Portions<Result> = Generator<void, Result>;

/** Does the work without a pause. */
export function atOnce<Result>(work: Portions<Result>): Result {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/** Does the work between whatever else there is to do: a server goes on answering. */
export async function givingWay<Result>(work: Portions<Result>): Promise<Result> {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    await setImmediate();
  }
}
