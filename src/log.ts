import { pino, type DestinationStream, type Logger } from "pino";

export type Log = Logger;

/** Shapes of credentials that must not be written even when nobody announced them. */
const credentials = [
  /\bBearer\s+[\w.~+/=-]+/gi,
  /\beyJ[\w-]+\.[\w-]+\.[\w-]+/g,
  /\bcs[a-z]{1,4}_[\w.-]{8,}/g,
  /\bsk-[\w-]{8,}/g,
  /\bintercom-canary-[\w-]+/g,
];

/**
 * The process's log: one JSON object a line on standard error. Fields named like a credential are dropped, and the
 * given secrets and anything shaped like a token are replaced wherever they appear in a line.
 */
export function createLog(level: string, secrets: readonly string[], destination?: DestinationStream): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: ["authorization", "cookie", "token", "secret", "password", "body", "text"].flatMap((name) => [
          name,
          `*.${name}`,
          `*.*.${name}`,
        ]),
        censor: "[redacted]",
      },
      serializers: { err: describeError },
      hooks: { streamWrite: (line) => withoutSecrets(line, secrets) },
    },
    destination ?? pino.destination(2),
  );
}

/** An error for the log. A failed query's own message holds its parameters, which are customers' words. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: "something that is not an error was thrown" };
  if (!("query" in error)) return pino.stdSerializers.err(error);
  return { type: error.name, message: "a database query failed", cause: describeError(error.cause) };
}

function withoutSecrets(line: string, secrets: readonly string[]): string {
  const known = secrets.reduce((text, secret) => text.replaceAll(secret, "[redacted]"), line);
  return credentials.reduce((text, pattern) => text.replace(pattern, "[redacted]"), known);
}
