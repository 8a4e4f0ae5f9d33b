import { BaseChatModel, type BindToolsInput } from "@langchain/core/language_models/chat_models";
import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import type { ChatResult } from "@langchain/core/outputs";

/** What the model answers to one call: a function call, several at once, or plain text. */
export type Turn =
  | { call: string; with: Record<string, unknown> }
  | { calls: { call: string; with: Record<string, unknown> }[] }
  | { says: string }
  | { fails: Error };

/**
 * A chat model that answers from a script, in order. It throws on a call the script does not have, and `finish`
 * throws when some of the script was never asked for. `seen` holds the messages of each call.
 */
export class ScriptedModel extends BaseChatModel {
  readonly seen: BaseMessage[][] = [];
  readonly #script: Turn[];
  #next = 0;

  constructor(script: Turn[]) {
    super({});
    this.#script = script;
  }

  override _llmType(): string {
    return "scripted";
  }

  override bindTools(_tools: BindToolsInput[]) {
    return this;
  }

  override async _generate(messages: BaseMessage[]): Promise<ChatResult> {
    this.seen.push(messages);
    const turn = this.#script[this.#next];
    this.#next += 1;
    if (!turn) throw new Error(`The model was called ${this.#next} times; the script has fewer turns.`);
    if ("fails" in turn) throw turn.fails;
    if ("says" in turn) return generation(new AIMessage(turn.says));
    const calls = "calls" in turn ? turn.calls : [turn];
    const tool_calls = calls.map(({ call, with: args }, index) => ({
      id: `call_${this.#next}_${index}`,
      name: call,
      args,
      type: "tool_call" as const,
    }));
    return generation(new AIMessage({ content: "", tool_calls }));
  }

  /** All text of all prompts, to look for what must not be in it. */
  get prompts(): string {
    return this.seen
      .flat()
      .map((message) => message.text)
      .join("\n");
  }

  finish(): void {
    const left = this.#script.length - this.#next;
    if (left !== 0) throw new Error(`${left} turns of the script were not asked for.`);
  }
}

function generation(message: AIMessage): ChatResult {
  return { generations: [{ message, text: message.text }] };
}
