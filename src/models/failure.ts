import { CountersignError, OperatorError, VendorError } from "../domain/errors.ts";

/**
 * A failed call to a model provider, in plain words and naming who must act. Providers' own messages may quote the
 * key or the prompt, so none of their text is passed on; the cause is not attached either, for it would be logged.
 */
export function providerFailure(cause: unknown): CountersignError {
  if (cause instanceof CountersignError) return cause;
  const status = statusOf(cause);
  if (status === 401 || status === 403) {
    return new OperatorError(
      "model_key_refused",
      `The model provider refused the key (HTTP ${status}).`,
      "Check that the key is right and may use the chosen model.",
    );
  }
  if (status === 404) {
    return new OperatorError(
      "model_unknown",
      "The model provider does not know the chosen model (HTTP 404).",
      "Check the model's name and the provider's address.",
    );
  }
  if (status === 429) {
    return new VendorError(
      "model_rate_limited",
      "The model provider is refusing calls for now (HTTP 429).",
      "Wait and try again, or raise the provider's limit.",
    );
  }
  if (status !== null && status >= 400 && status < 500) {
    return new VendorError(
      "model_request_rejected",
      `The model provider rejected the request (HTTP ${status}).`,
      "Check that the chosen model can call functions and that the conversation is not too long for it.",
    );
  }
  return new VendorError(
    "model_unavailable",
    status === null ? "The model provider did not answer." : `The model provider failed (HTTP ${status}).`,
    "Try again in a moment.",
  );
}

/** The HTTP status in the forms the providers' clients give it; null when there was no answer. */
function statusOf(cause: unknown): number | null {
  if (typeof cause !== "object" || cause === null) return null;
  for (const key of ["status", "statusCode", "code"]) {
    const value: unknown = Reflect.get(cause, key);
    if (typeof value === "number" && value >= 100 && value < 600) return value;
  }
  const response: unknown = Reflect.get(cause, "response");
  return response === undefined ? null : statusOf(response);
}
