import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { ToolService } from "@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/tools/tools_pb.js";
import type { JsonObject } from "../domain/json.ts";
import type { Caller, WriteOutcome } from "./gateway.ts";
import { tokenRefusalOf } from "./scalekit-errors.ts";
import { createTokenCache } from "./scalekit-token.ts";
import { classifyWriteFailure, notExecuted, unknownWrite } from "./scalekit-write-errors.ts";

/** A dead connection is found out within this, instead of hanging every call for its whole deadline. */
const pingIntervalMs = 10_000;
const pingTimeoutMs = 5_000;

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
 */
export function createWriter({ environmentUrl, connection, timeoutMs, fetchToken }: WriterOptions) {
  const transport = createGrpcTransport({
    baseUrl: environmentUrl,
    pingIntervalMs,
    pingTimeoutMs,
    readMaxBytes: maximumAnswerBytes,
  });
  const client = createClient(ToolService, transport);
  const tokens = createTokenCache(fetchToken);

  return async function write({ as, tool, args, runId }: WriteRequest): Promise<WriteOutcome> {
    let token: string;
    try {
      // Fetched before the call: a missing token then means that nothing was sent.
      token = await tokens.get();
    } catch (error) {
      return notExecuted(tokenRefusalOf(error));
    }
    try {
      const answer = await client.executeTool(
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
    } catch (error) {
      if (ConnectError.from(error).code === Code.Unauthenticated) tokens.forget(token);
      return classifyWriteFailure(error);
    }
  };
}
