import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, join, relative, resolve } from "node:path";
import { parse as parseYaml } from "yaml";
import { z } from "zod";
import { loadDesk } from "../src/desk.ts";
import type { Desk } from "../src/domain/desk.ts";
import { OperatorError } from "../src/domain/errors.ts";
import { readSeed } from "../src/sandbox/seed.ts";
import type { Seed } from "../src/sandbox/seed-format.ts";
import { CaseLine, caseOf, type Case } from "./case.ts";
import { faultsOf } from "./case-references.ts";

const Description = z.strictObject({
  title: z.string().min(1),
  description: z.string().default(""),
  workspace: z.string().min(1).optional(),
  desk: z.string().min(1).optional(),
});

/** A data set, read and checked. */
export interface Dataset {
  /** The folder's name. */
  name: string;
  title: string;
  description: string;
  folder: string;
  workspaceFolder: string;
  deskFolder: string;
  seed: Seed;
  desk: Desk;
  cases: Case[];
}

const evalsFolder = import.meta.dirname;
const projectDesk = resolve(evalsFolder, "../desk");
const shippedWorkspace = resolve(evalsFolder, "../src/sandbox/workspace");
const MOST_SHOWN = 20;

/**
 * Reads the data set in a folder. Throws an OperatorError that names the file, the line and the field of whatever is
 * wrong, up to twenty of them. A case without expectations is wrong.
 */
export async function readDataset(folder: string): Promise<Dataset> {
  const about = await readDescription(folder);
  const workspaceFolder = folderOf(folder, about.workspace, "workspace", shippedWorkspace);
  const deskFolder = folderOf(folder, about.desk, "desk", projectDesk);
  const [seed, desk] = [await readSeed(workspaceFolder), await loadDesk(deskFolder)];
  const file = join(folder, "cases.jsonl");
  const { lines, problems } = readLines(await readText(file), shown(file));
  const cases = lines.map(({ line }) => caseOf(line));
  for (const [index, one] of cases.entries()) {
    const at = `${shown(file)}:${lines[index]?.number ?? 0}`;
    problems.push(...faultsOf(one, { cases, seed, desk }).map((fault) => `${at}: ${fault}`));
  }
  if (problems.length > 0) throw invalid(problems);
  if (cases.length === 0) throw invalid([`${shown(file)}:1: there is no case`]);
  return {
    name: basename(resolve(folder)),
    title: about.title,
    description: about.description,
    folder,
    workspaceFolder,
    deskFolder,
    seed,
    desk,
    cases: cases.sort((one, other) => (one.id < other.id ? -1 : 1)),
  };
}

/** The folder that is named, else the data set's own, else the project's. */
function folderOf(folder: string, named: string | undefined, own: string, otherwise: string): string {
  if (named !== undefined) return resolve(folder, named);
  const within = join(folder, own);
  return existsSync(within) ? within : otherwise;
}

async function readDescription(folder: string): Promise<z.infer<typeof Description>> {
  const file = join(folder, "dataset.yaml");
  let content: unknown;
  try {
    content = parseYaml(await readText(file));
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    throw invalid([`${shown(file)}: ${error instanceof Error ? (error.message.split("\n")[0] ?? "") : ""}`]);
  }
  const about = Description.safeParse(content);
  if (!about.success) throw invalid(issuesOf(about.error).map((issue) => `${shown(file)}: ${issue}`));
  return about.data;
}

function readLines(text: string, file: string) {
  const problems: string[] = [];
  const lines = text.split("\n").flatMap((written, index) => {
    if (written.trim() === "") return [];
    const at = `${file}:${index + 1}`;
    let content: unknown;
    try {
      content = JSON.parse(written);
    } catch (error) {
      problems.push(`${at}: is not JSON: ${error instanceof Error ? error.message : ""}`);
      return [];
    }
    const line = CaseLine.safeParse(content);
    if (line.success) return [{ line: line.data, number: index + 1 }];
    problems.push(...issuesOf(line.error).map((issue) => `${at}: ${issue}`));
    return [];
  });
  return { lines, problems };
}

/** Where it is wrong and why; of a union the branch that came nearest. */
function issuesOf(error: z.ZodError): string[] {
  return flatten(error.issues).map(({ path, message }) =>
    path === "" ? message : `${path}: ${message.charAt(0).toLowerCase()}${message.slice(1)}`,
  );
}

function flatten(
  issues: readonly z.core.$ZodIssue[],
  prefix: readonly PropertyKey[] = [],
): { path: string; message: string }[] {
  return issues.flatMap((issue) => {
    const path = [...prefix, ...issue.path];
    if (issue.code === "invalid_union" && issue.errors.length > 0) {
      const nearest = [...issue.errors].sort((one, other) => depthOf(other) - depthOf(one))[0] ?? [];
      return flatten(nearest, path);
    }
    return [{ path: path.map(String).join("."), message: issue.message }];
  });
}

function depthOf(issues: readonly z.core.$ZodIssue[]): number {
  const wrongKind = issues.some(({ code, path }) => code === "invalid_type" && path.length === 0);
  return wrongKind ? -1 : Math.max(0, ...issues.map(({ path }) => path.length));
}

async function readText(file: string): Promise<string> {
  return await readFile(file, "utf8").catch((cause: unknown) => {
    throw new OperatorError(
      "dataset_missing",
      `There is no ${shown(file)}.`,
      "Name a data set of evals/, or a folder with dataset.yaml and cases.jsonl.",
      { cause },
    );
  });
}

function invalid(problems: readonly string[]): OperatorError {
  const more = problems.length > MOST_SHOWN ? `\n  and ${problems.length - MOST_SHOWN} more` : "";
  return new OperatorError(
    "dataset_invalid",
    `The data set cannot be used:\n  ${problems.slice(0, MOST_SHOWN).join("\n  ")}${more}`,
    "Correct what is named. evals/README.md explains each field.",
  );
}

function shown(file: string): string {
  const path = relative(process.cwd(), file);
  return path.startsWith("..") ? file : path;
}
