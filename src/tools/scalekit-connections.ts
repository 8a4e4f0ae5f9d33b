import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";
import {
  ScalekitConflictException,
  ScalekitForbiddenException,
  ScalekitNotFoundException,
} from "@scalekit-sdk/node";
import {
  AuthorizationDetailsSchema,
  ConnectedAccountService,
  OauthTokenSchema,
} from "@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connected_accounts/connected_accounts_pb.js";
import type { ConnectionGateway, ReadOutcome, Refusal } from "./gateway.ts";
import { findConnectedAccount } from "./scalekit-accounts.ts";
import { createSharedClient, type ClientOptions } from "./scalekit-client.ts";
import { refuse } from "./refusals.ts";
import { refusalOf, tokenRefusalOf } from "./scalekit-errors.ts";

export interface ConnectionOptions extends ClientOptions {
  /** The connection's name in Scalekit, for instance `intercom`. */
  connection: string;
}

/**
 * Connected accounts over Scalekit's SDK. Makes no call before the first one that is asked for. Answers that hold the
 * teammate's Intercom token are never asked for where there is another way, and never read.
 */
export function createScalekitConnections(options: ConnectionOptions): ConnectionGateway {
  const { environmentUrl, connection, timeoutMs } = options;
  const client = createSharedClient(options);

  /** A link is made for an account, so a teammate who comes for the first time gets one. */
  async function ensureAccount(identifier: string): Promise<ReadOutcome<null>> {
    const account = await findConnectedAccount(client, connection, identifier);
    if (account.kind !== "ok") return account;
    if (account.value !== null) return done;
    return attempt(async () => {
      try {
        await client.run(({ actions }) =>
          actions.createConnectedAccount({
            connectionName: connection,
            identifier,
            authorizationDetails: create(AuthorizationDetailsSchema, {
              details: { case: "oauthToken", value: create(OauthTokenSchema) },
            }),
          }),
        );
      } catch (error) {
        // Made in the meantime, by the same person in another tab.
        if (!(error instanceof ScalekitConflictException)) throw error;
      }
    });
  }

  return {
    async createLink(identifier, { state, verifyUrl }) {
      const account = await ensureAccount(identifier);
      if (account.kind !== "ok") return account;
      try {
        const { link, expiry } = await client.run(({ actions }) =>
          actions.getAuthorizationLink({
            connectionName: connection,
            identifier,
            state,
            userVerifyUrl: verifyUrl,
          }),
        );
        const expiresAt = expiry ? new Date(Number(expiry.seconds) * 1000) : null;
        return { kind: "ok", value: { url: link, expiresAt }, executionId: null };
      } catch (error) {
        return refusalOf(error);
      }
    },

    async verify(identifier, authRequestId) {
      try {
        await client.run(({ actions }) => actions.verifyConnectedAccountUser({ authRequestId, identifier }));
        return done;
      } catch (error) {
        if (error instanceof ScalekitForbiddenException) return madeForAnother;
        if (error instanceof ScalekitNotFoundException) return consentUnknown;
        return refusalOf(error);
      }
    },

    async disconnect(accountId) {
      let token: string;
      try {
        token = await client.fetchToken();
      } catch (error) {
        return tokenRefusalOf(error);
      }
      // The SDK has no call for this; its descriptors do.
      const sessionManager = new Http2SessionManager(environmentUrl);
      const transport = createGrpcTransport({ baseUrl: environmentUrl, sessionManager });
      try {
        const headers = { authorization: `Bearer ${token}` };
        await createClient(ConnectedAccountService, transport).disconnectConnectedAccount(
          { id: accountId },
          { timeoutMs, headers },
        );
        return done;
      } catch (error) {
        return disconnectRefusalOf(ConnectError.from(error).code);
      } finally {
        sessionManager.abort();
      }
    },
  };
}

function disconnectRefusalOf(code: Code): Refusal {
  switch (code) {
    case Code.Unauthenticated:
      return refuse("scalekit_credentials_refused");
    case Code.PermissionDenied:
      return refuse("scalekit_forbidden");
    case Code.ResourceExhausted:
      return refuse("scalekit_rate_limited");
    case Code.DeadlineExceeded:
      return refuse("scalekit_timeout");
    case Code.NotFound:
    case Code.InvalidArgument:
    case Code.FailedPrecondition:
    case Code.Unimplemented:
      return refuse("scalekit_rejected", "Scalekit does not disconnect this account.");
    case Code.Canceled:
    case Code.Unknown:
    case Code.AlreadyExists:
    case Code.Aborted:
    case Code.OutOfRange:
    case Code.Internal:
    case Code.Unavailable:
    case Code.DataLoss:
      return refuse("scalekit_unavailable");
  }
}

async function attempt(work: () => Promise<unknown>): Promise<ReadOutcome<null>> {
  try {
    await work();
    return done;
  } catch (error) {
    return refusalOf(error);
  }
}

const done = { kind: "ok", value: null, executionId: null } as const;
const madeForAnother: Refusal = {
  kind: "denied",
  code: "consent_of_another",
  reason: "This consent was given through a link that was made for somebody else.",
  next: "Nothing was connected. Start connecting Intercom again, from your own page.",
};
const consentUnknown: Refusal = {
  kind: "rejected",
  code: "consent_unknown",
  reason: "This consent has been used already, or is too old.",
  next: "Start connecting Intercom again.",
};
