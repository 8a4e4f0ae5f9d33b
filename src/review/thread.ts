import { z } from "zod";

const Threaded = z.object({ configurable: z.object({ thread_id: z.string() }) });

/** The thread a node runs in; the engine always sets it. */
export function threadIdOf(config: unknown): string {
  return Threaded.parse(config).configurable.thread_id;
}
