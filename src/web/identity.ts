import type { IdentitySettings } from "../identity/settings.ts";
import { openRuntime } from "../runtime.ts";
import { pagePaths } from "./page.ts";

/** How callers are identified on this server: as the runtime says, with the page's own files open to everybody. */
export async function openIdentity(): Promise<IdentitySettings> {
  const { identity } = await openRuntime();
  return { ...identity, publicPaths: [...identity.publicPaths, ...pagePaths()] };
}
