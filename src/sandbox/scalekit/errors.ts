import type { MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorInfoSchema } from "@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/errdetails/errdetails_pb.js";

/** An error of Scalekit itself. */
export function serviceError(code: Code, errorCode: string, message: string): ConnectError {
  return errorWith(code, message, { errorCode });
}

/** Parameters that do not fit a tool's schema, each with what is wrong with it. */
export function parameterError(
  tool: string,
  fieldViolations: { field: string; description: string }[],
): ConnectError {
  const summary = fieldViolations.map(({ field, description }) => `${field}: ${description}`).join("; ");
  return errorWith(Code.InvalidArgument, `invalid parameters for ${tool}: ${summary}`, {
    errorCode: "INVALID_ARGUMENT",
    validationErrorInfo: { fieldViolations },
  });
}

/** An error of the provider behind a tool. The SDK never retries one. */
export function toolError(
  code: Code,
  toolErrorInfo: { executionId: string; toolErrorCode: string; toolErrorMessage: string },
): ConnectError {
  return errorWith(code, "tool execution failed", { errorCode: "TOOL_ERROR", toolErrorInfo });
}

/** The gRPC code Scalekit answers with when a provider answered with this HTTP status. */
export function codeOfStatus(status: number): Code {
  return codes[status] ?? (status < 500 ? Code.FailedPrecondition : Code.Internal);
}

const codes: Readonly<Record<number, Code>> = {
  400: Code.InvalidArgument,
  401: Code.Unauthenticated,
  403: Code.PermissionDenied,
  404: Code.NotFound,
  409: Code.Aborted,
  422: Code.InvalidArgument,
  429: Code.ResourceExhausted,
  501: Code.Unimplemented,
  502: Code.Unavailable,
  503: Code.Unavailable,
  504: Code.DeadlineExceeded,
};

function errorWith(
  code: Code,
  message: string,
  value: MessageInitShape<typeof ErrorInfoSchema>,
): ConnectError {
  // The SDK's declarations and Connect's name the same protobuf enums from two builds of one package.
  // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment
  return new ConnectError(message, code, undefined, [{ desc: ErrorInfoSchema, value }]);
}
