import type { ErrorReport } from "../domain/errors.ts";
import type { Principal } from "../domain/teammate.ts";

/** Why an answer to a review cannot be taken now. `status` is 422 for a malformed answer and 409 for one that comes too late. */
export interface AnswerRefusal extends ErrorReport {
  status?: 409 | 422;
}

/** Everything identity needs from the outside. The runtime supplies it; nothing here is read from the environment. */
export interface IdentitySettings {
  /** Ids of the graphs that runs and assistants may use, as langgraph.json names them. */
  graphs: readonly string[];
  /** The most supersteps one run may take. */
  recursionLimit: number;
  /**
   * The sandbox's ways in: whom Studio acts as, and a token for each identifier. Null outside the sandbox, which closes
   * both.
   */
  development: { teammate: string; tokens: Readonly<Record<string, string>> } | null;
  /** True when the server listens on a loopback address only. */
  boundToLoopback: boolean;
  /** Web origins that may call from a browser, as `https://smith.langchain.com`. */
  allowedOrigins: readonly string[];
  /** Exact paths that answer without a token, as `/health`. */
  publicPaths: readonly string[];
  /** Random per process: signs the tokens the desk starts runs with, in its own or in a teammate's name. At least 32 bytes. */
  dispatchKey: Uint8Array;
  clock: () => Date;
  /** Looks an API token up by its hash; null when unknown or revoked. */
  findToken: (hash: string) => Promise<{ identifier: string } | null>;
  /** Looks a signed-in session up by its token's hash; null when unknown, ended or expired. Absent: cookies are not read. */
  findSession?: (hash: string) => Promise<{ identifier: string } | null>;
  /** Checks a Scalekit access token; null when it is not a valid one of the configured environment. */
  verifyAccessToken: (token: string) => Promise<{ identifier: string } | null>;
  /**
   * Asked before a run that resumes a review starts: `resume` is exactly what the client sent. A refusal is answered to
   * the client and the review stays as it is. Null lets the run start.
   */
  checkAnswer: (principal: Principal, threadId: string, resume: unknown) => Promise<AnswerRefusal | null>;
}
