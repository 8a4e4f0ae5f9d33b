import type { Teammate } from "../domain/teammate.ts";
import type { Database } from "../store/database.ts";
import { findTeammate } from "../store/teammates.ts";
import { admitTeammate } from "../store/workspace.ts";
import type { Caller, ReadOutcome, Refusal, ToolGateway } from "../tools/gateway.ts";
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
  dependencies: TeammateDependencies,
  identifier: string,
): Promise<ReadOutcome<Teammate>> {
  const account = await dependencies.gateway.findAccount(identifier);
  if (account.kind !== "ok") return account;
  if (account.value?.status !== "active") return notConnected;
  return await identifyAs(dependencies, { identifier, connectedAccountId: account.value.id });
}

/** The same under a connected account that is known. Whoever is of another workspace than the desk's is refused. */
export async function identifyAs(
  { store, gateway, clock }: TeammateDependencies,
  as: Caller,
): Promise<ReadOutcome<Teammate>> {
  const person = await identifyTeammate(gateway, as);
  if (person.kind !== "ok") return person;
  const ours = await admitTeammate(store.db, person.value, clock());
  return ours === null ? person : wrongWorkspace(person.value.workspaceId, ours);
}

/** The code of the refusal of who belongs to another workspace. */
export const WRONG_WORKSPACE = "wrong_workspace";

function wrongWorkspace(theirs: string, ours: string): Refusal {
  return {
    kind: "denied",
    code: WRONG_WORKSPACE,
    reason: `This Intercom connection is of the workspace ${theirs}; the desk works in ${ours}.`,
    next: "Connect Intercom again, with your account in the desk's workspace.",
  };
}

const notConnected: Refusal = {
  kind: "needs_connection",
  code: "not_connected",
  reason: "There is no active Intercom connection.",
  next: "Connect Intercom, then try again.",
};
