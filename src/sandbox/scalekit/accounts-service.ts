import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { ServiceImpl } from "@connectrpc/connect";
import { Code } from "@connectrpc/connect";
import type { ConnectedAccountService } from "@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connected_accounts/connected_accounts_pb.js";
import {
  ConnectorStatus,
  ConnectorType,
} from "@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connected_accounts/connected_accounts_pb.js";
import type { Core } from "../core.ts";
import type { Account, AccountStatus } from "./accounts.ts";
import { beginAuthorization, changeAccount, newAccount, PROVIDER, verify } from "./accounts.ts";
import { serviceError } from "./errors.ts";
import { pageOf } from "./pages.ts";

type AccountRpcs = Pick<
  ServiceImpl<typeof ConnectedAccountService>,
  | "listConnectedAccounts"
  | "createConnectedAccount"
  | "deleteConnectedAccount"
  | "getMagicLinkForConnectedAccount"
  | "disconnectConnectedAccount"
  | "getConnectedAccountAuth"
  | "getConnectedAccountDetails"
  | "verifyConnectedAccountUser"
>;

/** Scalekit's connected-account service, as far as applications use it. Each change is kept before it is answered. */
export function createAccountService(core: Core): AccountRpcs {
  const now = () => core.clock().getTime();
  return {
    listConnectedAccounts({ connector, connectionNames, identifier, provider, query, pageSize, pageToken }) {
      const accounts = core.state.accounts.filter(
        (account) =>
          (!connector || account.connection === connector) &&
          (connectionNames.length === 0 || connectionNames.includes(account.connection)) &&
          (!identifier || account.identifier === identifier) &&
          (provider === "" || provider.toUpperCase() === PROVIDER) &&
          account.identifier.toLowerCase().includes(query.toLowerCase()),
      );
      const page = pageOf(accounts, { pageSize, pageToken });
      return { ...page.fields, connectedAccounts: page.items.map((account) => accountFields(core, account)) };
    },

    async createConnectedAccount({ connector, identifier }) {
      if (!connector || !identifier) throw invalid("connector and identifier are required");
      if (!core.state.connections.some(({ name }) => name === connector)) {
        throw serviceError(Code.NotFound, "NOT_FOUND", `connection not found: ${connector}`);
      }
      const exists = core.state.accounts.some(
        (account) => account.connection === connector && account.identifier === identifier,
      );
      if (exists)
        throw serviceError(Code.AlreadyExists, "ALREADY_EXISTS", "connected account already exists");
      const account = newAccount(connector, identifier, now());
      core.state.accounts.push(account);
      await core.save();
      return { connectedAccount: accountFields(core, account) };
    },

    async deleteConnectedAccount(request) {
      const account = findAccount(core, request);
      core.state.accounts = core.state.accounts.filter(({ id }) => id !== account.id);
      await core.save();
      return {};
    },

    async getMagicLinkForConnectedAccount(request) {
      const authorization = beginAuthorization(core.state, findAccount(core, request), {
        state: request.state ?? null,
        userVerifyUrl: request.userVerifyUrl ?? null,
        now: now(),
      });
      await core.save();
      const link = `${core.url}/magicLink/${authorization.linkId}`;
      return { link, expiry: timestampFromMs(authorization.expiresAt) };
    },

    async disconnectConnectedAccount({ id }) {
      const account = findAccount(core, { id });
      changeAccount(account, "disconnected", now());
      await core.save();
      return { connectedAccount: accountFields(core, account) };
    },

    getConnectedAccountAuth(request) {
      const account = findAccount(core, request);
      const oauthToken = { accessToken: account.token ?? "", refreshToken: "", scopes: [], domain: "" };
      return {
        connectedAccount: {
          ...accountFields(core, account),
          authorizationDetails: { details: { case: "oauthToken" as const, value: oauthToken } },
        },
      };
    },

    getConnectedAccountDetails(request) {
      return { connectedAccount: accountFields(core, findAccount(core, request)) };
    },

    async verifyConnectedAccountUser({ authRequestId, identifier }) {
      const verification = verify(core.state, authRequestId, identifier, now());
      if (verification.kind === "unknown") {
        throw serviceError(Code.NotFound, "NOT_FOUND", "auth request not found or already used");
      }
      if (verification.kind === "mismatch") {
        throw serviceError(
          Code.PermissionDenied,
          "IDENTIFIER_MISMATCH",
          "identifier does not match the connected account",
        );
      }
      await core.save();
      return { postUserVerifyRedirectUrl: `${core.url}/connected` };
    },
  };
}

const statuses: Record<AccountStatus, ConnectorStatus> = {
  active: ConnectorStatus.ACTIVE,
  expired: ConnectorStatus.EXPIRED,
  pending_auth: ConnectorStatus.PENDING_AUTH,
  pending_verification: ConnectorStatus.PENDING_VERIFICATION,
  disconnected: ConnectorStatus.DISCONNECTED,
};

/** What Scalekit shows of an account everywhere: no credential. */
function accountFields(core: Core, account: Account) {
  return {
    id: account.id,
    identifier: account.identifier,
    provider: PROVIDER,
    status: statuses[account.status],
    authorizationType: ConnectorType.OAUTH,
    connector: account.connection,
    connectionId: core.state.connections.find(({ name }) => name === account.connection)?.id ?? "",
    updatedAt: timestampFromMs(account.updatedAt),
    ...(account.lastUsedAt !== null && { lastUsedAt: timestampFromMs(account.lastUsedAt) }),
  };
}

function findAccount(
  core: Core,
  request: { id?: string | undefined; connector?: string | undefined; identifier?: string | undefined },
): Account {
  const { id, connector, identifier } = request;
  if (!id && !(connector && identifier)) throw invalid("id, or connector and identifier, are required");
  const account = core.state.accounts.find((candidate) =>
    id ? candidate.id === id : candidate.connection === connector && candidate.identifier === identifier,
  );
  if (!account) throw serviceError(Code.NotFound, "NOT_FOUND", "connected account not found");
  return account;
}

function invalid(message: string) {
  return serviceError(Code.InvalidArgument, "INVALID_ARGUMENT", message);
}
