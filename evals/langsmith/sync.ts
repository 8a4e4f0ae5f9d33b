import type { Client } from "langsmith";
import type { Example } from "langsmith/schemas";
import { z } from "zod";
import type { Dataset } from "../dataset.ts";
import { datasetDigest, exampleOf, type CaseExample } from "./examples.ts";

/** A data set as it stands in LangSmith. */
export interface SyncedDataset {
  id: string;
  name: string;
  digest: string;
  /** By the case's id. */
  examples: ReadonlyMap<string, Example>;
  created: number;
  updated: number;
  removed: number;
}

/** More in one request is slow, and its failure costs more. */
const AT_A_TIME = 50;

/** Examples of ours; others that people added in LangSmith are left alone. */
const Ours = z.object({ case: z.string(), digest: z.string() });

/**
 * Makes LangSmith's data set the same as ours: cases that are new are created, changed ones updated, and those that are
 * gone removed, which LangSmith's earlier versions keep. The version is tagged with the digest of all cases. Where
 * nothing changed nothing is written.
 */
export async function syncDataset(client: Client, dataset: Dataset): Promise<SyncedDataset> {
  const name = `countersign-${dataset.name}`;
  const digest = datasetDigest(dataset);
  const id =
    (await findDataset(client, name)) ??
    (
      await client.createDataset(name, {
        description: `${dataset.title}. ${dataset.description}`,
        metadata: { made_by: "countersign", digest },
      })
    ).id;
  const before = await listOurs(client, id);
  const wanted = new Map(dataset.cases.map((one) => [one.id, exampleOf(one)]));
  const { missing, changed, surplus } = differences(wanted, before);
  for (const some of chunks(missing)) {
    await client.createExamples(some.map((example) => ({ ...example, dataset_id: id })));
  }
  for (const some of chunks(changed)) {
    await client.updateExamples(
      some.map(({ id: exampleId, to: { reference_outputs: outputs, ...rest } }) => ({
        ...rest,
        outputs,
        id: exampleId,
        dataset_id: id,
      })),
    );
  }
  for (const some of chunks(surplus)) await client.deleteExamples(some);
  const touched = missing.length + changed.length + surplus.length > 0;
  if (touched) await tagVersion(client, id, digest);
  const after = touched ? await listOurs(client, id) : before;
  return {
    id,
    name,
    digest,
    examples: new Map([...after].flatMap(([key, [example]]) => (example ? [[key, example] as const] : []))),
    created: missing.length,
    updated: changed.length,
    removed: surplus.length,
  };
}

async function findDataset(client: Client, name: string): Promise<string | null> {
  for await (const found of client.listDatasets({ datasetName: name })) {
    if (found.name === name) return found.id;
  }
  return null;
}

/** By case: more than one where two machines sent it at the same time. */
async function listOurs(client: Client, datasetId: string): Promise<Map<string, Example[]>> {
  const byCase = new Map<string, Example[]>();
  for await (const example of client.listExamples({ datasetId })) {
    const ours = Ours.safeParse(example.metadata);
    if (ours.success) byCase.set(ours.data.case, [...(byCase.get(ours.data.case) ?? []), example]);
  }
  return byCase;
}

function differences(wanted: ReadonlyMap<string, CaseExample>, before: ReadonlyMap<string, Example[]>) {
  const missing = [...wanted].flatMap(([key, example]) => (before.has(key) ? [] : [example]));
  const changed = [...wanted].flatMap(([key, example]) => {
    const [known] = before.get(key) ?? [];
    const same = known?.metadata?.digest === example.metadata.digest;
    return known && !same ? [{ id: known.id, to: example }] : [];
  });
  const surplus = [...before].flatMap(([key, examples]) => examples.slice(wanted.has(key) ? 1 : 0));
  return { missing, changed, surplus: surplus.map(({ id }) => id) };
}

async function tagVersion(client: Client, datasetId: string, digest: string): Promise<void> {
  const { as_of: asOf } = await client.readDatasetVersion({ datasetId, tag: "latest" });
  await client.updateDatasetTag({ datasetId, asOf, tag: `content-${digest.slice(0, 12)}` });
}

function chunks<Item>(items: readonly Item[]): Item[][] {
  return Array.from({ length: Math.ceil(items.length / AT_A_TIME) }, (_, index) =>
    items.slice(index * AT_A_TIME, (index + 1) * AT_A_TIME),
  );
}
