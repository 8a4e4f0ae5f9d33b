import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { loadDesk } from "../../src/desk.ts";
import { withOverrides } from "../../src/domain/desk.ts";

const shipped = resolve(import.meta.dirname, "..", "..", "desk");
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "countersign-desk-"));
  await cp(shipped, folder, { recursive: true });
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe("a desk's folder", () => {
  it("is read whole", async () => {
    const desk = await loadDesk(shipped);
    expect(desk.topics.length).toBeGreaterThanOrEqual(20);
    expect(desk.tone.length).toBeGreaterThan(50);
    expect(desk.policy.length).toBeGreaterThan(50);
    expect(desk.unassigned).toMatch(/@/);
  });

  it("names the file that is missing", async () => {
    await rm(join(folder, "tone.md"));
    await expect(loadDesk(folder)).rejects.toThrow(/tone\.md/);
  });

  it("names the file and the line of broken YAML", async () => {
    await writeFile(join(folder, "desk.yaml"), "name: [\n");
    await expect(loadDesk(folder)).rejects.toThrow(/desk\.yaml.*line/s);
  });

  it("names the field that does not fit", async () => {
    await writeFile(
      join(folder, "topics.yaml"),
      "- id: One Topic\n  title: x\n  examples: [a, b, c]\n- id: two\n  title: y\n  examples: [a]\n",
    );
    await expect(loadDesk(folder)).rejects.toThrow(/topics\.yaml.*0\.id.*1\.examples/s);
  });

  it("refuses a setting it does not know, so that a typing error is not silently ignored", async () => {
    await writeFile(join(folder, "desk.yaml"), "name: x\nunassigned: a@b.c\nconfidance: 0.2\n");
    await expect(loadDesk(folder)).rejects.toThrow(/desk\.yaml.*confidance/s);
  });

  it("refuses a topic that is there twice", async () => {
    const topic = "- id: same\n  title: x\n  examples: [a, b, c]\n";
    await writeFile(join(folder, "topics.yaml"), topic + topic);
    await expect(loadDesk(folder)).rejects.toThrow(/"same" is used twice/);
  });

  it.each([
    [
      '{"text": "where is my money", "topic": "payouts", "leave": "none", "answer": []}\n\n{oops',
      /line 3.*JSON/s,
    ],
    ['{"text": "hi", "topic": "nonsense"}', /line 1.*no topic "nonsense"/s],
    ['{"text": "hi", "leave": "nothing"}', /line 1.*leave/s],
    ['{"text": "hi"}', /line 1.*give a topic, leave or answer/s],
    ['{"text": "hi", "answer": ["refund-policy"]}', /line 1.*answer.*article:<id>/s],
    ['{"text": "hi", "topic": "payouts", "laeve": "none"}', /line 1.*laeve/s],
  ])("refuses a message it cannot learn from, by its line: %s", async (text, reason) => {
    await writeFile(join(folder, "messages.jsonl"), text);
    await expect(loadDesk(folder)).rejects.toThrow(reason);
  });

  it("may have no messages to learn from", async () => {
    await rm(join(folder, "messages.jsonl"));
    expect((await loadDesk(folder)).messages).toEqual([]);
  });

  it("takes an assistant's overrides and keeps the rest", async () => {
    const desk = await loadDesk(shipped);
    const overridden = withOverrides(desk, { tone: "Like a pirate.", confidence: undefined });
    expect(overridden.tone).toBe("Like a pirate.");
    expect(overridden.confidence).toBe(desk.confidence);
    expect(overridden.topics).toBe(desk.topics);
  });
});
