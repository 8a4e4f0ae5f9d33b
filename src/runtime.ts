import { randomBytes, randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createEngines, type Engines } from "./agents/engines.ts";
import { readConfig, type Config } from "./config.ts";
import { planWrites } from "./delivery/plan.ts";
import { loadDesk } from "./desk.ts";
import type { Desk } from "./domain/desk.ts";
import type { Principal } from "./domain/teammate.ts";
import { createPresence, type Presence } from "./identity/presence.ts";
import type { IdentitySettings } from "./identity/settings.ts";
import { createSight, type Sight } from "./identity/sight.ts";
import { createLog, type Log } from "./log.ts";
import { createModels, type Models } from "./models/models.ts";
import type { ProviderSettings } from "./models/providers.ts";
import { checkResume } from "./review/door.ts";
import { GRAPH } from "./runs/client.ts";
import { createWorkBoard, type WorkBoard } from "./runs/work-board.ts";
import { startSandbox, type Sandbox } from "./sandbox/sandbox.ts";
import { openStore, type Store } from "./store/database.ts";
import { findSession } from "./store/sessions.ts";
import { findToken } from "./store/tokens.ts";
import type {
  ConnectionGateway,
  ReadAccountEvent,
  ReadConversationEvent,
  SignIn,
  ToolGateway,
} from "./tools/gateway.ts";
import { createConversationEventReader } from "./tools/intercom-webhooks.ts";
import { policy } from "./tools/policy.ts";
import { createScalekitConnections } from "./tools/scalekit-connections.ts";
import { createScalekitSignIn } from "./tools/scalekit-sign-in.ts";
import { createAccountEventReader } from "./tools/scalekit-webhooks.ts";
import { createScalekitGateway } from "./tools/scalekit.ts";

/** Everything one process is made of. The only place where parts are wired together. */
export interface Runtime {
  config: Config;
  desk: Desk;
  log: Log;
  store: Store;
  gateway: ToolGateway;
  models: Models;
  engines: Engines;
  sight: Sight;
  identity: IdentitySettings;
  signIn: SignIn;
  connections: ConnectionGateway;
  /** What the agents are at work on in this process. */
  work: WorkBoard;
  /** Who looks at which review now, as this process knows. */
  presence: Presence;
  /** Reads Scalekit's signed webhooks; null while no signing secret is configured. */
  readAccountEvent: ReadAccountEvent | null;
  /** Reads Intercom's signed webhooks; null while no client secret is configured. */
  readConversationEvent: ReadConversationEvent | null;
  /** The local Scalekit and Intercom, when no Scalekit environment is configured. */
  sandbox: Sandbox | null;
  /** How long an unknown outcome rests before it is read back, in milliseconds. */
  restMs: number;
  /** Known to who can read the data folder: lets the operator's commands speak to a running server. */
  operatorKey: string;
  planWrites: typeof planWrites;
  clock: () => Date;
  newId: () => string;
  close(): Promise<void>;
}

/** What a test or an evaluation puts in the place of the real part. */
export interface Replacements {
  clock?: () => Date;
  newId?: () => string;
  engines?: Engines;
  models?: Models;
  gateway?: ToolGateway;
  log?: Log;
  /** A store that several runtimes share; whoever opened it closes it. */
  store?: Store;
}

/** What answers without a token: pages that hold nobody's data, and routes with a check of their own. */
const publicPaths = [
  "/health",
  "/sign-in",
  "/sign-in/callback",
  "/connect/verify",
  "/webhooks/scalekit",
  "/webhooks/intercom",
  "/api/operator/tokens",
  "/api/operator/tokens/revoke",
  "/api/operator/doctor",
];

const shippedWorkspace = join(import.meta.dirname, "sandbox", "workspace");
let opened: Promise<Runtime> | undefined;

/** The process's one runtime, opened on first use. The graph, the server's auth and its routes share it. */
export function openRuntime(): Promise<Runtime> {
  opened ??= createRuntime(readConfig());
  return opened;
}

/** Closes the process's runtime if it was opened; it can be opened again. */
export async function closeRuntime(): Promise<void> {
  const runtime = opened;
  opened = undefined;
  await (await runtime)?.close();
}

/**
 * Wires a runtime. Throws an OperatorError when the configuration, the desk's folder or the store cannot be used;
 * nothing stays open then.
 */
