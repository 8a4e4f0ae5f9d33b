import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Hono } from "hono";
import { loadCatalogue } from "./catalogue.ts";
import { createControlRoutes } from "./control.ts";
import { createMessengerRoutes } from "./messenger/messenger.ts";
import { createAssetRoutes } from "./pages/assets.ts";
import type { Core } from "./core.ts";
import type { Faults } from "./faults.ts";
import { createFaults } from "./faults.ts";
import { populate } from "./intercom/populate.ts";
import { CONNECTION, seededAccount } from "./scalekit/accounts.ts";
import { createConsentRoutes } from "./scalekit/consent.ts";
import { createEnvironment, createTokenIssuer } from "./scalekit/environment.ts";
import { createRpcHandler } from "./scalekit/rpc.ts";
import { createSignInCodes } from "./scalekit/sign-in-codes.ts";
import { createSignInRoutes } from "./scalekit/sign-in.ts";
import { createTokenRoutes } from "./scalekit/tokens.ts";
import { readSeed } from "./seed.ts";
import { listenOnOnePort } from "./server.ts";
import type { State } from "./state.ts";
import { createSaver, readState } from "./state.ts";
import { Outbox, WebhookSender } from "./webhooks/outbox.ts";
import type { Post } from "./webhooks/post.ts";
import { createPost } from "./webhooks/post.ts";
import type { World } from "./world.ts";
import { createWorld } from "./world.ts";

export interface SandboxOptions {
  /** 0 takes a free one. */
  port: number;
  host: string;
  /** The folder a fresh world is made from. */
  workspaceFolder: string;
  /** Where the world is kept; null keeps it for as long as the sandbox runs. Deleting the file resets it. */
  stateFile: string | null;
  clock: () => Date;
  /** Whether the times of a fresh world are shifted so that it looks as if it had just happened. */
  shiftToNow: boolean;
  /** Where each sender's webhooks go from the start; otherwise where they went before, and at first nowhere. */
  webhooks?: Partial<Record<WebhookSender, string>>;
  log?: (message: string) => void;
}

/** A running sandbox: a Scalekit environment with an Intercom workspace behind it. */
export interface Sandbox {
  url: string;
  clientId: string;
  clientSecret: string;
  /** Name of the Intercom connection. */
  connection: string;
  /** What every `/sandbox/*` request must carry as `x-sandbox-key`. */
  controlKey: string;
  /** Tokens to sign in with while developing, by teammate identifier. */
  developmentTokens: Readonly<Record<string, string>>;
  /** Where a customer is played. */
  messengerUrl: string;
  /** What Scalekit's webhooks are signed with (`whsec_...`), and Intercom's: the client secret of the Intercom app. */
  webhookSecrets: Readonly<Record<WebhookSender, string>>;
  world: World;
  faults: Faults;
  /** A teammate's Scalekit access token, as signing in would give it; ten minutes unless said otherwise. */
  mintAccessToken(identifier: string, lifetimeSeconds?: number): Promise<string>;
  /** Keeps what is not yet kept, stops listening and cuts every connection. */
  close(): Promise<void>;
}

/**
 * Starts a sandbox. Throws an OperatorError when the workspace folder or the state file cannot be used or the port is
 * taken; nothing is left running then.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { clock, stateFile } = options;
  const kept = stateFile === null ? null : await readState(stateFile);
  const state = kept ?? (await freshState(options));
  const saver = createSaver(stateFile, state);
  for (const [sender, url] of Object.entries(options.webhooks ?? {})) {
    state.outbox[WebhookSender.parse(sender)].url = url;
  }
  await saver.save();

  const closing = new AbortController();
  const listeners = new Set<() => void>();
  const core: Core = {
    url: "",
    state,
    catalogue: loadCatalogue(),
    issuer: await createTokenIssuer(state.environment, () => core.url, clock),
    faults: createFaults(),
    calls: [],
    clock,
    async save() {
      post.collect();
      await saver.save();
      post.send();
      for (const listener of listeners) listener();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    closing: closing.signal,
    pause: (milliseconds) => sleep(milliseconds, undefined, { signal: closing.signal }),
    log: options.log ?? (() => undefined),
  };
  const post: Post = createPost(core);
  const codes = createSignInCodes();
  const controlKey = randomBytes(24).toString("base64url");
  const world = createWorld(core);
  const app = new Hono()
    .route("/", createTokenRoutes(core, codes))
    .route("/", createSignInRoutes(core, codes))
    .route("/", createConsentRoutes(core))
    .route("/", createAssetRoutes())
    .route("/messenger", createMessengerRoutes(core, world))
    .route("/sandbox", createControlRoutes(core, world, controlKey));
  const server = await listenOnOnePort(options, {
    http: (request, bindings) => app.fetch(request, bindings),
    rpc: createRpcHandler(core),
  });
  core.url = `http://${options.host.includes(":") ? `[${options.host}]` : options.host}:${server.port}`;
  // What a sandbox before this one could not deliver.
  post.send();

  return {
    url: core.url,
    clientId: state.environment.clientId,
    clientSecret: state.environment.clientSecret,
    connection: CONNECTION,
    controlKey,
    developmentTokens: state.environment.developmentTokens,
    messengerUrl: `${core.url}/messenger`,
    webhookSecrets: { scalekit: state.outbox.scalekit.secret, intercom: state.outbox.intercom.secret },
    world,
    faults: core.faults,
    mintAccessToken: (identifier, lifetimeSeconds = 600) =>
      core.issuer.issueForTeammate(identifier, lifetimeSeconds),
    async close() {
      closing.abort();
      await server.close();
      await saver.save();
    },
  };
}

async function freshState(options: SandboxOptions): Promise<State> {
  const seed = await readSeed(options.workspaceFolder);
  const now = options.clock();
  const workspace = populate(seed, options.shiftToNow ? now : null);
  const accounts = seed.admins.flatMap(({ id, connection }) => {
    const admin = workspace.admins.find((candidate) => candidate.id === id);
    const account = admin ? seededAccount(admin, connection, now.getTime()) : null;
    return account ? [account] : [];
  });
  return {
    format: 1,
    environment: await createEnvironment(workspace.admins.map(({ email }) => email)),
    workspace,
    connections: [{ id: "conn_70000000000000001", name: CONNECTION }],
    accounts,
    authorizationRequests: [],
    issuedTokens: accounts.flatMap(({ token }) => (token === null ? [] : [token])),
    writes: [],
    outbox: Outbox.parse({}),
  };
}
