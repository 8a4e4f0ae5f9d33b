import { randomBytes } from "node:crypto";
import type { Connection, ConnectionStatus } from "../domain/connection.ts";
import type { Teammate } from "../domain/teammate.ts";
import { appendFact } from "../store/audit.ts";
import { changeConnection, findConnection, learnConnection } from "../store/connections.ts";
import { findTeammate } from "../store/teammates.ts";
import type { ConnectedAccount, ConnectionGateway, ReadOutcome, Refusal } from "../tools/gateway.ts";
import { createReturnState, localAddress, readReturnState } from "./return-state.ts";
import type { TeammateDependencies } from "./teammates.ts";
import { identifyAs, WRONG_WORKSPACE } from "./teammates.ts";

export interface ConnectionDependencies extends TeammateDependencies {
  connections: ConnectionGateway;
}

/** Where Scalekit sends people back to after Intercom's consent. */
export const VERIFY_PATH = "/connect/verify";
/** How long giving consent may take, in seconds. */
const CONSENT_SECONDS = 30 * 60;

/** How a teammate's connection stands as far as is known, without asking anybody; asked when nothing is known. */
export async function recallConnection(
  dependencies: ConnectionDependencies,
  identifier: string,
): Promise<Connection> {
  const { db } = dependencies.store;
  const known = await findConnection(db, identifier);
  if (known === null) return readConnection(dependencies, identifier);
  return shown(known.status, await findTeammate(db, identifier), null);
}

/** How a teammate's connection stands now: Scalekit is asked for its status, and Intercom who it makes them. */
export async function readConnection(
  dependencies: ConnectionDependencies,
  identifier: string,
): Promise<Connection> {
  const { store, gateway, clock } = dependencies;
  const account = await gateway.findAccount(identifier);
  if (account.kind !== "ok") {
    const known = await findConnection(store.db, identifier);
    return shown(known?.status ?? "unknown", await findTeammate(store.db, identifier), account);
  }
  const person =
    account.value?.status === "active"
      ? await identifyAs(dependencies, { identifier, connectedAccountId: account.value.id })
      : null;
  const status = statusOf(account.value, person);
  const now = clock();
  const learned = { identifier, accountId: account.value?.id ?? null, status, asOf: now.toISOString() };
  await learnConnection(store.db, learned, { source: "read" }, now);
  const failed = person === null || person.kind === "ok" ? null : person;
  return shown(status, await findTeammate(store.db, identifier), failed);
}

/** A link with which the signed-in person connects their own Intercom; consent comes back to this browser alone. */
export async function requestConnection(
  { connections, store, clock }: ConnectionDependencies,
  person: { identifier: string; sessionToken: string },
  { origin, to }: { origin: string; to: string },
): Promise<ReadOutcome<{ url: string; expiresAt: Date | null }>> {
  const { identifier, sessionToken } = person;
  const now = clock();
  const until = new Date(now.getTime() + CONSENT_SECONDS * 1000);
  const state = createReturnState("connect", sessionToken, { to, until }, randomBytes);
  const link = await connections.createLink(identifier, { state, verifyUrl: origin + VERIFY_PATH });
  if (link.kind !== "ok") return link;
  const fact = {
    actor: identifier,
    event: "connection.requested",
    conversationId: null,
    data: { identifier },
  };
  await appendFact(store.db, fact, now);
  return link;
}

export type Verification =
  | { kind: "connected"; to: URL }
  /** This browser did not begin it, somebody else is signed in by now, or its time is over. Nothing was connected. */
  | { kind: "not_ours" }
  | { kind: "refused"; refusal: Refusal; to: URL };

/**
 * Connects what a person consented to. Who they are is what their session says and nothing else, and then Intercom is
 * asked who they are there: an account of another workspace is disconnected again.
 */
export async function verifyConnection(
  dependencies: ConnectionDependencies,
  person: { identifier: string; sessionToken: string },
  origin: string,
  back: { state?: string | undefined; requestId?: string | undefined },
): Promise<Verification> {
  const { connections, clock } = dependencies;
  const { identifier, sessionToken } = person;
  const left = readReturnState("connect", sessionToken, back.state ?? "", clock());
  if (left === null) return { kind: "not_ours" };
  const to = localAddress(left.to, origin);
  if (!back.requestId) return { kind: "refused", refusal: consentNotGiven, to };
  const verified = await connections.verify(identifier, back.requestId);
  const connected = verified.kind === "ok" ? await settle(dependencies, identifier) : verified;
  return connected.kind === "ok" ? { kind: "connected", to } : { kind: "refused", refusal: connected, to };
}

