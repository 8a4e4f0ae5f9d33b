import { types } from "node:util";
import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorInfoSchema } from "@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/errdetails/errdetails_pb.js";
import type { Refusal, WriteOutcome } from "./gateway.ts";
import { refuse } from "./refusals.ts";
import { providerRefusal } from "./scalekit-errors.ts";

export type WriteFailure = Exclude<WriteOutcome, { kind: "ok" }>;

/**
 * What a failed write means. Only a connection that was never made, or a stream the server refused to open, is
 * `not_executed`; only a refusal that the server itself spoke is `rejected`. Everything else is `unknown`, a
 * provider that failed or was slow included: it may have carried the write out. `rejected` trusts the server: one
 * that carried the write out and then said no cannot be told from one that refused it.
 */
export function classifyWriteFailure(error: unknown): WriteFailure {
  const failure = ConnectError.from(error);
  const tool = failure.findDetails(ErrorInfoSchema).find(({ errorCode }) => errorCode === "TOOL_ERROR");
  const info = tool?.toolErrorInfo;
  const executionId = info === undefined || info.executionId === "" ? null : info.executionId;
  if (neverLeft(failure)) return notExecuted(refuse("scalekit_unavailable", "Scalekit cannot be reached."));
  const saysNo = refusing.has(failure.code) || (tool !== undefined && refusingAsTool.has(failure.code));
  if (!isSpokenByServer(failure) || !saysNo) return unknownWrite(failure.code, executionId);
  const { code, reason, next } = tool
    ? providerRefusal(failure.code, info?.toolErrorCode ?? "", info?.toolErrorMessage ?? "")
    : serviceRefusal(failure.code);
  return { kind: "rejected", code, reason, next, executionId };
}

/** A write that was stopped before anything was sent. */
export function notExecuted({ code, reason, next }: Refusal): WriteFailure {
  return { kind: "not_executed", code, reason: `Nothing was sent: ${reason}`, next, executionId: null };
}

/** A write of which nobody knows whether it was carried out. */
export function unknownWrite(code: Code, executionId: string | null): WriteFailure {
  return {
    kind: "unknown",
    code: code === Code.DeadlineExceeded ? "write_timeout" : "write_unknown",
    reason: "The request was sent, but whether Intercom carried it out is not known.",
    next: "Do not send it again. Countersign reads the conversation back to find out.",
    executionId,
  };
}

/** The statuses that say no. Aborted and cancelled are not among them: work may have begun. */
const refusing: ReadonlySet<Code> = new Set([
  Code.InvalidArgument,
  Code.FailedPrecondition,
  Code.OutOfRange,
  Code.NotFound,
  Code.AlreadyExists,
  Code.Unimplemented,
]);

/** What says no only in Intercom's own words: bare, it may come from something that stands between, after the write. */
const refusingAsTool: ReadonlySet<Code> = new Set([
  Code.Unauthenticated,
  Code.PermissionDenied,
  Code.ResourceExhausted,
]);

function serviceRefusal(code: Code): Refusal {
  if (code === Code.Unauthenticated) return refuse("scalekit_credentials_refused");
  if (code === Code.PermissionDenied) return refuse("scalekit_forbidden");
  if (code === Code.ResourceExhausted) return refuse("scalekit_rate_limited");
  if (code === Code.FailedPrecondition) return refuse("connection_inactive");
  return refuse("scalekit_rejected");
}

/** A gRPC status came with the answer, and not as a plain HTTP error of something in between. */
function isSpokenByServer({ metadata, rawMessage }: ConnectError): boolean {
  return metadata.has("grpc-status") && !/^HTTP \d{3}$/.test(rawMessage);
}

function neverLeft(failure: ConnectError): boolean {
  return causesOf(failure).some((cause) => {
    if (/\bREFUSED_STREAM\b|\bNGHTTP2_REFUSED_STREAM\b/.test(cause.message)) return isStreamError(cause);
    const code = "code" in cause ? cause.code : undefined;
    return code === "ECONNREFUSED" || code === "ENOTFOUND" || code === "EAI_AGAIN";
  });
}

/** Raised by this process's HTTP/2 layer, not words of a server that happen to look alike. */
function isStreamError(cause: Error): boolean {
  if ("code" in cause && cause.code === "ERR_HTTP2_STREAM_ERROR") return true;
  return cause instanceof ConnectError && !cause.metadata.has("grpc-status");
}

function causesOf(error: Error): Error[] {
  const causes: Error[] = [];
  for (
    let cause: unknown = error;
    types.isNativeError(cause) && !causes.includes(cause);
    cause = cause.cause
  ) {
    causes.push(cause);
  }
  return causes;
}
