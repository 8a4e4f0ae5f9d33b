import { digestOf, Json, JsonObject } from "../../src/domain/json.ts";
import type { Case } from "../case.ts";
import type { Dataset } from "../dataset.ts";

/** A case as LangSmith keeps it. */
export interface CaseExample {
  inputs: JsonObject;
  reference_outputs: JsonObject;
  metadata: JsonObject & { case: string; digest: string };
  split: string;
}

/** What is put in, what is expected, and a digest of both, by which a changed case is known. */
export function exampleOf({ id, half, tags, note, turns, ...rest }: Case): CaseExample {
  const content = {
    inputs: plain({
      case: id,
      ...rest,
      turns: turns.map(({ messages, reviewer }) => ({ messages, reviewer })),
    }),
    reference_outputs: plain({ turns: turns.map(({ expect }) => expect) }),
    split: half,
  };
  const about = plain({ case: id, tags, ...(note !== undefined && { note }) });
  const digest = digestOf(Json.parse({ ...content, about }));
  return { ...content, metadata: { ...about, case: id, digest } };
}

/** The digest of all cases of a data set: says which version of it was played. */
export function datasetDigest({ cases }: Pick<Dataset, "cases">): string {
  return digestOf(cases.map((one) => exampleOf(one).metadata.digest).sort());
}

/** Without what is not there: JSON knows no `undefined`. */
function plain(value: object): JsonObject {
  return JsonObject.parse(JSON.parse(JSON.stringify(value)));
}
