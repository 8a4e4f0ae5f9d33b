import type { Teammate } from "../domain/teammate.ts";
import type { Database } from "../store/database.ts";
import { findTeammate, saveTeammate } from "../store/teammates.ts";
import type { ReadOutcome, Refusal, ToolGateway } from "../tools/gateway.ts";
import { identifyTeammate } from "../tools/intercom.ts";

export interface TeammateDependencies {
  store: { db: Database };
  gateway: ToolGateway;
  clock: () => Date;
}

/**
 * Who the holder of an identifier is in Intercom: from the store when known, else by asking Intercom under their
 * connected account, and remembered. A refusal says what they must do.
 */
export async function recognizeTeammate(
  dependencies: TeammateDependencies,
  identifier: string,
): Promise<ReadOutcome<Teammate>> {
  const known = await findTeammate(dependencies.store.db, identifier);
  if (known) return { kind: "ok", value: known, executionId: null };
  return await identifyNow(dependencies, identifier);
}

/** Asks Intercom, now, who the holder of an identifier is, and remembers it. */
export async function identifyNow(
  { store, gateway, clock }: TeammateDependencies,
  identifier: string,
): Promise<ReadOutcome<Teammate>> {
  const account = await gateway.findAccount(identifier);
  if (account.kind !== "ok") return account;
  if (account.value?.status !== "active") return notConnected;
  const person = await identifyTeammate(gateway, {
    identifier,
    connectedAccountId: account.value.id,
  });
  if (person.kind === "ok") await saveTeammate(store.db, person.value, clock());
  return person;
}

const notConnected: Refusal = {
  kind: "needs_connection",
  code: "not_connected",
  reason: "There is no active Intercom connection.",
  next: "Connect Intercom in Scalekit, then try again.",
};
