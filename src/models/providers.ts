import { ChatAnthropic } from "@langchain/anthropic";
import type { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { ChatGoogle } from "@langchain/google";
import { ChatOpenAI } from "@langchain/openai";
import { OperatorError } from "../domain/errors.ts";

/** The makers of models Countersign speaks to; `openai-compatible` is any server with OpenAI's chat protocol. */
const providers = ["openai", "anthropic", "google", "openai-compatible"] as const;
type Provider = (typeof providers)[number];

export interface ProviderSettings {
  /** One key per provider. They are handed to the provider's client and to nothing else. */
  keys: Partial<Record<Provider, string | null | undefined>>;
  /** Where a provider listens when it is not its public address; `openai-compatible` has no public one. */
  baseUrls?: Partial<Record<Provider, string | null | undefined>> | undefined;
  /** Further attempts after a failed call; 0 for none. */
  maxRetries: number;
  /** How long one call may take, in milliseconds. */
  timeoutMs: number;
}

interface ModelName {
  provider: Provider;
  model: string;
}

/** The setting each provider's key comes from, for error messages. */
const keyVariables: Record<Provider, string> = {
  openai: "OPENAI_API_KEY",
  anthropic: "ANTHROPIC_API_KEY",
  google: "GOOGLE_API_KEY",
  "openai-compatible": "OPENAI_COMPATIBLE_API_KEY",
};

/** The setting that says where an OpenAI-compatible server listens. */
const BASE_URL_VARIABLE = "OPENAI_COMPATIBLE_BASE_URL";

const publicAddresses: Record<Exclude<Provider, "openai-compatible">, string> = {
  openai: "https://api.openai.com/v1",
  anthropic: "https://api.anthropic.com",
  google: "https://generativelanguage.googleapis.com",
};

/** Reads `provider:model`. The model's own name may hold colons. Throws OperatorError for anything else. */
export function parseModelName(name: string): ModelName {
  const colon = name.indexOf(":");
  const provider = providers.find((candidate) => candidate === name.slice(0, colon));
  const model = name.slice(colon + 1).trim();
  if (colon < 1 || model === "") {
    throw new OperatorError(
      "model_name_invalid",
      `"${name}" is not the name of a model.`,
      `Write provider:model, for instance openai:gpt-5; the providers are ${providers.join(", ")}.`,
    );
  }
  if (!provider) {
    throw new OperatorError(
      "model_provider_unknown",
      `"${name.slice(0, colon)}" is not a provider Countersign knows.`,
      `Use one of ${providers.join(", ")}, or name no model for the offline engines.`,
    );
  }
  return { provider, model };
}

/**
 * Makes the chat model. Every key and address is passed explicitly, so that a provider's package has no reason to
 * look into the environment. Throws OperatorError when a key or address is missing.
 */
export function createChatModel(
  name: ModelName,
  settings: ProviderSettings,
  callbacks: BaseCallbackHandler[],
): BaseChatModel {
  const { provider, model } = name;
  const { maxRetries, timeoutMs } = settings;
  const baseUrl = addressOf(provider, settings);
  const apiKey = keyOf(provider, settings);
  switch (provider) {
    case "openai":
    case "openai-compatible":
      return new ChatOpenAI({
        model,
        apiKey,
        maxRetries,
        callbacks,
        timeout: timeoutMs,
        useResponsesApi: provider === "openai",
        configuration: { baseURL: baseUrl, organization: null, project: null },
      });
    case "anthropic":
      return new ChatAnthropic({
        model,
        apiKey,
        maxRetries,
        callbacks,
        anthropicApiUrl: baseUrl,
        clientOptions: { timeout: timeoutMs, authToken: null },
      });
    case "google":
      return new ChatGoogle({
        model,
        apiKey,
        maxRetries,
        callbacks,
        platformType: "gai",
        // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- its class is not exported
        apiClient: googleClient(apiKey, baseUrl, timeoutMs),
      });
  }
}

function addressOf(provider: Provider, settings: ProviderSettings): string {
  const given = settings.baseUrls?.[provider];
  if (given) return given.replace(/\/+$/, "");
  if (provider !== "openai-compatible") return publicAddresses[provider];
  throw new OperatorError(
    "model_address_missing",
    "An OpenAI-compatible model was chosen, but not where its server listens.",
    `Set ${BASE_URL_VARIABLE}, for instance to http://localhost:11434/v1.`,
  );
}

function keyOf(provider: Provider, settings: ProviderSettings): string {
  const key = settings.keys[provider];
  if (key) return key;
  // A local server usually wants no key, but the client refuses to be without one.
  if (provider === "openai-compatible") return "none";
  throw new OperatorError(
    "model_key_missing",
    `A model of ${provider} was chosen, but there is no key for it.`,
    `Set ${keyVariables[provider]}, choose another model, or name none for the offline engines.`,
  );
}

/** ChatGoogle has no time limit and fixes the scheme and host itself; both are set where the request leaves. */
function googleClient(apiKey: string, baseUrl: string, timeoutMs: number) {
  return {
    hasApiKey: () => true,
    getProjectId: () => Promise.resolve(""),
    fetch(request: Request): Promise<Response> {
      const asked = new URL(request.url);
      const url = request.url.replace(asked.origin, baseUrl);
      const headers = new Headers(request.headers);
      headers.set("x-goog-api-key", apiKey);
      const signal = AbortSignal.any([request.signal, AbortSignal.timeout(timeoutMs)]);
      return request.text().then((body) => fetch(url, { method: request.method, headers, body, signal }));
    },
  };
}
