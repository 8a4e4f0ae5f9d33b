import { randomBytes } from "node:crypto";
import { Code, ConnectError } from "@connectrpc/connect";
import type { ExecuteToolRequest } from "@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/tools/tools_pb.js";
import { JsonObject } from "../../domain/json.ts";
import type { CatalogueTool } from "../catalogue.ts";
import { violationsOf } from "../catalogue.ts";
import type { Core, ExecutionCall } from "../core.ts";
import { secondsNow } from "../core.ts";
import type { FaultAnswer, FaultEffect } from "../faults.ts";
import { wakeSnoozed } from "../intercom/changes.ts";
import { errorList, IntercomError } from "../intercom/errors.ts";
import { answerCall } from "../wire.ts";
import type { Account } from "./accounts.ts";
import { changeAccount } from "./accounts.ts";
import { codeOfStatus, parameterError, serviceError, toolError } from "./errors.ts";

const MOST_CALLS = 20_000;
const MOST_WRITES = 5_000;

/** Executes a tool, with all the faults on its way. What a write tool changed is kept before anything is answered. */
export async function execute(
  core: Core,
  request: ExecuteToolRequest,
): Promise<{ data: JsonObject; executionId: string }> {
  const account = accountOf(core, request);
  const call = beginCall(core, request, account);
  try {
    const carryOut = () => carryOutTool(core, request, account, call);
    for (const effect of core.faults.meet(call, "before")) {
      if (effect.kind === "late_commit") carryOutLater(core, effect.milliseconds, carryOut);
      await meet(core, effect, account, call);
    }
    const data = await carryOut();
    for (const effect of core.faults.meet(call, "after")) await meet(core, effect, account, call);
    return { data, executionId: call.executionId };
  } catch (error) {
    if (call.outcome === "running")
      call.outcome = error instanceof ConnectError ? Code[error.code] : "defect";
    throw error;
  }
}

/** Lets a fault happen to a call. Returns when the call goes on, and never when the fault ended it. */
async function meet(core: Core, effect: FaultEffect, account: Account, call: ExecutionCall): Promise<void> {
  if (effect.kind === "latency") {
    await core.pause(effect.milliseconds);
  } else if (effect.kind === "account") {
    changeAccount(account, effect.change, core.clock().getTime());
    await core.save();
  } else {
    await endWith(effect.kind === "late_commit" ? effect.answer : effect, call);
  }
}

function endWith(answer: FaultAnswer, call: ExecutionCall): Promise<never> {
  call.outcome = `fault:${answer.kind}`;
  return answerCall(answer, call.executionId);
}

function carryOutLater(core: Core, milliseconds: number, carryOut: () => Promise<unknown>): void {
  core
    .pause(milliseconds)
    .then(carryOut)
    .catch((error: unknown) => {
      core.log(`late commit did not happen: ${error instanceof Error ? error.message : String(error)}`);
    });
}

async function carryOutTool(
  core: Core,
  request: ExecuteToolRequest,
  account: Account,
  call: ExecutionCall,
): Promise<JsonObject> {
  requireActive(account);
  const tool = core.catalogue.find(({ name }) => name === request.toolName);
  if (!tool) throw serviceError(Code.NotFound, "TOOL_NOT_FOUND", `Unknown tool: ${request.toolName}`);
  const parameters = JsonObject.parse(request.params ?? {});
  const violations = violationsOf(tool, parameters);
  if (violations.length > 0) throw parameterError(tool.name, violations);
  account.lastUsedAt = core.clock().getTime();
  if (wakeSnoozed(core.state.workspace, secondsNow(core))) await core.save();
  const data = runTool(core, tool, parameters, account, call);
  if (tool.implementation?.access === "write") {
    core.state.writes.push({
      executionId: call.executionId,
      tool: tool.name,
      parameters,
      identifier: account.identifier,
      connectedAccountId: account.id,
      agentRunId: call.agentRunId,
      at: core.clock().getTime(),
    });
    if (core.state.writes.length > MOST_WRITES) core.state.writes.shift();
    await core.save();
  }
  if (call.outcome === "running") call.outcome = "ok";
  return data;
}

function runTool(
  core: Core,
  tool: CatalogueTool,
  parameters: JsonObject,
  account: Account,
  call: ExecutionCall,
): JsonObject {
  try {
    const { workspace } = core.state;
    const caller = workspace.admins.find(({ id }) => id === account.adminId);
    if (account.tokenRevoked || account.token === null || !caller) {
      throw new IntercomError(401, "token_revoked", "Access Token has been revoked");
    }
    if (!tool.implementation) {
      throw new IntercomError(
        501,
        "not_available_in_sandbox",
        `${tool.name} is not available in the sandbox`,
      );
    }
    const now = secondsNow(core);
    const { schema_version: _, tool_version: __, ...own } = parameters;
    return tool.implementation.run({ workspace, now, caller }, own);
  } catch (error) {
    if (!(error instanceof IntercomError)) throw error;
    throw toolError(codeOfStatus(error.status), {
      executionId: call.executionId,
      toolErrorCode: error.code,
      toolErrorMessage: errorList(error),
    });
  }
}

/** The account a request means. An identifier is enough only while it has a single account. */
function accountOf(core: Core, request: ExecuteToolRequest): Account {
  const { identifier, connectedAccountId, connector } = request;
  if (!identifier && !connectedAccountId) {
    throw serviceError(
      Code.InvalidArgument,
      "INVALID_ARGUMENT",
      "identifier or connected_account_id is required",
    );
  }
  const found = core.state.accounts.filter(
    (account) =>
      (!connectedAccountId || account.id === connectedAccountId) &&
      (!identifier || account.identifier === identifier) &&
      (!connector || account.connection === connector),
  );
  if (found.length > 1) {
    const message = `multiple connected accounts found for identifier ${identifier ?? ""}: name the connector`;
    throw serviceError(Code.InvalidArgument, "INVALID_ARGUMENT", message);
  }
  const [account] = found;
  if (!account) throw serviceError(Code.NotFound, "NOT_FOUND", "connected account not found");
  return account;
}

function requireActive(account: Account): void {
  if (account.status === "active") return;
  const message = `connected account is not active: ${account.status.toUpperCase()}`;
  throw serviceError(Code.FailedPrecondition, "CONNECTED_ACCOUNT_NOT_ACTIVE", message);
}

function beginCall(core: Core, request: ExecuteToolRequest, account: Account): ExecutionCall {
  const call: ExecutionCall = {
    executionId: `exec_${randomBytes(10).toString("hex")}`,
    tool: request.toolName,
    identifier: account.identifier,
    connectedAccountId: account.id,
    agentRunId: request.agentRunId ?? null,
    at: core.clock().getTime(),
    outcome: "running",
  };
  core.calls.push(call);
  if (core.calls.length > MOST_CALLS) core.calls.shift();
  return call;
}
