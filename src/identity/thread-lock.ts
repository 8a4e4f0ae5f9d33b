/** Runs `work` alone among all work on the same thread, in the order it was asked for. */
export type ThreadLock = <Result>(threadId: string, work: () => Promise<Result>) => Promise<Result>;

/** One lock per thread, within this process. */
export function createThreadLock(): ThreadLock {
  const tails = new Map<string, Promise<unknown>>();
  return async (threadId, work) => {
    const before = tails.get(threadId) ?? Promise.resolve();
    const result = before.then(work, work);
    const tail = result.then(ignore, ignore);
    tails.set(threadId, tail);
    try {
      return await result;
    } finally {
      if (tails.get(threadId) === tail) tails.delete(threadId);
    }
  };
}

function ignore(): void {
  // A failure belongs to who asked for the work, not to who comes next.
}
