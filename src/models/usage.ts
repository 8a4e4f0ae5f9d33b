import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import type { LLMResult } from "@langchain/core/outputs";
import { z } from "zod";

/** What was asked of a model. Tokens are as the provider counts them; one that counts none adds none. */
export interface Usage {
  calls: number;
  inputTokens: number;
  outputTokens: number;
}

interface UsageMeter<Name extends string> {
  /** The callback handler that counts the calls of one agent's model. */
  counterFor(name: Name): BaseCallbackHandler;
  /** A copy of the counts so far. */
  read(): Record<Name, Usage>;
}

/** Counts calls and tokens per name. Failed calls count as calls without tokens. */
export function createUsageMeter<Name extends string>(names: readonly Name[]): UsageMeter<Name> {
  const counts = new Map(names.map((name) => [name, { calls: 0, inputTokens: 0, outputTokens: 0 }]));

  function usageOf(name: Name): Usage {
    const usage = counts.get(name) ?? { calls: 0, inputTokens: 0, outputTokens: 0 };
    counts.set(name, usage);
    return usage;
  }

  return {
    counterFor: (name) => new UsageCounter(usageOf(name)),
    read: () => Object.fromEntries(names.map((name) => [name, { ...usageOf(name) }])) as Record<Name, Usage>,
  };
}

class UsageCounter extends BaseCallbackHandler {
  override readonly name = "usage_counter";
  readonly #usage: Usage;

  constructor(usage: Usage) {
    super();
    this.#usage = usage;
    // Counted before the call returns: a reader right after it sees it.
    this.awaitHandlers = true;
  }

  override handleLLMEnd(output: LLMResult): void {
    const tokens = tokensOf(output);
    this.#usage.calls += 1;
    this.#usage.inputTokens += tokens.input_tokens;
    this.#usage.outputTokens += tokens.output_tokens;
  }

  override handleLLMError(): void {
    this.#usage.calls += 1;
  }
}

const TokenCounts = z.object({ input_tokens: z.number().int(), output_tokens: z.number().int() });
const Metered = z.object({ message: z.object({ usage_metadata: TokenCounts }) });

function tokensOf(output: LLMResult): z.infer<typeof TokenCounts> {
  const metered = Metered.safeParse(output.generations[0]?.[0]);
  return metered.success ? metered.data.message.usage_metadata : { input_tokens: 0, output_tokens: 0 };
}
