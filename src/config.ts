import { existsSync } from "node:fs";
import { z } from "zod";
import { OperatorError } from "./domain/errors.ts";

const optionalText = z.string().trim().min(1).optional();
const model = z
  .string()
  .regex(/^[a-z-]+:.+$/, "write it as provider:model")
  .optional();
const baseUrl = z.url({ protocol: /^https?$/ }).optional();
const milliseconds = (fallback: number) => z.coerce.number().int().min(100).max(600_000).default(fallback);
const port = (fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback);

/** Every variable Countersign reads. `.describe` says what it is and where it comes from; `example` is one that works. */
export const Environment = z.object({
  SCALEKIT_ENVIRONMENT_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Your Scalekit environment. From Scalekit's dashboard, API config. Unset: the sandbox.")
    .meta({ example: "https://acme.scalekit.dev" }),
  SCALEKIT_CLIENT_ID: optionalText
    .describe("The environment's client id. From the same page.")
    .meta({ example: "skc_123" }),
  SCALEKIT_CLIENT_SECRET: optionalText
    .describe("The environment's client secret. From the same page. Never logged.")
    .meta({ example: "live_..." }),
  SCALEKIT_CONNECTION: z
    .string()
    .min(1)
    .default("intercom")
    .describe("Name of the Intercom connection in Scalekit.")
    .meta({ example: "intercom" }),
  COUNTERSIGN_WEBHOOK_SECRET: z
    .string()
    .regex(/^whsec_[A-Za-z0-9+/-]{22,}={0,2}$/, "write it as Scalekit shows it, whsec_ and all")
    .optional()
    .describe(
      "Signing secret of the webhook at /webhooks/scalekit. From Scalekit's dashboard, Webhooks. Unset: none are taken.",
    )
    .meta({ example: "whsec_YW4gZXhhbXBsZSBvZiAyNCBieXRlcyEh" }),
  COUNTERSIGN_INTERCOM_SECRET: optionalText
    .describe(
      "Client secret of your Intercom app, which signs the webhook at /webhooks/intercom. From Intercom's Developer Hub. Unset: none are taken.",
    )
    .meta({ example: "0f2c8b..." }),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .describe("PostgreSQL to keep reviews, decisions and the ledger in. Unset: embedded, in the data folder.")
    .meta({ example: "postgres://user:password@localhost:5432/countersign" }),
  COUNTERSIGN_DATA: z
    .string()
    .min(1)
    .default(".countersign")
    .describe("Folder for everything kept on disk.")
    .meta({ example: "/var/lib/countersign" }),
  COUNTERSIGN_DESK: z
    .string()
    .min(1)
    .default("desk")
    .describe("Folder with the desk's topics, tone and policy.")
    .meta({ example: "./desk" }),
  COUNTERSIGN_HOST: z
    .string()
    .min(1)
    .default("127.0.0.1")
    .describe("Address the server listens on.")
    .meta({ example: "0.0.0.0" }),
  COUNTERSIGN_PORT: port(4870)
    .describe("Port the server listens on; the next free one is taken when it is busy. 0: any free port.")
    .meta({ example: "8080" }),
  COUNTERSIGN_ORIGINS: z
    .string()
    .default("https://smith.langchain.com")
    .describe("Web origins that may call the API from a browser, separated by commas.")
    .meta({ example: "https://smith.langchain.com,https://inbox.acme.com" }),
  COUNTERSIGN_STUDIO_TEAMMATE: z
    .email()
    .optional()
    .describe(
      "Sandbox only: whom LangGraph Studio acts as. Unset: the desk's teammate for unassigned conversations.",
    )
    .meta({ example: "mina.park@quillbook.example" }),
  COUNTERSIGN_WORKSPACE: optionalText
    .describe("Sandbox only: folder its workspace is first made from. Unset: the one that is shipped.")
    .meta({ example: "./my-workspace" }),
  COUNTERSIGN_MODEL: model
    .describe("The agents' model: openai, anthropic, google or openai-compatible. Unset: offline engines.")
    .meta({ example: "openai:gpt-5.2" }),
  COUNTERSIGN_CLASSIFIER_MODEL: model
    .describe("The classifier's model, when it differs.")
    .meta({ example: "openai:gpt-5.2-mini" }),
  COUNTERSIGN_RESEARCHER_MODEL: model
    .describe("The researcher's model, when it differs.")
    .meta({ example: "anthropic:claude-sonnet-4-6" }),
  COUNTERSIGN_RESPONDER_MODEL: model
    .describe("The responder's model, when it differs.")
    .meta({ example: "openai:gpt-5.2" }),
  COUNTERSIGN_MODEL_TIMEOUT_MS: milliseconds(60_000)
    .describe("Longest wait for one model call, in milliseconds.")
    .meta({ example: "60000" }),
  OPENAI_API_KEY: optionalText.describe("Key for openai models. From OpenAI.").meta({ example: "sk-..." }),
  OPENAI_BASE_URL: baseUrl
    .describe("Another address for openai models, such as a proxy.")
    .meta({ example: "https://proxy.acme.com/v1" }),
  ANTHROPIC_API_KEY: optionalText
    .describe("Key for anthropic models. From Anthropic.")
    .meta({ example: "sk-ant-..." }),
  ANTHROPIC_BASE_URL: baseUrl
    .describe("Another address for anthropic models.")
    .meta({ example: "https://proxy.acme.com" }),
  GOOGLE_API_KEY: optionalText
    .describe("Key for google models. From Google AI Studio.")
    .meta({ example: "AIza..." }),
  GOOGLE_BASE_URL: baseUrl
    .describe("Another address for google models.")
    .meta({ example: "https://proxy.acme.com" }),
  OPENAI_COMPATIBLE_API_KEY: optionalText
    .describe("Key for openai-compatible models, where the server wants one.")
    .meta({ example: "local" }),
  OPENAI_COMPATIBLE_BASE_URL: baseUrl
    .describe("Where the server of openai-compatible models listens.")
    .meta({ example: "http://localhost:11434/v1" }),
  LANGSMITH_API_KEY: optionalText
    .describe(
      "Evaluations only: key of the LangSmith workspace that runs are sent to. From LangSmith, Settings.",
    )
    .meta({ example: "lsv2_pt_..." }),
  LANGSMITH_ENDPOINT: baseUrl
    .describe("Evaluations only: another LangSmith, such as a European or a self-hosted one.")
    .meta({ example: "https://eu.api.smith.langchain.com" }),
  LANGSMITH_WORKSPACE_ID: optionalText
    .describe("Evaluations only: which workspace is meant, for a key of a whole organisation.")
    .meta({ example: "8f0c..." }),
  COUNTERSIGN_READ_TIMEOUT_MS: milliseconds(20_000)
    .describe("Longest wait for one read from Intercom, in milliseconds.")
    .meta({ example: "20000" }),
  COUNTERSIGN_WRITE_TIMEOUT_MS: milliseconds(60_000)
    .describe(
      "Longest wait for one write to Intercom, in milliseconds. Also how long an unknown outcome rests.",
    )
    .meta({ example: "60000" }),
  COUNTERSIGN_SWEEP_SECONDS: z.coerce
    .number()
    .int()
    .min(5)
    .max(86_400)
    .default(60)
    .describe("How often waiting conversations and unknown deliveries are looked for, in seconds.")
    .meta({ example: "60" }),
  COUNTERSIGN_LOG_LEVEL: z
    .enum(["debug", "info", "warn", "error", "silent"])
    .default("warn")
    .describe("What is logged.")
    .meta({ example: "info" }),
  COUNTERSIGN_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Command line: the server to talk to. Unset: the one running from the data folder.")
    .meta({ example: "https://countersign.acme.com" }),
  COUNTERSIGN_TOKEN: optionalText
    .describe("Command line: your token. Unset, in the sandbox: the development teammate's.")
    .meta({ example: "cst_..." }),
});
export type Environment = z.infer<typeof Environment>;