/** Takes the grant away at Scalekit. Null when it is done; what was known of the teammate stays known. */
export async function disconnect(
  { store, gateway, connections, clock }: ConnectionDependencies,
  identifier: string,
): Promise<Refusal | null> {
  const account = await gateway.findAccount(identifier);
  if (account.kind !== "ok") return account;
  if (account.value === null) return nothingToDisconnect;
  const { id: accountId } = account.value;
  const ended = await connections.disconnect(accountId);
  if (ended.kind !== "ok") return ended;
  const changed = { identifier, accountId, status: "disconnected", asOf: clock().toISOString() } as const;
  await changeConnection(store.db, changed, { event: "connection.disconnected", data: {} });
  return null;
}

/** Identifies the teammate through the account that was just verified, and records what became of it. */
async function settle(
  dependencies: ConnectionDependencies,
  identifier: string,
): Promise<ReadOutcome<unknown>> {
  const { store, gateway, connections, clock } = dependencies;
  const account = await gateway.findAccount(identifier);
  if (account.kind !== "ok") return account;
  if (account.value === null) return consentNotGiven;
  const { id: accountId } = account.value;
  const person = await identifyAs(dependencies, { identifier, connectedAccountId: accountId });
  const changed = { identifier, accountId, asOf: clock().toISOString() };
  if (person.kind !== "ok" && person.code === WRONG_WORKSPACE) {
    const { code, reason } = person;
    const ended = await connections.disconnect(accountId);
    const data = { code, reason, disconnected: ended.kind === "ok" };
    await changeConnection(
      store.db,
      { ...changed, status: "refused" },
      { event: "connection.refused", data },
    );
    return person;
  }
  const status = statusOf(account.value, person);
  const data = person.kind === "ok" ? whoOf(person.value) : { code: person.code };
  await changeConnection(store.db, { ...changed, status }, { event: "connection.verified", data });
  return person;
}

function whoOf({ adminId, workspaceId, hasInboxSeat }: Teammate) {
  return { adminId, workspaceId, hasInboxSeat };
}

/** A failed identification tells only what it is sure of: an outage is no news of the connection. */
function statusOf(account: ConnectedAccount | null, person: ReadOutcome<Teammate> | null): ConnectionStatus {
  if (account === null) return "none";
  if (person === null || person.kind === "ok") return account.status;
  if (person.code === WRONG_WORKSPACE) return "refused";
  return person.kind === "needs_connection" ? "revoked" : account.status;
}

function shown(status: ConnectionStatus, teammate: Teammate | null, refusal: Refusal | null): Connection {
  const refused = refusal && { code: refusal.code, message: refusal.reason, next: refusal.next };
  return {
    status,
    teammate: teammate && {
      adminId: teammate.adminId,
      name: teammate.name,
      email: teammate.email,
      hasInboxSeat: teammate.hasInboxSeat,
      teamIds: teammate.teamIds,
      workspaceId: teammate.workspaceId,
    },
    problem: refused ?? problems[status],
  };
}

const connectIt = "Connect Intercom.";
const connectAgain = "Connect Intercom again.";
const problems: Record<ConnectionStatus, Connection["problem"]> = {
  active: null,
  none: { code: "not_connected", message: "You have not connected Intercom yet.", next: connectIt },
  pending: { code: "connection_pending", message: "Connecting Intercom was not finished.", next: connectIt },
  expired: {
    code: "connection_expired",
    message: "Your Intercom connection has expired.",
    next: connectAgain,
  },
  disconnected: { code: "disconnected", message: "Your Intercom connection was ended.", next: connectAgain },
  revoked: {
    code: "grant_revoked",
    message: "Intercom no longer accepts your connection.",
    next: connectAgain,
  },
  refused: {
    code: WRONG_WORKSPACE,
    message: "You connected an Intercom account of another workspace.",
    next: "Connect Intercom again, with your account in the desk's workspace.",
  },
  unknown: {
    code: "connection_unknown",
    message: "Scalekit does not say how your Intercom connection stands.",
    next: "Try again later, or connect Intercom again.",
  },
};

const consentNotGiven: Refusal = {
  kind: "rejected",
  code: "consent_not_given",
  reason: "Intercom was not connected: you did not allow it.",
  next: "Connect Intercom again when you want to.",
};
const nothingToDisconnect: Refusal = {
  kind: "rejected",
  code: "not_connected",
  reason: "You have no Intercom connection.",
  next: "Nothing needs to be done.",
};
