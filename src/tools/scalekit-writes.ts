import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";
import { ToolService } from "@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/tools/tools_pb.js";
import type { JsonObject } from "../domain/json.ts";
import type { Caller, WriteOutcome } from "./gateway.ts";
import { refuse } from "./refusals.ts";
import { tokenRefusalOf } from "./scalekit-errors.ts";
import { createTokenCache } from "./scalekit-token.ts";
import { classifyWriteFailure, notExecuted, unknownWrite } from "./scalekit-write-errors.ts";

/** The longest a connection may take to open. */
const connectTimeoutMs = 10_000;

const maximumAnswerBytes = 16 * 1024 * 1024;

export interface WriteRequest {
  as: Caller;
  tool: string;
  args: JsonObject;
  runId: string;
}

export interface WriterOptions {
  environmentUrl: string;
  connection: string;
  timeoutMs: number;
  /** Fetches an access token for Countersign itself. */
  fetchToken: () => Promise<string>;
}

/**
 * Sends writes over a client of our own. The SDK's client repeats a call up to three times when the answer is
 * UNAVAILABLE or UNAUTHENTICATED, and both can come after the write was carried out; this one makes one attempt.
 *
 * Each write has a connection to itself, opened first and closed after: a kept one can have died without anybody
 * noticing, and then takes the write with it. What fails before the connection stands has not left this process.
 */
export function createWriter({ environmentUrl, connection, timeoutMs, fetchToken }: WriterOptions) {
  const tokens = createTokenCache(fetchToken);

  return async function write(request: WriteRequest): Promise<WriteOutcome> {
    let token: string;
    try {
      token = await tokens.get();
    } catch (error) {
      return notExecuted(tokenRefusalOf(error));
    }
    const session = new Http2SessionManager(environmentUrl);
    try {
      if (!(await connects(session, Math.min(timeoutMs, connectTimeoutMs)))) return notExecuted(unreachable);
      return await executeOnce(session, token, request);
    } catch (error) {
      if (ConnectError.from(error).code === Code.Unauthenticated) tokens.forget(token);
      return classifyWriteFailure(error);
    } finally {
      session.abort();
    }
  };

  async function executeOnce(
    sessionManager: Http2SessionManager,
    token: string,
    { as, tool, args, runId }: WriteRequest,
  ): Promise<WriteOutcome> {
    const transport = createGrpcTransport({
      baseUrl: environmentUrl,
      sessionManager,
      readMaxBytes: maximumAnswerBytes,
    });
    const answer = await createClient(ToolService, transport).executeTool(
      {
        toolName: tool,
        params: args,
        identifier: as.identifier,
        connectedAccountId: as.connectedAccountId,
        connector: connection,
        agentRunId: runId,
      },
      { timeoutMs, headers: { authorization: `Bearer ${token}` } },
    );
    const executionId = answer.executionId || null;
    const value = answer.data ?? {};
    // An answer that shows nothing of the written object, or an error inside a success, proves nothing.
    const proves = Object.keys(value).length > 0 && value.type !== "error.list";
    return proves ? { kind: "ok", value, executionId } : unknownWrite(Code.Unknown, executionId);
  }
}

const unreachable = refuse("scalekit_unavailable", "Scalekit cannot be reached.");

async function connects(session: Http2SessionManager, limitMs: number): Promise<boolean> {
  const timer = setTimeout(() => {
    session.abort();
  }, limitMs);
  try {
    return (await session.connect()) !== "error";
  } finally {
    clearTimeout(timer);
  }
}
