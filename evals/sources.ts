import type { Source } from "../src/domain/findings.ts";

/** What a case calls a source: an article by its slug, anything else as `kind:id`. */
export function sourceName({ kind, id, url }: Pick<Source, "kind" | "id" | "url">): string {
  const slug = kind === "article" ? /\/articles\/\d+-([a-z0-9-]+)$/.exec(url ?? "")?.[1] : undefined;
  return slug ?? `${kind}:${id}`;
}
