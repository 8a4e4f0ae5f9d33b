import { createServer as createHttpServer } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import type { Server, Socket } from "node:net";
import { createServer as createTcpServer } from "node:net";
import { getRequestListener } from "@hono/node-server";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import { OperatorError } from "../domain/errors.ts";
import { currentResponse } from "./wire.ts";

/** How every HTTP/2 connection without TLS begins. */
const PREFACE = Buffer.from("PRI");

export interface OnePort {
  port: number;
  /** Stops listening and cuts every connection, whatever is still going on over it. */
  close: () => Promise<void>;
}

/** Serves HTTP/1.1 and gRPC (HTTP/2 without TLS) on one port, told apart by the first bytes of a connection. */
export async function listenOnOnePort(
  address: { host: string; port: number },
  handlers: {
    http: (request: Request, bindings: unknown) => Response | Promise<Response>;
    rpc: (request: Http2ServerRequest, response: Http2ServerResponse) => void;
  },
): Promise<OnePort> {
  const http = createHttpServer(getRequestListener(handlers.http));
  const http2 = createHttp2Server({}, (request, response) => {
    currentResponse.run(response, () => {
      handlers.rpc(request, response);
    });
  });
  // A reset connection is an error of the session; it is no news to a server.
  http2.on("sessionError", () => undefined);
  const sockets = new Set<Socket>();
  const tcp = createTcpServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {
      socket.destroy();
    });
    readProtocol(socket, (protocol) => (protocol === "http2" ? http2 : http).emit("connection", socket));
  });
  await listen(tcp, address);
  const bound = tcp.address();
  return {
    port: typeof bound === "object" && bound !== null ? bound.port : address.port,
    async close() {
      const closed = new Promise<void>((resolve) =>
        tcp.close(() => {
          resolve();
        }),
      );
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Looks at the first bytes and puts them back. */
function readProtocol(socket: Socket, decide: (protocol: "http1" | "http2") => void): void {
  socket.once("readable", () => {
    const head: unknown = socket.read();
    if (!Buffer.isBuffer(head)) {
      socket.destroy();
      return;
    }
    socket.unshift(head);
    const start = head.subarray(0, PREFACE.length);
    if (start.length < PREFACE.length && PREFACE.subarray(0, start.length).equals(start)) {
      setImmediate(() => {
        readProtocol(socket, decide);
      });
      return;
    }
    decide(start.equals(PREFACE) ? "http2" : "http1");
  });
}

function listen(server: Server, address: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const inUse = error.code === "EADDRINUSE";
      reject(
        new OperatorError(
          inUse ? "sandbox_port_in_use" : "sandbox_cannot_listen",
          `The sandbox cannot listen on ${address.host}:${address.port}: ${error.message}`,
          inUse ? "Choose another port, or stop what uses this one." : "Check the host and the port.",
          { cause: error },
        ),
      );
    });
    server.listen(address.port, address.host, resolve);
  });
}
