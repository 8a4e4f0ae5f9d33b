import { once } from "node:events";
import { createServer } from "node:net";
import type { Capability } from "../../src/domain/capability.ts";
import { policy } from "../../src/tools/policy.ts";
import { createScalekitGateway } from "../../src/tools/scalekit.ts";
import { clientId, clientSecret, connection } from "./scripted-scalekit.ts";

export const mina = { identifier: "mina.park@quillbook.example", connectedAccountId: "ca_mina" };
export const tomas = { identifier: "tomas.oliveira@quillbook.example", connectedAccountId: "ca_tomas" };

export const reply = {
  conversation_id: "215470001",
  admin_id: "5510001",
  type: "admin",
  message_type: "comment",
  body: "<p>Hello Ana</p>",
};

/** A gateway to the environment at `url`, and the lines it logged. */
export function openGateway(
  url: string,
  options: { policy?: readonly Capability[]; writeTimeoutMs?: number; readTimeoutMs?: number } = {},
) {
  const logged: string[] = [];
  const log = (fields: Record<string, unknown>, message: string) => {
    logged.push(JSON.stringify({ ...fields, message }));
  };
  const gateway = createScalekitGateway({
    environmentUrl: url,
    clientId,
    clientSecret,
    connection,
    readTimeoutMs: 2_000,
    writeTimeoutMs: 2_000,
    policy,
    log: { debug: log, warn: log },
    ...options,
  });
  return { gateway, logged };
}

/** An address where nothing listens. */
export async function deadUrl(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return `http://127.0.0.1:${String(typeof address === "object" && address !== null ? address.port : 0)}`;
}
