import { AsyncLocalStorage } from "node:async_hooks";
import type { Http2ServerResponse } from "node:http2";
import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { Code, ConnectError } from "@connectrpc/connect";
import type { FaultAnswer } from "./faults.ts";
import { errorList, IntercomError } from "./intercom/errors.ts";
import { codeOfStatus, toolError } from "./scalekit/errors.ts";

/** The response of the gRPC call that is being served: what a fault below gRPC needs to get at. */
export const currentResponse = new AsyncLocalStorage<Http2ServerResponse>();

/** Answers a gRPC call the way a fault wants it: throws the error, or spoils the stream and throws once it is gone. */
export async function answerCall(answer: FaultAnswer, executionId: string): Promise<never> {
  const response = currentResponse.getStore();
  switch (answer.kind) {
    case "tool_error":
      throw toolErrorOf(answer, executionId);
    case "grpc":
      throw new ConnectError(`${answer.code.replaceAll("_", " ")} (fault)`, codes[answer.code]);
    case "http":
      response?.writeHead(answer.status, { "content-type": "text/html" });
      response?.end(`<html><body><h1>${answer.status}</h1></body></html>`);
      break;
    case "reset":
      resetSocket(response?.stream.session?.socket);
      break;
    case "hang":
      break;
  }
  await closed(response);
  // Nobody is there to read it; it only lets the server put its own things away.
  throw new ConnectError("the call is gone", Code.Aborted);
}

/** The same for a plain HTTP call. Null when there is nothing to answer with any more. */
export function answerHttp(answer: FaultAnswer, response: ServerResponse): Promise<never> | Response {
  switch (answer.kind) {
    case "http":
    case "tool_error":
      return new Response(JSON.stringify({ error: "fault" }), {
        status: answer.status,
        headers: { "content-type": "application/json" },
      });
    case "grpc":
      return new Response(JSON.stringify({ error: answer.code }), { status: 500 });
    case "reset":
      resetSocket(response.socket ?? undefined);
      return never();
    case "hang":
      return never();
  }
}

const codes: Record<Extract<FaultAnswer, { kind: "grpc" }>["code"], Code> = {
  unavailable: Code.Unavailable,
  deadline_exceeded: Code.DeadlineExceeded,
  internal: Code.Internal,
  unauthenticated: Code.Unauthenticated,
  aborted: Code.Aborted,
  resource_exhausted: Code.ResourceExhausted,
  permission_denied: Code.PermissionDenied,
  unknown: Code.Unknown,
};

const intercomAnswers: Readonly<Record<number, readonly [code: string, message: string]>> = {
  401: ["unauthorized", "Access Token Invalid"],
  403: ["action_forbidden", "You are not allowed to do this"],
  404: ["not_found", "Resource Not Found"],
  429: ["rate_limit_exceeded", "Exceeded rate limit of 167 in 10_seconds"],
  500: ["server_error", "Internal Server Error"],
  503: ["service_unavailable", "Service Unavailable"],
};

function toolErrorOf(
  answer: Extract<FaultAnswer, { kind: "tool_error" }>,
  executionId: string,
): ConnectError {
  const [code, message] = intercomAnswers[answer.status] ?? ["server_error", "Something went wrong"];
  const error = new IntercomError(answer.status, answer.code ?? code, answer.message ?? message);
  return toolError(codeOfStatus(error.status), {
    executionId,
    toolErrorCode: error.code,
    toolErrorMessage: errorList(error),
  });
}

function resetSocket(socket: Pick<Socket, "resetAndDestroy"> | undefined): void {
  socket?.resetAndDestroy();
}

/** Resolves when the client, the fault or the end of the sandbox has closed the stream. */
function closed(response: Http2ServerResponse | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (!response || response.stream.closed) resolve();
    else response.stream.once("close", resolve);
  });
}

/** Held by nothing but the request it belongs to, so it goes when the request goes. */
function never(): Promise<never> {
  return new Promise(() => undefined);
}
