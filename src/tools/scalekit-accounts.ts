import { ConnectorStatus } from "@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connected_accounts/connected_accounts_pb.js";
import type { ConnectedAccount, ReadOutcome } from "./gateway.ts";
import { refuse } from "./refusals.ts";
import type { SharedClient } from "./scalekit-client.ts";
import { refusalOf } from "./scalekit-errors.ts";

const pageSize = 100;
const maximumPages = 100;

/**
 * The connected accounts of a connection, of one identifier or of all. Listed, never fetched one by one: the SDK's
 * other calls answer with the teammate's live Intercom token.
 */
export async function listConnectedAccounts(
  client: SharedClient,
  connection: string,
  identifier?: string,
): Promise<ReadOutcome<ConnectedAccount[]>> {
  const accounts: ConnectedAccount[] = [];
  let pageToken = "";
  try {
    for (let page = 0; page < maximumPages; page += 1) {
      const answer = await client.run(({ actions }) =>
        actions.listConnectedAccounts({
          connectionName: connection,
          pageSize,
          pageToken,
          ...(identifier !== undefined && { identifier }),
        }),
      );
      for (const { id, identifier: owner, status } of answer.connectedAccounts) {
        accounts.push({ id, identifier: owner, status: statuses[status] });
      }
      pageToken = answer.nextPageToken;
      if (pageToken === "") return { kind: "ok", value: accounts, executionId: null };
    }
    return refuse("unexpected_shape", "Scalekit's list of connected accounts does not end.");
  } catch (error) {
    return refusalOf(error);
  }
}

/** The account of exactly this identifier; the active one when there is an older one beside it. */
export async function findConnectedAccount(
  client: SharedClient,
  connection: string,
  identifier: string,
): Promise<ReadOutcome<ConnectedAccount | null>> {
  const outcome = await listConnectedAccounts(client, connection, identifier);
  if (outcome.kind !== "ok") return outcome;
  const own = outcome.value.filter((account) => account.identifier === identifier);
  const active = own.filter(({ status }) => status === "active");
  if (active.length > 1) {
    return refuse("scalekit_rejected", "This teammate has several active Intercom connections.");
  }
  return { kind: "ok", value: active[0] ?? own[0] ?? null, executionId: null };
}

const statuses: Record<ConnectorStatus, ConnectedAccount["status"]> = {
  [ConnectorStatus.CONNECTION_STATUS_UNSPECIFIED]: "unknown",
  [ConnectorStatus.ACTIVE]: "active",
  [ConnectorStatus.EXPIRED]: "expired",
  [ConnectorStatus.PENDING_AUTH]: "pending",
  [ConnectorStatus.PENDING_VERIFICATION]: "pending",
  [ConnectorStatus.DISCONNECTED]: "disconnected",
};