export async function createRuntime(config: Config, replacements: Replacements = {}): Promise<Runtime> {
  const { environment } = config;
  const clock = replacements.clock ?? (() => new Date());
  const newId = replacements.newId ?? randomUUID;
  const data = resolve(environment.COUNTERSIGN_DATA);
  await mkdir(data, { recursive: true, mode: 0o700 });
  const desk = await loadDesk(environment.COUNTERSIGN_DESK);
  const store =
    replacements.store ??
    (await openStore({ url: environment.DATABASE_URL ?? null, folder: join(data, "store") }));
  const closing: (() => Promise<void>)[] = replacements.store ? [] : [() => store.close()];
  try {
    const sandbox = config.scalekit === null ? await startLocalSandbox(config, data, clock) : null;
    if (sandbox) closing.unshift(() => sandbox.close());
    const scalekit = config.scalekit ?? sandboxSettings(sandbox);
    const secrets = [...config.secrets, scalekit.clientSecret];
    const log = replacements.log ?? createLog(environment.COUNTERSIGN_LOG_LEVEL, secrets);
    const readTimeoutMs = environment.COUNTERSIGN_READ_TIMEOUT_MS;
    const connection = environment.SCALEKIT_CONNECTION;
    const gateway =
      replacements.gateway ??
      createScalekitGateway({
        ...scalekit,
        connection,
        readTimeoutMs,
        writeTimeoutMs: environment.COUNTERSIGN_WRITE_TIMEOUT_MS,
        policy,
        log,
      });
    const client = { ...scalekit, connection, timeoutMs: readTimeoutMs };
    const signingSecret = environment.COUNTERSIGN_WEBHOOK_SECRET ?? sandbox?.webhookSecrets.scalekit;
    const appSecret = environment.COUNTERSIGN_INTERCOM_SECRET ?? sandbox?.webhookSecrets.intercom;
    const models = replacements.models ?? createModels(modelSettings(config));
    const parts = { config, desk, log, store, gateway, models, sandbox, clock, newId, planWrites };
    return {
      ...parts,
      engines: replacements.engines ?? createEngines({ models, gateway }),
      sight: createSight(parts),
      identity: identitySettings(parts),
      signIn: createScalekitSignIn(client),
      connections: createScalekitConnections(client),
      work: createWorkBoard(clock),
      presence: createPresence(clock),
      readAccountEvent: signingSecret ? createAccountEventReader({ ...client, signingSecret }) : null,
      readConversationEvent: appSecret ? createConversationEventReader(appSecret) : null,
      operatorKey: randomBytes(32).toString("base64url"),
      restMs: environment.COUNTERSIGN_WRITE_TIMEOUT_MS,
      close: () => closeAll(closing),
    };
  } catch (error) {
    await closeAll(closing);
    throw error;
  }
}

function startLocalSandbox(config: Config, data: string, clock: () => Date): Promise<Sandbox> {
  return startSandbox({
    port: 0,
    host: "127.0.0.1",
    workspaceFolder: config.environment.COUNTERSIGN_WORKSPACE ?? shippedWorkspace,
    stateFile: join(data, "sandbox.json"),
    clock,
    shiftToNow: true,
  });
}

function sandboxSettings(sandbox: Sandbox | null) {
  if (sandbox === null) throw new Error("neither Scalekit nor the sandbox is configured");
  return { environmentUrl: sandbox.url, clientId: sandbox.clientId, clientSecret: sandbox.clientSecret };
}

function modelSettings(config: Config) {
  const { environment } = config;
  return {
    model: environment.COUNTERSIGN_MODEL ?? null,
    classifierModel: environment.COUNTERSIGN_CLASSIFIER_MODEL,
    researcherModel: environment.COUNTERSIGN_RESEARCHER_MODEL,
    responderModel: environment.COUNTERSIGN_RESPONDER_MODEL,
    ...providerSettings(config),
  };
}

/** How the providers of models are reached. */
export function providerSettings({ environment }: Config): ProviderSettings {
  return {
    keys: {
      openai: environment.OPENAI_API_KEY,
      anthropic: environment.ANTHROPIC_API_KEY,
      google: environment.GOOGLE_API_KEY,
      "openai-compatible": environment.OPENAI_COMPATIBLE_API_KEY,
    },
    baseUrls: {
      openai: environment.OPENAI_BASE_URL,
      anthropic: environment.ANTHROPIC_BASE_URL,
      google: environment.GOOGLE_BASE_URL,
      "openai-compatible": environment.OPENAI_COMPATIBLE_BASE_URL,
    },
    timeoutMs: environment.COUNTERSIGN_MODEL_TIMEOUT_MS,
    maxRetries: 2,
  };
}

function identitySettings(
  parts: Pick<Runtime, "config" | "desk" | "store" | "gateway" | "sandbox" | "clock">,
): IdentitySettings {
  const { desk, store, gateway, sandbox, clock } = parts;
  const { environment, origins } = parts.config;
  return {
    graphs: [GRAPH],
    recursionLimit: 25,
    development: sandbox && {
      teammate: environment.COUNTERSIGN_STUDIO_TEAMMATE ?? desk.unassigned,
      tokens: sandbox.developmentTokens,
    },
    boundToLoopback: ["127.0.0.1", "::1", "localhost"].includes(environment.COUNTERSIGN_HOST),
    allowedOrigins: origins,
    publicPaths,
    dispatchKey: randomBytes(32),
    clock,
    findToken: (hash) => findToken(store.db, hash),
    findSession: (hash) => findSession(store.db, hash, clock()),
    verifyAccessToken: (token) => gateway.verifyAccessToken(token),
    checkAnswer: (principal: Principal, threadId, resume) =>
      checkResume({ store, desk }, principal, threadId, resume),
  };
}

async function closeAll(closing: readonly (() => Promise<void>)[]): Promise<void> {
  for (const close of closing) await close();
}
