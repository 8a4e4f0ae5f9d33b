import type { CatalogueTool } from "./catalogue.ts";
import type { Faults } from "./faults.ts";
import type { TokenIssuer } from "./scalekit/environment.ts";
import type { State } from "./state.ts";

/** One execution asked for, carried out or not. Each attempt of a client that repeats itself is one. */
export interface ExecutionCall {
  executionId: string;
  tool: string;
  identifier: string;
  connectedAccountId: string;
  agentRunId: string | null;
  /** Milliseconds since 1970. */
  at: number;
  /** `ok`, the code of the refusal, or `fault:` and what was done instead; `running` until then. */
  outcome: string;
}

/** What every part of the sandbox works on. */
export interface Core {
  url: string;
  state: State;
  catalogue: readonly CatalogueTool[];
  issuer: TokenIssuer;
  faults: Faults;
  /** The newest executions since the start, oldest first. */
  calls: ExecutionCall[];
  clock: () => Date;
  /** Resolves once every change made before is kept. Those who watch the world hear of it then. */
  save: () => Promise<void>;
  /** Calls back after each change that was kept, until the returned function is called. */
  onChange: (listener: () => void) => () => void;
  /** Waits; rejects when the sandbox is closed meanwhile, so that nothing goes on in a closed one. */
  pause: (milliseconds: number) => Promise<void>;
  /** Aborted when the sandbox closes. */
  closing: AbortSignal;
  log: (message: string) => void;
}

/** Now in Unix seconds, as Intercom counts. */
export function secondsNow(core: Core): number {
  return Math.floor(core.clock().getTime() / 1000);
}
