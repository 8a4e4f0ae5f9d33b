import { cp, mkdtemp, readFile, rm, writeFile, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Case } from "./case.ts";
import { openingOf, type Opening } from "./conversation.ts";
import type { Dataset } from "./dataset.ts";

/** A temporary workspace folder with the cases' conversations in it. */
export interface World {
  folder: string;
  /** By the case's id. */
  openings: ReadonlyMap<string, Opening>;
  remove(): Promise<void>;
}

/**
 * Copies the data set's workspace and writes the conversations of the cases into it, and what their worlds change. Cases
 * whose worlds differ must not share one.
 */
export async function makeWorld(dataset: Dataset, cases: readonly Case[]): Promise<World> {
  const parent = await mkdtemp(join(tmpdir(), "countersign-eval-"));
  const folder = join(parent, "workspace");
  await cp(dataset.workspaceFolder, folder, { recursive: true });
  await mkdir(join(folder, "conversations"), { recursive: true });
  await mkdir(join(folder, "articles"), { recursive: true });
  const openings = new Map(cases.map((one) => [one.id, openingOf(one, dataset)]));
  for (const { conversations } of openings.values()) {
    for (const conversation of conversations) {
      // JSON is YAML.
      await writeFile(
        join(folder, "conversations", `eval-${conversation.id}.yaml`),
        JSON.stringify(conversation),
      );
    }
  }
  const made = [...openings.values()].flatMap(({ contact }) => contact ?? []);
  const contacts = JSON.stringify([...dataset.seed.contacts, ...made]);
  await writeFile(join(folder, "contacts.yaml"), contacts);
  for (const one of cases) await changeWorld(folder, dataset, one);
  return { folder, openings, remove: () => rm(parent, { recursive: true, force: true }) };
}

/** Whether a case needs a world of its own. */
export function isAlone(one: Case): boolean {
  return one.world !== undefined;
}

async function changeWorld(folder: string, { seed }: Dataset, { world }: Case): Promise<void> {
  if (!world) return;
  const highest = Math.max(0, ...[...seed.articles, ...seed.macros].map(({ id }) => Number(id) || 0));
  for (const [index, change] of world.articles.entries()) {
    const file = join(folder, "articles", `${change.slug}.md`);
    if ("append" in change) {
      await writeFile(file, `${(await readFile(file, "utf8")).trimEnd()}\n\n${change.append}\n`);
      continue;
    }
    const front = {
      id: String(highest + index + 1),
      title: change.title,
      description: "",
      state: "published",
      visibility: change.visibility,
      author_id: seed.admins[0]?.id,
      collection: "",
      created_at: seed.workspace.as_of,
      updated_at: seed.workspace.as_of,
    };
    await writeFile(file, `---\n${JSON.stringify(front)}\n---\n\n${change.markdown}\n`);
  }
  if (world.macros.length === 0) return;
  const added = world.macros.map(({ name, body }, index) => ({
    id: String(highest + 1000 + index),
    name,
    body,
    visible_to: "everyone",
    team_ids: [],
    updated_at: seed.workspace.as_of,
  }));
  await writeFile(join(folder, "macros.yaml"), JSON.stringify([...seed.macros, ...added]));
}
