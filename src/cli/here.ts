import { readConfig } from "../config.ts";
import type { Runtime } from "../runtime.ts";

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
