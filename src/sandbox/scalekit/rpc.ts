import type { Interceptor } from "@connectrpc/connect";
import { Code, ConnectError } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { ConnectedAccountService } from "@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connected_accounts/connected_accounts_pb.js";
import { ToolService } from "@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/tools/tools_pb.js";
import type { Core } from "../core.ts";
import { answerCall } from "../wire.ts";
import { createAccountService } from "./accounts-service.ts";
import { createToolService } from "./tools-service.ts";

/** The gRPC side of the environment: a handler for HTTP/2 requests. Every call needs a token of the application. */
export function createRpcHandler(core: Core): ReturnType<typeof connectNodeAdapter> {
  return connectNodeAdapter({
    interceptors: [requireToken(core), meetFaults(core)],
    routes(router) {
      router.service(ToolService, createToolService(core));
      router.service(ConnectedAccountService, createAccountService(core));
    },
  });
}

function requireToken(core: Core): Interceptor {
  return (next) => async (request) => {
    const [, token] = /^Bearer (.+)$/i.exec(request.header.get("authorization") ?? "") ?? [];
    if (token === undefined || !(await core.issuer.isApplicationToken(token))) {
      throw new ConnectError("token is missing, expired or not of this application", Code.Unauthenticated);
    }
    return next(request);
  };
}

/** Executions meet their faults where they are carried out; every other call meets them here. */
function meetFaults(core: Core): Interceptor {
  return (next) => async (request) => {
    if (request.method.name === ToolService.method.executeTool.name) return next(request);
    const call = { tool: request.method.name, identifier: identifierOf(request.message) };
    for (const effect of core.faults.meet(call, "before")) {
      if (effect.kind === "latency") await core.pause(effect.milliseconds);
      else if (effect.kind === "late_commit") await answerCall(effect.answer, "");
      else if (effect.kind !== "account") await answerCall(effect, "");
    }
    return next(request);
  };
}

function identifierOf(message: unknown): string | null {
  if (typeof message !== "object" || message === null || !("identifier" in message)) return null;
  return typeof message.identifier === "string" ? message.identifier : null;
}
