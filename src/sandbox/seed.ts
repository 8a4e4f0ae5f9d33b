import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse as parseYaml } from "yaml";
import { z } from "zod";
import { OperatorError } from "../domain/errors.ts";
import { isMissingFile } from "./missing-file.ts";
import type { Seed } from "./seed-format.ts";
import {
  SeedAdmin,
  SeedArticle,
  SeedCompany,
  SeedContact,
  SeedConversation,
  SeedMacro,
  SeedTag,
  SeedTeam,
  SeedTicket,
  SeedTicketType,
  SeedWorkspace,
} from "./seed-format.ts";
import { brokenReferences } from "./seed-references.ts";

/**
 * Reads a workspace folder. Only `workspace.yaml` and `admins.yaml` must be there; a missing file of another kind is an
 * empty one. Throws an OperatorError that names each file and field that is wrong.
 */
export async function readSeed(folder: string): Promise<Seed> {
  const problems: string[] = [];
  const list = async <T>(name: string, item: z.ZodType<T>): Promise<T[]> =>
    check(name, z.array(item), await readYaml(folder, name, []), problems) ?? [];
  const workspace = check(
    "workspace.yaml",
    SeedWorkspace,
    await readYaml(folder, "workspace.yaml", null),
    problems,
  );
  const admins = check(
    "admins.yaml",
    z.array(SeedAdmin).min(1),
    await readYaml(folder, "admins.yaml", null),
    problems,
  );
  const contents = {
    admins: admins ?? [],
    teams: await list("teams.yaml", SeedTeam),
    tags: await list("tags.yaml", SeedTag),
    companies: await list("companies.yaml", SeedCompany),
    contacts: await list("contacts.yaml", SeedContact),
    articles: await readArticles(folder, problems),
    macros: await list("macros.yaml", SeedMacro),
    ticketTypes: await list("ticket_types.yaml", SeedTicketType),
    tickets: await list("tickets.yaml", SeedTicket),
    conversations: await readConversations(folder, problems),
  };
  if (problems.length > 0 || !workspace) throw invalidSeed(folder, problems);
  const seed: Seed = { workspace, ...contents };
  const broken = brokenReferences(seed);
  if (broken.length > 0) throw invalidSeed(folder, broken);
  return seed;
}

async function readArticles(folder: string, problems: string[]): Promise<Seed["articles"]> {
  const articles: Seed["articles"] = [];
  for (const name of await namesIn(join(folder, "articles"), ".md")) {
    const file = `articles/${name}`;
    const text = await readFile(join(folder, file), "utf8");
    const match = /^---\r?\n([\s\S]*?)\r?\n---\r?\n([\s\S]*)$/.exec(text);
    if (!match) {
      problems.push(`${file}: begins without a front matter between two lines of ---`);
      continue;
    }
    const front: unknown = parse(file, match[1] ?? "", problems);
    const fields = z.record(z.string(), z.unknown()).safeParse(front).data ?? {};
    const whole = { ...fields, slug: name.replace(/\.md$/, ""), markdown: (match[2] ?? "").trim() };
    const article = check(file, SeedArticle, whole, problems);
    if (article) articles.push(article);
  }
  return articles;
}

async function readConversations(folder: string, problems: string[]): Promise<Seed["conversations"]> {
  const conversations: Seed["conversations"] = [];
  for (const name of await namesIn(join(folder, "conversations"), ".yaml")) {
    const file = `conversations/${name}`;
    const content = parse(file, await readFile(join(folder, file), "utf8"), problems);
    const conversation = check(file, SeedConversation, content, problems);
    if (conversation) conversations.push(conversation);
  }
  return conversations;
}

async function readYaml(folder: string, name: string, absent: unknown): Promise<unknown> {
  try {
    return parseYaml(await readFile(join(folder, name), "utf8")) ?? absent;
  } catch (error) {
    if (isMissingFile(error)) return absent;
    throw invalidSeed(folder, [`${name}: ${messageOf(error)}`]);
  }
}

async function namesIn(folder: string, ending: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith(ending)).sort();
  } catch (error) {
    if (isMissingFile(error)) return [];
    throw error;
  }
}

function parse(file: string, text: string, problems: string[]): unknown {
  try {
    return parseYaml(text);
  } catch (error) {
    problems.push(`${file}: ${messageOf(error)}`);
    return undefined;
  }
}

function check<T>(file: string, schema: z.ZodType<T>, content: unknown, problems: string[]): T | null {
  if (content === null) {
    problems.push(`${file}: is missing or empty`);
    return null;
  }
  const result = schema.safeParse(content);
  if (result.success) return result.data;
  for (const issue of result.error.issues) problems.push(`${file}: ${fieldOf(issue.path)}${issue.message}`);
  return null;
}

/** `contacts[3].email: ` for the path of an issue; nothing for the whole file. */
function fieldOf(path: readonly PropertyKey[]): string {
  const text = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  return text === "" ? "" : `${text.replace(/^\./, "")}: `;
}

function invalidSeed(folder: string, problems: string[]): OperatorError {
  const shown = problems.slice(0, 20).join("\n  ");
  const more = problems.length > 20 ? `\n  and ${problems.length - 20} more` : "";
  return new OperatorError(
    "seed_invalid",
    `The workspace folder ${folder} cannot be loaded:\n  ${shown}${more}`,
    "Correct the named files and fields, then start the sandbox again.",
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
}
