import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, YAMLParseError } from "yaml";
import { z } from "zod";
import { Desk, Topic } from "./domain/desk.ts";
import { OperatorError } from "./domain/errors.ts";

const Settings = Desk.omit({ tone: true, policy: true, topics: true }).strict();
const Topics = z.array(Topic.strict()).min(2);
const Prose = z.string().trim().min(1, "is empty");

/**
 * Reads a desk's folder: `desk.yaml`, `topics.yaml`, `tone.md` and `policy.md`. Throws an OperatorError that names
 * the file, the place in it and what is wrong.
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
    tone: fits(folder, "tone.md", Prose, tone),
    policy: fits(folder, "policy.md", Prose, policy),
  };
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
  throw unusable(
    folder,
    file,
    parsed.error.issues.map((issue) => `${issue.path.join(".") || "the file"}: ${issue.message}`).join("; "),
  );
}

function unusable(folder: string, file: string, reason: string): OperatorError {
  return new OperatorError(
    "desk_invalid",
    `The desk's file ${join(folder, file)} cannot be used: ${reason}.`,
    `Correct the file; desk/README.md says what belongs in it.`,
  );
}
