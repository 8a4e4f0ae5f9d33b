import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, YAMLParseError } from "yaml";
import { z } from "zod";
import { Desk, LabelledMessage, Topic } from "./domain/desk.ts";
import { OperatorError } from "./domain/errors.ts";

const Settings = Desk.omit({ tone: true, policy: true, topics: true, messages: true }).strict();
const Topics = z.array(Topic.strict()).min(2);
const MESSAGES = "messages.jsonl";
const Prose = z.string().trim().min(1, "is empty");

/**
 * Reads a desk's folder: `desk.yaml`, `topics.yaml`, `tone.md`, `policy.md` and, where it is there, `messages.jsonl`.
 * Throws an OperatorError that names the file, the place in it and what is wrong.
 */
export async function loadDesk(folder: string): Promise<Desk> {
  const [settings, topics, tone, policy] = await Promise.all([
    readYaml(folder, "desk.yaml", Settings),
    readYaml(folder, "topics.yaml", Topics),
    readText(folder, "tone.md"),
    readText(folder, "policy.md"),
  ]);
  const repeated = topics.find((topic, index) => topics.findIndex(({ id }) => id === topic.id) < index);
  if (repeated) throw unusable(folder, "topics.yaml", `the topic id "${repeated.id}" is used twice`);
  return {
    ...settings,
    topics,
    messages: await readMessages(folder, topics),
    tone: fits(folder, "tone.md", Prose, tone),
    policy: fits(folder, "policy.md", Prose, policy),
  };
}

async function readMessages(folder: string, topics: readonly Topic[]): Promise<LabelledMessage[]> {
  if (!existsSync(join(folder, MESSAGES))) return [];
  const known = new Set(["other", ...topics.map(({ id }) => id)]);
  const lines = (await readText(folder, MESSAGES)).split(/\r?\n/);
  return lines.flatMap((line, index) => {
    if (line.trim() === "") return [];
    const wrong = (reason: string) => unusable(folder, MESSAGES, `line ${index + 1}: ${reason}`);
    const parsed = LabelledMessage.safeParse(jsonIn(line, wrong));
    if (!parsed.success) throw wrong(issuesOf(parsed.error, "the line"));
    const { topic = "other" } = parsed.data;
    if (!known.has(topic)) throw wrong(`there is no topic "${topic}" in topics.yaml`);
    return [parsed.data];
  });
}

function jsonIn(line: string, wrong: (reason: string) => Error): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw wrong(`it is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function readYaml<T>(folder: string, file: string, schema: z.ZodType<T>): Promise<T> {
  const text = await readText(folder, file);
  try {
    return fits(folder, file, schema, parse(text));
  } catch (error) {
    if (error instanceof YAMLParseError) throw unusable(folder, file, error.message);
    throw error;
  }
}

async function readText(folder: string, file: string): Promise<string> {
  try {
    return await readFile(join(folder, file), "utf8");
  } catch (error) {
    throw unusable(folder, file, error instanceof Error ? error.message : "it cannot be read");
  }
}

function fits<T>(folder: string, file: string, schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw unusable(folder, file, issuesOf(parsed.error, "the file"));
}

function issuesOf({ issues }: z.ZodError, whole: string): string {
  return issues.map((issue) => `${issue.path.join(".") || whole}: ${issue.message}`).join("; ");
}

function unusable(folder: string, file: string, reason: string): OperatorError {
  return new OperatorError(
    "desk_invalid",
    `The desk's file ${join(folder, file)} cannot be used: ${reason}.`,
    `Correct the file; desk/README.md says what belongs in it.`,
  );
}
