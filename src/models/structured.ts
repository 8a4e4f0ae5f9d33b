import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, HumanMessage, SystemMessage, type BaseMessage } from "@langchain/core/messages";
import { z } from "zod";
import { VendorError } from "../domain/errors.ts";
import { providerFailure } from "./failure.ts";

/** A question to a model whose answer is an object. */
export interface Question<Answer> {
  /** Name of the function the model answers through, in snake_case. */
  name: string;
  schema: z.ZodType<Answer>;
  /** What the model is to do; ours. */
  instructions: string;
  /** What it is to do it with; untrusted. */
  material: string;
}

/**
 * Asks, and checks the answer against the schema. An answer that does not fit is sent back once with what is wrong.
 * Throws VendorError: `model_output_invalid` when the second answer does not fit either, `model_*` when the
 * provider fails. No error carries the key, the prompt or the answer.
 */
export async function askForObject<Answer>(
  model: BaseChatModel,
  question: Question<Answer>,
): Promise<Answer> {
  const messages = [new SystemMessage(question.instructions), new HumanMessage(question.material)];
  const first = await ask(model, question, messages);
  if (first.fits) return first.answer;
  const second = await ask(model, question, [
    ...messages,
    new HumanMessage(correction(question, first.faults)),
  ]);
  if (second.fits) return second.answer;
  throw new VendorError(
    "model_output_invalid",
    `The model answered ${question.name} twice in a form that cannot be used.`,
    "Try again; if it happens often, choose a model that is better at calling functions.",
  );
}

type Attempt<Answer> = { fits: true; answer: Answer } | { fits: false; faults: string };

async function ask<Answer>(
  model: BaseChatModel,
  question: Question<Answer>,
  messages: BaseMessage[],
): Promise<Attempt<Answer>> {
  const reply = await model
    .withStructuredOutput(z.toJSONSchema(question.schema, { io: "input" }), {
      name: question.name,
      method: "functionCalling",
      includeRaw: true,
    })
    .invoke(messages)
    .catch((cause: unknown) => {
      throw providerFailure(cause);
    });
  // Read from the call itself: how the providers' packages parse it for us differs between them.
  const call = AIMessage.isInstance(reply.raw)
    ? reply.raw.tool_calls?.find(({ name }) => name === question.name)
    : undefined;
  const parsed = question.schema.safeParse(call?.args);
  return parsed.success
    ? { fits: true, answer: parsed.data }
    : { fits: false, faults: faultsOf(parsed.error) };
}

/** Where it does not fit and why, without the values: they are the model's, and may be the customer's. */
function faultsOf(error: z.ZodError): string {
  return error.issues
    .slice(0, 10)
    .map((issue) => `${issue.path.join(".") || "the answer"}: ${issue.message}`)
    .join("; ");
}

function correction(question: Question<unknown>, faults: string): string {
  return `Your last answer could not be used (${faults}). Answer again by calling ${question.name} with arguments that fit its parameters.`;
}
