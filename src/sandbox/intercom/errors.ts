import { randomUUID } from "node:crypto";

/** An answer of Intercom with a status of 400 or more. */
export class IntercomError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = "IntercomError";
    this.status = status;
    this.code = code;
  }
}

/** The body Intercom sends with an error: an `error.list`. */
export function errorList(error: IntercomError): string {
  const errors = [{ code: error.code, message: error.message }];
  return JSON.stringify({ type: "error.list", request_id: randomUUID(), errors });
}

export function notFound(message = "Resource Not Found", code = "not_found"): IntercomError {
  return new IntercomError(404, code, message);
}

export function invalidParameter(message: string): IntercomError {
  return new IntercomError(400, "parameter_invalid", message);
}

export function missingParameter(message: string): IntercomError {
  return new IntercomError(400, "parameter_not_found", message);
}
