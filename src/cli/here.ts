import { join, resolve } from "node:path";
import { readConfig } from "../config.ts";
import type { Runtime } from "../runtime.ts";
import type { Store } from "../store/database.ts";

/** Does an operator's work in this process, for when no server runs from the data folder. */
export async function withRuntime<T>(work: (runtime: Runtime) => Promise<T>): Promise<T> {
  const { createRuntime } = await import("../runtime.ts");
  const runtime = await createRuntime(readConfig());
  try {
    return await work(runtime);
  } finally {
    await runtime.close();
  }
}

/** Reads the store alone, for when no server runs and nothing but the record matters. */
export async function withStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const { environment } = readConfig();
  const { openStore } = await import("../store/database.ts");
  const folder = join(resolve(environment.COUNTERSIGN_DATA), "store");
  const store = await openStore({ url: environment.DATABASE_URL ?? null, folder });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
