import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "@jest/globals";

const root = resolve(import.meta.dirname, "..");
const sources = ["src", "graphs", "bench", "evals"].flatMap((folder) => filesBelow(join(root, folder)));
const files = new Map(sources.map((file) => [relative(root, file), readFileSync(file, "utf8")]));

/** From the top of the house to its ground; arrows point downward only. */
const layers = [
  { name: "entry", places: ["graphs/", "src/web/", "src/intake/", "src/cli/", "bench/", "evals/"] },
  {
    name: "compose",
    places: ["src/runtime.ts", "src/config.ts", "src/desk.ts", "src/doctor.ts", "src/tend.ts"],
  },
  { name: "acts", places: ["src/agents/", "src/review/", "src/delivery/"] },
  { name: "reaches", places: ["src/models/", "src/tools/", "src/store/", "src/identity/", "src/runs/"] },
  { name: "world", places: ["src/sandbox/"] },
  { name: "log", places: ["src/log.ts"] },
  { name: "meaning", places: ["src/domain/"] },
];

describe("the layers", () => {
  it("place every source file", () => {
    const homeless = [...files.keys()].filter((file) => layerOf(file) === -1);
    expect(homeless).toEqual([]);
  });

  it("import downward only", () => {
    const upward = imports().filter(({ from, to }) => layerOf(to) < layerOf(from));
    expect(upward).toEqual([]);
  });

  it("keep the three acts apart", () => {
    const act = (file: string) => /^src\/(agents|review|delivery)\//.exec(file)?.[1];
    const crossing = imports().filter(({ from, to }) => act(from) && act(to) && act(from) !== act(to));
    expect(crossing).toEqual([]);
  });

  it("let nothing import the sandbox but the runtime, and the evaluations, which set their own up", () => {
    const importers = imports().filter(
      ({ from, to }) => to.startsWith("src/sandbox/") && !/^(src\/sandbox|evals)\//.test(from),
    );
    expect([...new Set(importers.map(({ from }) => from))]).toEqual(["src/runtime.ts"]);
  });

  it("let nothing import the evaluations", () => {
    const importers = imports().filter(
      ({ from, to }) => to.startsWith("evals/") && !from.startsWith("evals/"),
    );
    expect(importers).toEqual([]);
  });

  it("keep the sandbox ignorant of the application", () => {
    const leaving = imports().filter(
      ({ from, to }) => from.startsWith("src/sandbox/") && !/^src\/(sandbox|domain)\//.test(to),
    );
    expect(leaving).toEqual([]);
  });

  it("keep the domain free of I/O, clocks and LangChain", () => {
    const domain = [...files].filter(([file]) => file.startsWith("src/domain/"));
    for (const [file, text] of domain) {
      const foreign = packagesIn(text).filter((name) => name !== "zod" && name !== "node:crypto");
      expect({ file, foreign }).toEqual({ file, foreign: [] });
      expect({ file, clock: /Date\.now\(|new Date\(\)|randomUUID|Math\.random/.test(text) }).toEqual({
        file,
        clock: false,
      });
    }
  });
});

/** Each dangerous verb, and the only places it may be written. */
const owners: { verb: string; pattern: RegExp; places: RegExp }[] = [
  {
    verb: "reading the environment",
    pattern: /process\.env\b/,
    places: /^src\/(config|cli\/build-page)\.ts$/,
  },
  { verb: "interrupting the graph", pattern: /\binterrupt[(<]/, places: /^src\/review\/node\.ts$/ },
  {
    verb: "importing Scalekit's SDK",
    pattern: /["']@scalekit-sdk\/node/,
    places: /^src\/(tools\/scalekit[\w-]*\.ts|sandbox\/.*)$/,
  },
  {
    verb: "naming the reply tool",
    pattern: /intercom_reply_to_conversation/,
    places: /^src\/(delivery\/send\.ts|tools\/(policy|aliases|write-arguments)\.ts|sandbox\/.*)$/,
  },
  {
    verb: "writing through the gateway",
    pattern: /gateway\.write\(/,
    // The recorder of the evaluations stands in between, and passes on what delivery sends.
    places: /^(src\/delivery\/send|evals\/recorder)\.ts$/,
  },
  {
    verb: "calling the LangGraph server",
    pattern: /["']@langchain\/langgraph-sdk["']/,
    places: /^src\/runs\/.*$/,
  },
  { verb: "building a graph", pattern: /new StateGraph\b/, places: /^(graphs|bench)\/.*$/ },
  {
    verb: "querying the database",
    pattern: /["'](drizzle-orm|pg|@electric-sql\/pglite)/,
    places: /^src\/store\/.*$/,
  },
  {
    verb: "reading the clock",
    pattern: /Date\.now\(|new Date\(\)/,
    places: /^(src\/(runtime\.ts|web\/inbox\/main\.tsx|sandbox\/.*)|bench\/.*|evals\/run\.ts)$/,
  },
  {
    verb: "making ids",
    pattern: /\brandomUUID\b/,
    places: /^src\/(runtime\.ts|sandbox\/.*)$/,
  },
  {
    verb: "writing to the console",
    pattern: /\bconsole\.|process\.std(out|err)\.write/,
    places: /^(src\/(log\.ts|cli\/output\.ts|sandbox\/main\.ts)|bench\/.*|evals\/run\.ts)$/,
  },
];

describe("each dangerous verb has one owner", () => {
  it.each(owners)("$verb", ({ pattern, places }) => {
    const users = [...files].filter(([, text]) => pattern.test(text)).map(([file]) => file);
    expect(users.filter((file) => !places.test(file))).toEqual([]);
    expect(users.some((file) => places.test(file))).toBe(true);
  });
});

describe("what is not wanted", () => {
  it("has no drawer for things without a name", () => {
    const drawers = [...files.keys()].filter((file) =>
      /(^|\/)(utils?|common|helpers?|misc|index)(\.ts|\/)/.test(file),
    );
    expect(drawers).toEqual([]);
  });

  it("has no escape from the type checker", () => {
    const escapes = [...files]
      .filter(([, text]) => /\bas any\b|:\s*any\s*[;,)=\]>]|@ts-(ignore|expect-error|nocheck)/.test(text))
      .map(([file]) => file);
    expect(escapes).toEqual([]);
  });

  it("asks nowhere whether it is the sandbox but where things are wired", () => {
    const askers = [...files]
      .filter(
        ([file, text]) =>
          /^src\/(agents|review|delivery|tools|store|runs|models)\//.test(file) &&
          /isSandbox|if \(.*sandbox/i.test(text),
      )
      .map(([file]) => file);
    expect(askers).toEqual([]);
  });
});

function layerOf(file: string): number {
  return layers.findIndex(({ places }) => places.some((place) => file === place || file.startsWith(place)));
}

function imports(): { from: string; to: string }[] {
  return [...files].flatMap(([from, text]) =>
    [...text.matchAll(/(?:from|import\()\s*["'](\.[^"']+)["']/g)].map(([, path = ""]) => ({
      from,
      to: relative(root, resolve(root, dirname(from), path)),
    })),
  );
}

function packagesIn(text: string): string[] {
  return [...text.matchAll(/from\s+["']([^."'][^"']*)["']/g)].map(([, name = ""]) => name);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}