const scalekitVariables = [
  "SCALEKIT_ENVIRONMENT_URL",
  "SCALEKIT_CLIENT_ID",
  "SCALEKIT_CLIENT_SECRET",
] as const;

/** The settings of one process. `scalekit` is null when the sandbox is used. */
export interface Config {
  environment: Environment;
  scalekit: { environmentUrl: string; clientId: string; clientSecret: string } | null;
  origins: string[];
  /** Values that must never be logged. */
  secrets: string[];
}

/**
 * Reads the settings from the environment, and from `.env` in the working folder where that exists (variables that
 * are already set win). Throws an OperatorError that names every variable at fault, what is wrong and an example.
 */
export function readConfig(): Config {
  if (existsSync(".env")) process.loadEnvFile(".env");
  return parseConfig(process.env);
}

/** The same for any set of variables. An empty value counts as unset. */
export function parseConfig(variables: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(
    Object.entries(variables).filter(([name, value]) => isOurs(name) && value?.trim()),
  );
  const parsed = Environment.safeParse(given);
  const problems = [
    ...unknownNames(given),
    ...(parsed.success ? partialScalekit(parsed.data) : invalid(parsed.error)),
  ];
  if (!parsed.success || problems.length > 0) {
    throw new OperatorError(
      "configuration_invalid",
      `The configuration cannot be used:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`,
      "Correct these in the environment or in .env; .env.example describes every variable.",
    );
  }
  return configOf(parsed.data);
}

