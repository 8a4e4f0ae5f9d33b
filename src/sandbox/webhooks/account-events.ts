import { randomBytes, randomUUID } from "node:crypto";
import type { JsonObject } from "../../domain/json.ts";
import type { Account, AuthorizationRequest } from "../scalekit/accounts.ts";
import { PROVIDER } from "../scalekit/accounts.ts";
import type { State } from "../state.ts";
import type { Delivery } from "./outbox.ts";

/** What an account's events are told from: what it was at the last look. */
type Seen = Pick<Account, "id" | "identifier" | "connection" | "status" | "lastUsedAt">;

/** Watches the accounts. Each call tells, as Scalekit's webhooks do, what became of them since the one before. */
export function watchAccounts(state: State, clock: () => Date): () => Delivery[] {
  let accounts = seenAccounts(state);
  let steps = seenSteps(state);
  return () => {
    const now = clock();
    const event = (type: string, account: Seen, more: JsonObject = {}) =>
      deliveryOf(state, now, `connected_account.${type}`, account, more);
    const before = accounts;
    const stepsBefore = steps;
    accounts = seenAccounts(state);
    steps = seenSteps(state);

    const created = state.accounts.filter(({ id }) => !before.has(id)).map((a) => event("created", a));
    const authorized = state.authorizationRequests.flatMap((authorization) => {
      const account = accounts.get(authorization.accountId);
      const type = progressOf(stepsBefore.get(authorization.linkId), authorization);
      return account && type !== null ? [event(type, account)] : [];
    });
    const changed = state.accounts.flatMap((account) => {
      const old = before.get(account.id);
      if (!old || old.status === account.status) return [];
      return [event("status_updated", account, { old_status: old.status.toUpperCase() })];
    });
    const deleted = [...before.values()].filter(({ id }) => !accounts.has(id));
    return [...created, ...authorized, ...changed, ...deleted.map((account) => event("deleted", account))];
  };
}

function seenAccounts(state: State): Map<string, Seen> {
  return new Map(
    state.accounts.map(({ id, identifier, connection, status, lastUsedAt }) => [
      id,
      { id, identifier, connection, status, lastUsedAt },
    ]),
  );
}

function seenSteps(state: State): Map<string, AuthorizationRequest["step"]> {
  return new Map(state.authorizationRequests.map(({ linkId, step }) => [linkId, step]));
}

function progressOf(
  before: AuthorizationRequest["step"] | undefined,
  { step }: AuthorizationRequest,
): string | null {
  if (before === undefined) return "magic_link_generated";
  if (before === "link" && step === "consented") return "oauth_tokens_fetched";
  return before === "consented" && step === "verified" ? "oauth_succeeded" : null;
}

function deliveryOf(state: State, now: Date, type: string, account: Seen, more: JsonObject): Delivery {
  const { id, identifier, connection, status, lastUsedAt } = account;
  return {
    id: `msg_${randomUUID().replaceAll("-", "")}`,
    sender: "scalekit",
    type,
    identifier,
    attempts: 0,
    body: {
      spec_version: "1",
      id: `evt_${BigInt(`0x${randomBytes(8).toString("hex")}`)
        .toString()
        .slice(0, 18)}`,
      type,
      object: "ConnectedAccount",
      occurred_at: now.toISOString(),
      environment_id: state.environment.id,
      data: {
        id,
        identifier,
        connection_id: state.connections.find(({ name }) => name === connection)?.id ?? "",
        connection_name: connection,
        provider: PROVIDER,
        authorization_type: "OAUTH",
        status: status.toUpperCase(),
        ...(lastUsedAt !== null && { last_used_at: new Date(lastUsedAt).toISOString() }),
        ...more,
      },
    },
  };
}
