import { groupBy } from "../figures.ts";
import type { CaseResult, Run } from "../run-document.ts";

/** The results that figures are made of: each data set's, and all together where there are several; for each engine apart. */
export function groupsIn({ datasets, engines, results }: Run): [string, CaseResult[]][] {
  const named = (name: string, engine: string) => (engines.length > 1 ? `${name}, ${engine}` : name);
  const together = datasets.length > 1 ? results : [];
  return [
    ...groupBy(results, ({ dataset, engine }) => named(dataset, engine)),
    ...groupBy(together, ({ engine }) => named("all", engine)),
  ];
}
