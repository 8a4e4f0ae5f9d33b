import { randomBytes } from "node:crypto";
import { CallerError, VendorError } from "../domain/errors.ts";
import type { Database } from "../store/database.ts";
import { createToken } from "../store/tokens.ts";
import type { ToolGateway } from "../tools/gateway.ts";
import { createApiToken } from "./tokens.ts";

export interface IssueDependencies {
  store: { db: Database };
  gateway: Pick<ToolGateway, "findAccount">;
  clock: () => Date;
  newId: () => string;
}

/**
 * Makes an API token for a teammate's identifier. Only its hash is kept: this is the one time it can be read. Throws a
 * CallerError for an identifier Scalekit does not know, which would be a token for nobody.
 */
export async function issueToken(
  { store, gateway, clock, newId }: IssueDependencies,
  identifier: string,
  name: string,
): Promise<{ id: string; token: string }> {
  const account = await gateway.findAccount(identifier);
  if (account.kind !== "ok") throw new VendorError(account.code, account.reason, account.next);
  if (account.value === null) {
    throw new CallerError(
      "identifier_unknown",
      `Scalekit has no connected account for "${identifier}", so the token would be for nobody.`,
      "Check its spelling in Scalekit; countersign doctor lists the identifiers it knows.",
    );
  }
  const { token, hash } = createApiToken(randomBytes);
  const id = newId();
  await createToken(store.db, { id, identifier, name, hash, at: clock() });
  return { id, token };
}
