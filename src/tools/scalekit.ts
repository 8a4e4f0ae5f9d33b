import { permit, type Actor, type Capability } from "../domain/capability.ts";
import type { JsonObject } from "../domain/json.ts";
import { createTokenVerifier } from "./access-token.ts";
import { resolveAlias } from "./aliases.ts";
import { prepareRead, prepareWrite } from "./arguments.ts";
import { boundOutput } from "./bound-output.ts";
import type { Caller, GatewayLog, ReadOutcome, Refusal, ToolGateway, WriteOutcome } from "./gateway.ts";
import { withoutDrafts } from "./published.ts";
import { refuse } from "./refusals.ts";
import { findConnectedAccount, listConnectedAccounts } from "./scalekit-accounts.ts";
import { createSharedClient } from "./scalekit-client.ts";
import { refusalOf } from "./scalekit-errors.ts";
import { listPermittedTools } from "./scalekit-listing.ts";
import { notExecuted } from "./scalekit-write-errors.ts";
import { createWriter } from "./scalekit-writes.ts";

/** The most JSON that one answer may bring into the process's state, in bytes. */
const maximumAnswerBytes = 2_000_000;

export interface ScalekitGatewayOptions {
  environmentUrl: string;
  clientId: string;
  clientSecret: string;
  /** The connection's name in Scalekit, for instance `intercom`. */
  connection: string;
  /** For each attempt of a read, in milliseconds. */
  readTimeoutMs: number;
  /** For the one attempt of a write, in milliseconds. */
  writeTimeoutMs: number;
  policy: readonly Capability[];
  log: GatewayLog;
}

/**
 * The gateway over Scalekit: the SDK's client for reads, a client that makes one attempt for writes. Makes no call
 * before the first one that is asked for. Keep one for the process.
 */
export function createScalekitGateway(options: ScalekitGatewayOptions): ToolGateway {
  const { environmentUrl, clientId, connection, policy, log } = options;
  const client = createSharedClient({ ...options, timeoutMs: options.readTimeoutMs });
  const writer = createWriter({
    environmentUrl,
    connection,
    timeoutMs: options.writeTimeoutMs,
    fetchToken: client.fetchToken,
  });

  async function execute(as: Caller, tool: string, args: JsonObject): Promise<ReadOutcome<JsonObject>> {
    try {
      const { data, executionId } = await client.run(({ tools }) =>
        tools.executeTool({
          toolName: tool,
          params: args,
          identifier: as.identifier,
          connectedAccountId: as.connectedAccountId,
          connector: connection,
        }),
      );
      return readableAnswer(tool, data ?? {}, executionId || null);
    } catch (error) {
      return explain(refusalOf(error), as);
    }
  }

  /** Scalekit refuses an account that is not active in more than one way; its status tells. */
  async function explain(refusal: Refusal, as: Caller): Promise<Refusal> {
    if (!mayBeConnection.has(refusal.code)) return refusal;
    const account = await findConnectedAccount(client, connection, as.identifier);
    if (account.kind !== "ok") return refusal;
    const active = account.value?.id === as.connectedAccountId && account.value.status === "active";
    return active ? refusal : refuse("connection_inactive");
  }

  return {
    async read(actor, as, name, given) {
      const startedAt = performance.now();
      const tool = resolveAlias(name);
      const outcome = await prepared(policy, actor, tool, given, (args) => execute(as, tool, args));
      note(log, "read", { tool, actor, account: as.connectedAccountId, startedAt }, outcome);
      return outcome;
    },

    async write(as, name, given, { runId }) {
      const startedAt = performance.now();
      const tool = resolveAlias(name);
      const permission = permit(policy, "delivery", tool, "write");
      const args = permission.allowed
        ? prepareWrite(permission.capability, given)
        : refuse("policy_denied", permission.reason);
      const outcome =
        args.kind === "ok"
          ? readableWrite(await writer({ as, tool, args: args.value, runId }))
          : notExecuted(args);
      note(log, "write", { tool, runId, account: as.connectedAccountId, startedAt }, outcome);
      return outcome;
    },

    listTools: (actor, as) => listPermittedTools({ client, connection, policy }, actor, as),
    listAccounts: () => listConnectedAccounts(client, connection),
    findAccount: (identifier) => findConnectedAccount(client, connection, identifier),
    verifyAccessToken: createTokenVerifier({ environmentUrl, clientId }),
  };
}

const mayBeConnection: ReadonlySet<string> = new Set([
  "scalekit_rejected",
  "scalekit_forbidden",
  "scalekit_credentials_refused",
]);

/** Asks the policy and prepares the arguments; only then does anything leave. */
async function prepared(
  policy: readonly Capability[],
  actor: Actor,
  tool: string,
  given: JsonObject,
  execute: (args: JsonObject) => Promise<ReadOutcome<JsonObject>>,
): Promise<ReadOutcome<JsonObject>> {
  const permission = permit(policy, actor, tool, "read");
  if (!permission.allowed) return refuse("policy_denied", permission.reason);
  const args = prepareRead(permission.capability, given);
  return args.kind === "ok" ? execute(args.value) : args;
}

/** An empty answer is not a success, and neither is an error that came as one. */
function readableAnswer(tool: string, data: JsonObject, executionId: string | null): ReadOutcome<JsonObject> {
  if (Object.keys(data).length === 0) return refuse("unexpected_shape", `${tool} answered with nothing.`);
  if (data.type === "error.list") return refuse("intercom_rejected");
  const value = boundOutput(data, maximumAnswerBytes);
  if (value === null) return refuse("output_too_large");
  return withoutDrafts(tool, { kind: "ok", value, executionId });
}

/** The write was carried out; its answer only has to be safe to keep. */
function readableWrite(outcome: WriteOutcome): WriteOutcome {
  if (outcome.kind !== "ok") return outcome;
  return { ...outcome, value: boundOutput(outcome.value, maximumAnswerBytes) ?? {} };
}

function note(
  log: GatewayLog,
  access: "read" | "write",
  { startedAt, ...call }: { tool: string; startedAt: number } & Record<string, unknown>,
  outcome: ReadOutcome<JsonObject> | WriteOutcome,
): void {
  const fields = {
    ...call,
    outcome: outcome.kind,
    milliseconds: Math.round(performance.now() - startedAt),
    ...(outcome.kind === "ok" ? { executionId: outcome.executionId } : { code: outcome.code }),
  };
  if (outcome.kind === "ok") log.debug(fields, `intercom ${access}`);
  else log.warn(fields, `intercom ${access} refused`);
}
