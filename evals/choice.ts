import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { readDataset, type Dataset } from "./dataset.ts";

/** Which cases of the data sets are played. */
export interface Choice {
  half?: "dev" | "test";
  filter?: string;
}

/** Reads the named data sets; without a name every shipped one. Throws an OperatorError when one cannot be used. */
export async function readDatasets(names: readonly string[]): Promise<Dataset[]> {
  const folders = names.length > 0 ? names.map(folderOf) : await shippedFolders();
  const datasets: Dataset[] = [];
  for (const folder of [...new Set(folders)]) datasets.push(await readDataset(folder));
  return datasets;
}

async function shippedFolders(): Promise<string[]> {
  const names = (await readdir(evalsFolder)).sort();
  return names
    .map((name) => join(evalsFolder, name))
    .filter((folder) => existsSync(join(folder, "dataset.yaml")));
}

/** Whether a case is of the half, and has the tag or an id that holds the text. */
export function isWanted(
  { id, half, tags }: Dataset["cases"][number],
  { half: wantedHalf, filter }: Choice,
): boolean {
  if (wantedHalf && half !== wantedHalf) return false;
  return !filter || id.includes(filter) || tags.includes(filter);
}

const evalsFolder = import.meta.dirname;
/** A shipped one by its name, any other by its folder. */
const folderOf = (nameOrPath: string) => {
  const shipped = join(evalsFolder, nameOrPath);
  return existsSync(join(shipped, "dataset.yaml")) ? shipped : resolve(nameOrPath);
};