function configOf(environment: Environment): Config {
  const { SCALEKIT_ENVIRONMENT_URL: environmentUrl, SCALEKIT_CLIENT_ID: clientId } = environment;
  const clientSecret = environment.SCALEKIT_CLIENT_SECRET;
  const databasePassword = environment.DATABASE_URL ? new URL(environment.DATABASE_URL).password : "";
  return {
    environment,
    scalekit: environmentUrl && clientId && clientSecret ? { environmentUrl, clientId, clientSecret } : null,
    origins: environment.COUNTERSIGN_ORIGINS.split(",").flatMap((origin) => origin.trim() || []),
    secrets: [
      clientSecret,
      environment.COUNTERSIGN_WEBHOOK_SECRET,
      environment.COUNTERSIGN_INTERCOM_SECRET,
      databasePassword,
      environment.OPENAI_API_KEY,
      environment.ANTHROPIC_API_KEY,
      environment.GOOGLE_API_KEY,
      environment.OPENAI_COMPATIBLE_API_KEY,
      environment.LANGSMITH_API_KEY,
      environment.COUNTERSIGN_TOKEN,
    ].flatMap((secret) => (secret && secret.length >= 6 ? [secret] : [])),
  };
}

function isOurs(name: string): boolean {
  return name in Environment.shape || /^(COUNTERSIGN|SCALEKIT)_/.test(name);
}

function unknownNames(given: Record<string, unknown>): string[] {
  return Object.keys(given)
    .filter((name) => !(name in Environment.shape))
    .map((name) => `${name} is not a variable of Countersign. Remove it, or correct its name.`);
}

function partialScalekit(environment: Environment): string[] {
  const missing = scalekitVariables.filter((name) => environment[name] === undefined);
  if (missing.length === 0 || missing.length === scalekitVariables.length) return [];
  return missing.map(
    (name) => `${name} is missing. Set all three Scalekit variables, or none to use the sandbox.`,
  );
}

function invalid(error: z.ZodError): string[] {
  return error.issues.map((issue) => {
    const name = String(issue.path[0]);
    const example = exampleOf(name);
    return `${name}: ${issue.message}.${example ? ` Example: ${name}=${example}` : ""}`;
  });
}

function exampleOf(name: string): string | undefined {
  const field = Object.entries(Environment.shape).find(([key]) => key === name)?.[1];
  const example = field?.meta()?.example;
  return typeof example === "string" ? example : undefined;
}

/** Tells the LangGraph server, which reads its log settings from the environment when it is imported. */
export function setServerLogging(level: Environment["COUNTERSIGN_LOG_LEVEL"]): void {
  process.env.LOG_LEVEL = level === "silent" ? "error" : level;
  process.env.LOG_JSON = "true";
  process.env.LANGGRAPH_CLI_NO_ANALYTICS = "1";
}

/**
 * Sees to it that LangChain traces nothing in this process, whatever the environment or `.env` says: it would send every
 * conversation to LangSmith. Has to run before either is read.
 */
export function forbidTracing(): void {
  for (const name of ["LANGSMITH_TRACING", "LANGCHAIN_TRACING"]) {
    process.env[name] = "false";
    process.env[`${name}_V2`] = "false";
  }
}
