/** Whether reading failed because nothing is there. Looks at the code alone: errors of other realms are no `Error` here. */
export function isMissingFile(error: unknown): boolean {
  return typeof error === "object" && error !== null && "code" in error && error.code === "ENOENT";
}
