import { reportOf } from "../src/domain/errors.ts";

/** Why a run failed, in a line: the code for whoever counts, the message for whoever reads. */
export function failureText(error: unknown): string {
  return `${reportOf(error).code}: ${error instanceof Error ? error.message : String(error)}`;
}
