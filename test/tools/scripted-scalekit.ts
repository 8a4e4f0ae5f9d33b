import { once } from "node:events";
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import { createServer as createTcpServer, type Socket } from "node:net";
import { create, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import {
  ConnectedAccountService,
  ConnectorStatus,
} from "@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connected_accounts/connected_accounts_pb.js";
import { ErrorInfoSchema } from "@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/errdetails/errdetails_pb.js";
import {
  ToolService,
  type ExecuteToolRequest,
} from "@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/tools/tools_pb.js";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import type { JsonObject } from "../../src/domain/json.ts";

export const clientId = "skc_test";
export const clientSecret = "secret-9f31c0d2a7b84e65";
export const connection = "intercom";

export interface Account {
  id: string;
  identifier: string;
  status: keyof typeof ConnectorStatus;
}

export interface Script {
  /** Answers a tool call that carried a good token. */
  execute(call: ExecuteToolRequest, http: Http): JsonObject | Promise<JsonObject>;
  accounts: Account[];
  tools: { name: string; input_schema: JsonObject }[];
  /** Status of the token endpoint, and of the key endpoint. */
  tokenStatus: number;
  keysStatus: number;
}

/** The HTTP/2 request under a call, to break it in ways that gRPC has no word for. */
export interface Http {
  /** Closes the stream with an HTTP/2 error code. */
  reset(code: number): void;
  destroySession(): void;
  answer(status: number, body: string): void;
}

/**
 * A Scalekit environment that does what a test's script says, over the real protocols on one port. It counts every
 * call that arrives, repeated ones and ones without a token included.
 */
export async function startScriptedScalekit(given: Partial<Script> = {}) {
  const script: Script = {
    execute: () => ({ ok: true }),
    accounts: [],
    tools: [],
    tokenStatus: 200,
    keysStatus: 200,
    ...given,
  };
  const calls = { execute: [] as ExecuteToolRequest[], list: 0, token: 0, keys: 0 };
  const keys = await generateKeyPair("RS256", { extractable: true });
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: "k1", alg: "RS256", use: "sig" };
  const sign = (claims: Record<string, unknown>, kid = "k1") =>
    new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid }).sign(keys.privateKey);
  let accepted = new Set<string>();

  const requests = new WeakMap<Headers, Http>();
  const underway: Http[] = [];
  const adapter = connectNodeAdapter({
    routes: (router) => {
      router.service(ToolService, {
        async executeTool(request, context) {
          const http = underway.pop() ?? requests.get(context.requestHeader);
          requireToken(context.requestHeader);
          calls.execute.push(request);
          const data = await script.execute(request, http!);
          return { data, executionId: `exec_${String(calls.execute.length)}` };
        },
        listScopedTools(request, context) {
          requireToken(context.requestHeader);
          calls.list += 1;
          const account = script.accounts.find(({ identifier }) => identifier === request.identifier);
          const names = new Set(request.filter?.toolNames);
          const tools =
            account?.status === "ACTIVE"
              ? script.tools.filter(({ name }) => names.size === 0 || names.has(name))
              : [];
          const from = Number(request.pageToken || 0);
          const page = tools.slice(from, from + Math.min(request.pageSize || 20, 100));
          const next = from + page.length;
          return {
            tools: page.map((definition) => ({
              tool: { definition: { ...definition, description: `Runs ${definition.name}` } },
              identifier: request.identifier,
              connectedAccountId: account?.id ?? "",
            })),
            nextPageToken: next < tools.length ? String(next) : "",
            totalSize: tools.length,
          };
        },
      });
      router.service(ConnectedAccountService, {
        listConnectedAccounts(request, context) {
          requireToken(context.requestHeader);
          const own = script.accounts.filter(
            ({ identifier }) => request.identifier === undefined || identifier === request.identifier,
          );
          const from = Number(request.pageToken || 0);
          const page = own.slice(from, from + Math.min(request.pageSize || 10, 100));
          const next = from + page.length;
          return {
            connectedAccounts: page.map(({ id, identifier, status }) => ({
              id,
              identifier,
              status: ConnectorStatus[status],
              connector: connection,
            })),
            nextPageToken: next < own.length ? String(next) : "",
          };
        },
      });
    },
  });

  function requireToken(headers: Headers): void {
    const token = headers.get("authorization")?.replace("Bearer ", "") ?? "";
    if (!accepted.has(token)) throw new ConnectError("token expired", Code.Unauthenticated);
  }

  const http1 = createHttpServer((request, response) => void answerHttp(request, response));
  async function answerHttp(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const json = (status: number, body: unknown) => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
    request.resume();
    if (request.url === "/oauth/token") {
      calls.token += 1;
      if (script.tokenStatus !== 200) {
        json(script.tokenStatus, { error: "invalid_client" });
        return;
      }
      const now = Math.floor(Date.now() / 1000);
      const token = await sign({ sub: clientId, iat: now, exp: now + 3600, jti: String(calls.token) });
      accepted.add(token);
      json(200, { access_token: token, expires_in: 3600 });
      return;
    }
    calls.keys += 1;
    json(script.keysStatus, { keys: [jwk] });
  }

  const http2 = createHttp2Server((request, response) => {
    const { stream } = request;
    if (request.url.endsWith("/ExecuteTool") && request.headers.authorization !== undefined) {
      underway.push({
        reset: (code) => {
          stream.close(code);
        },
        destroySession: () => {
          stream.session?.destroy();
        },
        answer: (status, body) => {
          stream.respond({ ":status": status, "content-type": "text/html" });
          stream.end(body);
        },
      });
    }
    adapter(request, response);
  });

  const sockets = new Set<Socket>();
  const server = createTcpServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => undefined);
    socket.once("readable", () => {
      const head = socket.read() as Buffer | null;
      if (head === null) return void socket.destroy();
      socket.unshift(head);
      (head.subarray(0, 3).toString() === "PRI" ? http2 : http1).emit("connection", socket);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;

  return {
    url: `http://127.0.0.1:${String(port)}`,
    script,
    calls,
    sign,
    /** Makes every token given so far unknown, as after a rotation of the client's secret. */
    expireTokens() {
      accepted = new Set();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

export type ScriptedScalekit = Awaited<ReturnType<typeof startScriptedScalekit>>;

/** Intercom's refusal as Scalekit passes it on. */
export function toolError(code: Code, toolErrorCode: string, toolErrorMessage: string): ConnectError {
  const toolErrorInfo = { executionId: "exec_failed", toolErrorCode, toolErrorMessage };
  const value = toBinary(
    ErrorInfoSchema,
    create(ErrorInfoSchema, { errorCode: "TOOL_ERROR", toolErrorInfo }),
  );
  const error = new ConnectError(toolErrorMessage, code);
  error.details = [{ type: ErrorInfoSchema.typeName, value }];
  return error;
}
