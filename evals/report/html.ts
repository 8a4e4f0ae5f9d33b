import type { PairedPart } from "../baseline.ts";
import type { Run } from "../run-document.ts";

export function reportHtml(run: Run, compared: readonly PairedPart[]): string {
  return JSON.stringify([run, compared]);
}
