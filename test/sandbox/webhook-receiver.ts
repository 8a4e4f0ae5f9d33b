import { createServer } from "node:http";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

export interface Received {
  headers: Record<string, string>;
  /** As it came over the wire. */
  text: string;
  body: Record<string, unknown>;
}

/** An application that takes webhooks and answers each with the next of `answers`, or 201. */
export interface Receiver {
  url: string;
  received: Received[];
  answers: number[];
  /** Resolves once so many have come; fails when they do not. */
  atLeast(count: number): Promise<Received[]>;
  close(): Promise<void>;
}

export async function openReceiver(port = 0): Promise<Receiver> {
  const received: Received[] = [];
  const answers: number[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString("utf8");
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      );
      received.push({ headers, text, body: JSON.parse(text) as Record<string, unknown> });
      response.writeHead(answers.shift() ?? 201).end();
    });
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the receiver has no port");
  return {
    url: `http://127.0.0.1:${address.port}/webhooks`,
    received,
    answers,
    async atLeast(count) {
      for (let waited = 0; received.length < count; waited += 20) {
        if (waited > 10_000) throw new Error(`${received.length} of ${count} webhooks came`);
        await sleep(20);
      }
      return received;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
