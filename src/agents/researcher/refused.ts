import { OperatorError, TeammateError, VendorError, type CountersignError } from "../../domain/errors.ts";
import type { Refusal } from "../../tools/gateway.ts";

/** The error for a read that research cannot do without; its class says who must act. */
export function errorOf({ kind, code, reason, next }: Refusal): CountersignError {
  switch (kind) {
    case "needs_connection":
      return new TeammateError(code, reason, next);
    case "denied":
    case "rejected":
      return new OperatorError(code, reason, next);
    case "rate_limited":
    case "unavailable":
      return new VendorError(code, reason, next);
  }
}
