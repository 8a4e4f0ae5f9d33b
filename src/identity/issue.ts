import { randomBytes } from "node:crypto";
import type { Database } from "../store/database.ts";
import { createToken } from "../store/tokens.ts";
import { createApiToken } from "./tokens.ts";

export interface IssueDependencies {
  store: { db: Database };
  clock: () => Date;
  newId: () => string;
}

/** Makes an API token for a teammate's identifier. Only its hash is kept: this is the one time it can be read. */
export async function issueToken(
  { store, clock, newId }: IssueDependencies,
  identifier: string,
  name: string,
): Promise<{ id: string; token: string }> {
  const { token, hash } = createApiToken(randomBytes);
  const id = newId();
  await createToken(store.db, { id, identifier, name, hash, at: clock() });
  return { id, token };
}
