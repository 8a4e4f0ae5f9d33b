import {
  isToolException,
  ScalekitBadRequestException,
  ScalekitException,
  ScalekitForbiddenException,
  ScalekitGatewayTimeoutException,
  ScalekitNotFoundException,
  ScalekitServerException,
  ScalekitTooManyRequestsException,
  ScalekitUnauthorizedException,
} from "@scalekit-sdk/node";
import { Code } from "@connectrpc/connect";
import { z } from "zod";
import { cleanText, trimText } from "./clean-text.ts";
import type { Refusal } from "./gateway.ts";
import { refuse, type RefusalCode } from "./refusals.ts";

/**
 * Why a call through the SDK failed. A provider's failure is told apart from Scalekit's own first, because the
 * SDK's classes for the one extend those for the other. Anything that is not a failed call is thrown again.
 */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof ScalekitServerException && isToolException(error)) {
    return providerRefusal(Status.parse(error.grpcStatus), error.toolErrorCode, error.toolErrorMessage);
  }
  if (error instanceof ScalekitUnauthorizedException) return refuse("scalekit_credentials_refused");
  if (error instanceof ScalekitForbiddenException) return refuse("scalekit_forbidden");
  if (error instanceof ScalekitTooManyRequestsException) return refuse("scalekit_rate_limited");
  if (error instanceof ScalekitGatewayTimeoutException) return refuse("scalekit_timeout");
  // A connection that was cut arrives as a conflict or a cancellation: only these two say that Scalekit answered no.
  if (error instanceof ScalekitBadRequestException || error instanceof ScalekitNotFoundException) {
    return refuse("scalekit_rejected");
  }
  if (error instanceof ScalekitException) return refuse("scalekit_unavailable");
  const axios = AxiosFailure.safeParse(error);
  if (axios.success) return refuse(tokenEndpointCode(axios.data));
  throw error;
}

/** Why no token was given to Countersign itself. */
export function tokenRefusalOf(error: unknown): Refusal {
  const refusal = refusalOf(error);
  return refusal.code === "scalekit_rejected" ? refuse("scalekit_credentials_refused") : refusal;
}

/** Why Intercom refused, from the status, code and message Scalekit passes on. */
export function providerRefusal(status: Code, providerCode: string, providerMessage: string): Refusal {
  const refusal = refuse(providerRefusalCode(status, `${providerCode} ${providerMessage}`));
  const said = excerpt(messageIn(providerMessage) || providerCode);
  return said === "" ? refusal : { ...refusal, reason: `${refusal.reason} Intercom said: “${said}”` };
}

/** A short piece of a vendor's text, for a person: no hidden characters, nothing that looks like a credential. */
function excerpt(text: string): string {
  const plain = cleanText(text.slice(0, 2_000))
    .replace(/\s+/g, " ")
    .replace(/\bbearer\s+\S+|[\w\-+/=.~]{20,}/gi, "[…]")
    .trim();
  return trimText(plain, 160);
}

/** Intercom's own sentence out of its list of errors, when that is what was passed on. */
function messageIn(text: string): string {
  const list = ErrorList.safeParse(text);
  return list.success ? (list.data.errors[0]?.message ?? "") : text;
}

const ErrorList = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: "custom", message: "not JSON" });
      return z.NEVER;
    }
  })
  .pipe(z.object({ errors: z.array(z.object({ message: z.string().default("") })) }));

function providerRefusalCode(status: Code, said: string): RefusalCode {
  switch (status) {
    case Code.Unauthenticated:
      // Intercom answers 401 both for a token that is gone and for one that may not see this one thing.
      return /token_unauthorized|not authorized to access/i.test(said) ? "not_authorized" : "grant_revoked";
    case Code.PermissionDenied:
      return "intercom_forbidden";
    case Code.ResourceExhausted:
      return "intercom_rate_limited";
    case Code.NotFound:
      return "not_found";
    case Code.InvalidArgument:
    case Code.FailedPrecondition:
    case Code.OutOfRange:
    case Code.AlreadyExists:
    case Code.Aborted:
    case Code.Unimplemented:
      return "intercom_rejected";
    case Code.Canceled:
    case Code.Unknown:
    case Code.DeadlineExceeded:
    case Code.Internal:
    case Code.Unavailable:
    case Code.DataLoss:
      return "intercom_unavailable";
  }
}

const Status = z.enum(Code).catch(Code.Unknown);

/** The SDK lets a failed token request through as it is, without a class of its own. */
const AxiosFailure = z.object({
  isAxiosError: z.literal(true),
  code: z.string().optional(),
  response: z.object({ status: z.number() }).optional(),
});

function tokenEndpointCode({ code, response }: z.output<typeof AxiosFailure>): RefusalCode {
  if (response === undefined) {
    return code === "ECONNABORTED" || code === "ETIMEDOUT" ? "scalekit_timeout" : "scalekit_unavailable";
  }
  if (response.status === 429) return "scalekit_rate_limited";
  return [400, 401].includes(response.status) ? "scalekit_credentials_refused" : "scalekit_unavailable";
}
