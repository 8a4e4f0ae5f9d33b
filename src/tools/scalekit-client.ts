import { ScalekitClient, ScalekitGatewayTimeoutException, isToolException } from "@scalekit-sdk/node";

export interface ClientOptions {
  environmentUrl: string;
  clientId: string;
  clientSecret: string;
  /** For each attempt of a call, in milliseconds. */
  timeoutMs: number;
}

/** The one SDK client of a gateway: one connection and one token for every read. */
export interface SharedClient {
  /** Runs a read; the SDK may repeat it, which a read can bear. Throws what the SDK throws. */
  run<T>(call: (client: ScalekitClient) => Promise<T>): Promise<T>;
  /** Fetches an access token for Countersign itself. */
  fetchToken: () => Promise<string>;
}

export function createSharedClient({
  environmentUrl,
  clientId,
  clientSecret,
  timeoutMs,
}: ClientOptions): SharedClient {
  const connect = () =>
    new ScalekitClient(environmentUrl, clientId, clientSecret, { timeoutMs, toolTimeoutMs: timeoutMs });
  let client = connect();
  let warmUp: Promise<void> | null = null;

  /** A cold client sends every call twice and fetches a token for each: the first one is made alone. */
  async function warm(): Promise<void> {
    const cold = client;
    warmUp ??= cold.actions.listConnectedAccounts({ pageSize: 1 }).then(
      () => undefined,
      (error: unknown) => {
        warmUp = null;
        throw error;
      },
    );
    await warmUp;
  }

  return {
    async run(call) {
      const used = client;
      try {
        await warm();
        return await call(used);
      } catch (error) {
        // A connection that died silently hangs every later call too; a new one does not.
        if (client === used && error instanceof ScalekitGatewayTimeoutException && !isToolException(error)) {
          client = connect();
          warmUp = null;
        }
        throw error;
      }
    },
    fetchToken: () => client.generateClientToken(clientId, clientSecret),
  };
}
