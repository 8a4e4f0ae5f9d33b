/**
 * The one error tree. A class says who must act; `code` is stable and made for programs; `message` is a plain
 * sentence; `next` says what to do. Expected refusals are values, not errors: what is thrown here stops the work.
 */
export abstract class CountersignError extends Error {
  /** Who must act before trying again makes sense. */
  abstract readonly actor: "operator" | "teammate" | "caller" | "vendor" | "developer";

  readonly code: string;
  readonly next: string;

  constructor(code: string, message: string, next: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
    this.next = next;
  }
}

/** The person who runs Countersign must change a setting, a file or a service. */
export class OperatorError extends CountersignError {
  readonly actor = "operator";
}

/** A teammate must act in Intercom or Scalekit, usually by connecting their account again. */
export class TeammateError extends CountersignError {
  readonly actor = "teammate";
}

/** The caller of an API or a command sent something that cannot be accepted. */
export class CallerError extends CountersignError {
  readonly actor = "caller";
}

/** A vendor (Intercom, Scalekit, a model provider) failed; trying again later may succeed. */
export class VendorError extends CountersignError {
  readonly actor = "vendor";
}

/** Something happened that the code holds to be impossible. */
export class DefectError extends CountersignError {
  readonly actor = "developer";
}

/** What an error looks like outside the process: no stack, no cause, nothing that could carry a credential. */
export interface ErrorReport {
  code: string;
  message: string;
  next: string;
}

/** Describes any thrown value for a person. The text of an unforeseen error stays in the log, never in the report. */
export function reportOf(error: unknown): ErrorReport {
  if (error instanceof CountersignError) {
    return { code: error.code, message: error.message, next: error.next };
  }
  return {
    code: "unexpected",
    message: "Something failed that should not have.",
    next: "Look for this moment in the server's log, and report it if it happens again.",
  };
}
