import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface WorkbenchOptions {
  /** A PostgreSQL server on which a database may be made and dropped. */
  databaseServer: string;
  progress: (text: string) => void;
}

/** What a benchmark works with. Whatever it opened is closed in reverse order, however the run ends. */
export interface Workbench extends WorkbenchOptions {
  /** A new temporary folder, removed at the end. */
  folder(): Promise<string>;
  /** Does this at the end, unless the returned function did it before. */
  atEnd(close: () => Promise<void>): () => Promise<void>;
  close(): Promise<void>;
}

export function openWorkbench(options: WorkbenchOptions): Workbench {
  const closers: (() => Promise<void>)[] = [];
  const atEnd = (close: () => Promise<void>) => {
    closers.push(close);
    return async () => {
      const place = closers.indexOf(close);
      if (place === -1) return;
      closers.splice(place, 1);
      await close();
    };
  };
  const closeAll = async () => {
    for (let close = closers.pop(); close; close = closers.pop()) {
      await close().catch((error: unknown) => {
        options.progress(`Something could not be closed: ${String(error)}`);
      });
    }
  };
  let closed = Promise.resolve();
  return {
    ...options,
    atEnd,
    async folder() {
      const folder = await mkdtemp(join(tmpdir(), "countersign-bench-"));
      atEnd(() => rm(folder, { recursive: true, force: true }));
      return folder;
    },
    // Whoever closes second waits for the first: the process ends after that.
    close: () => (closed = closed.then(closeAll)),
  };
}
