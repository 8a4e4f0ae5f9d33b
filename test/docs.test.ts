import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { Command } from "commander";
import { z } from "zod";
import { addAuditCommand } from "../src/cli/commands/audit.ts";
import { addConversationCommands } from "../src/cli/commands/conversations.ts";
import { addDecisionCommands } from "../src/cli/commands/decisions.ts";
import { addDoctorCommand } from "../src/cli/commands/doctor.ts";
import { addResetCommand } from "../src/cli/commands/reset.ts";
import { addReviewCommands } from "../src/cli/commands/reviews.ts";
import { addStartCommand } from "../src/cli/commands/start.ts";
import { addTokenCommand } from "../src/cli/commands/tokens.ts";
import { exitCodes } from "../src/cli/output.ts";
import { evalCommand } from "../evals/command.ts";
import { Environment } from "../src/config.ts";
import { DISPATCH_SECONDS } from "../src/identity/tokens.ts";
import { policy } from "../src/tools/policy.ts";

const root = resolve(import.meta.dirname, "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

/** Every document of the project. The sandbox's articles are data, and their links are those of an invented company. */
const documents = [
  ...readdirSync(root).filter((name) => name.endsWith(".md")),
  ...["docs", "desk", "evals", "bench", "src", "test"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".md"))
      .map((name) => join(folder, name)),
  ),
].filter((path) => !/^(src\/sandbox\/workspace|test\/sandbox\/fixture)/.test(path));
const texts = documents.map((path) => ({ path, text: read(path) }));
const readme = read("README.md");

const Package = z.object({
  scripts: z.record(z.string(), z.string()),
  engines: z.object({ node: z.string() }),
});
const { scripts, engines } = Package.parse(JSON.parse(read("package.json")));

describe("the documents", () => {
  it("are all there", () => {
    expect(documents).toEqual(
      expect.arrayContaining(["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md"]),
    );
  });

  it("name only paths that exist", () => {
    expect(faults(({ text }) => pathsIn(text).filter((path) => !existsSync(join(root, path))))).toEqual([]);
  });

  it("name only files that are beside them, at the root, or made by the program", () => {
    expect(faults(({ path, text }) => bareFilesIn(text).filter((name) => !isKnownFile(path, name)))).toEqual(
      [],
    );
  });

  it("name only npm scripts that exist", () => {
    expect(faults(({ text }) => scriptsIn(text).filter((script) => !(script in scripts)))).toEqual([]);
  });

  it("name only commands and options that exist", () => {
    expect(faults(({ text }) => commandLinesIn(text).flatMap(faultsOf))).toEqual([]);
  });

  it("name only commands and options of the evaluations that exist", () => {
    expect(faults(({ text }) => evaluationsIn(text).flatMap(faultsOfEvaluation))).toEqual([]);
  });

  it("name only variables that exist", () => {
    expect(faults(({ text }) => variablesIn(text).filter((name) => !(name in Environment.shape)))).toEqual(
      [],
    );
  });

  it("link only to what exists", () => {
    expect(faults(({ path, text }) => linksIn(text).filter((link) => !resolves(path, link)))).toEqual([]);
  });

  it("are read by these checks: none of them looks at nothing", () => {
    const all = texts.map(({ text }) => text).join("\n");
    for (const find of [
      pathsIn,
      bareFilesIn,
      scriptsIn,
      commandLinesIn,
      evaluationsIn,
      variablesIn,
      linksIn,
    ]) {
      expect({ check: find.name, looks: find(all).length > 3 }).toEqual({ check: find.name, looks: true });
    }
  });
});

describe("the settings", () => {
  const settings = Object.entries(Environment.shape).map(([name, field]) => {
    const meta = z.object({ description: z.string(), example: z.string() }).parse(field.meta());
    const fallback = field.safeParse(undefined);
    const value = fallback.success && fallback.data !== undefined ? String(fallback.data) : "";
    return { name, what: meta.description, default: value, example: meta.example };
  });

  it("stand in the table of README.md as the program has them", () => {
    const rows = rowsUnder(readme, "Configuration").map(
      ([name = "", what = "", fallback = "", example = ""]) => ({
        name,
        what,
        default: fallback,
        example,
      }),
    );
    expect(rows).toEqual(settings);
  });

  it("stand in .env.example, none left out and none set", () => {
    const example = read(".env.example");
    const named = [...example.matchAll(/^#([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => ({ name, value }));
    const byName = (one: { name?: string | undefined }, other: { name?: string | undefined }) =>
      (one.name ?? "").localeCompare(other.name ?? "");
    expect([...named].sort(byName)).toEqual(
      settings.map(({ name, example: value }) => ({ name, value })).sort(byName),
    );
    for (const { what, default: fallback } of settings) {
      expect(example).toContain(`# ${what} ${fallback === "" ? "No default." : `Default: ${fallback}`}\n`);
    }
    expect(example.split("\n").filter((line) => line !== "" && !line.startsWith("#"))).toEqual([]);
  });

  it("have examples that the program accepts", () => {
    for (const { name, example } of settings) {
      const field = Object.entries(Environment.shape).find(([key]) => key === name)?.[1];
      expect({ name, accepted: field?.safeParse(example).success }).toEqual({ name, accepted: true });
    }
  });
});

describe("README.md", () => {
  it("names the tools of the policy", () => {
    const rows = rowsUnder(readme, "Connect your own Intercom");
    expect(rows.map(([tool, access, needed]) => ({ tool, access, required: needed === "yes" }))).toEqual(
      policy.map(({ tool, access, required }) => ({ tool, access, required })),
    );
  });

  it("names the exit codes of the program", () => {
    const rows = rowsUnder(readme, "Exit codes").map(([code, name]) => [name, Number(code)]);
    expect(rows).toEqual(Object.entries(exitCodes));
  });

  it("gives addresses with the default port, or one that a command beside them gives", () => {
    const given = [String(Environment.shape.COUNTERSIGN_PORT.parse(undefined))];
    const commanded = [...readme.matchAll(/--port (\d+)/g)].map(([, port]) => port ?? "");
    const named = [...readme.matchAll(/127\.0\.0\.1:(\d+)/g)].map(([, port]) => port ?? "");
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((port) => ![...given, ...commanded].includes(port))).toEqual([]);
  });

  it("gives the port of the development server, and the oldest Node", () => {
    const port = /--port (\d+)/.exec(scripts.dev ?? "")?.[1];
    expect(readme.replace(/\s+/g, " ")).toContain(`on port ${port}`);
    expect(readme).toContain(`Node ${engines.node.replace(/^>=(\d+\.\d+)\.\d+$/, "$1")} or newer`);
  });
});

describe("the other documents", () => {
  it("says how long the desk's own token lives", () => {
    const words = new Map([[60, "one minute"]]);
    expect(read("SECURITY.md")).toContain(
      `It lives ${words.get(DISPATCH_SECONDS) ?? `${DISPATCH_SECONDS} seconds`}`,
    );
  });

  it("draws every step of the graph", () => {
    const steps = [...read("graphs/support.ts").matchAll(/\.addNode\("(\w+)"/g)].map(
      ([, name]) => name ?? "",
    );
    const drawn = [...read("docs/flow.svg").matchAll(/>(\w+)<\/text>/g)].map(([, name]) => name ?? "");
    expect(steps.length).toBeGreaterThan(0);
    expect(steps.filter((step) => !drawn.includes(step))).toEqual([]);
  });

  it("lists every decision", () => {
    const records = readdirSync(join(root, "docs/decisions")).filter((name) => /^\d{4}-/.test(name));
    expect(linksIn(read("docs/decisions/README.md"))).toEqual(records.sort());
  });
});

const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => read(join("src", name)));

/** The commands as the program has them; their work is not done here. */
const program = new Command("countersign");
for (const add of [
  addStartCommand,
  addReviewCommands,
  addDecisionCommands,
  addConversationCommands,
  addAuditCommand,
  addTokenCommand,
  addDoctorCommand,
  addResetCommand,
]) {
  add(program, () => Promise.resolve());
}
const untouched = () => {
  throw new Error("no evaluation is run here");
};
const evaluation = evalCommand(
  { say: untouched, progress: null, now: untouched, config: untouched, journals: "", baseline: "" },
  untouched,
);
const globalOptions = [...read("src/cli/program.ts").matchAll(/\.option\(\s*"(--[\w-]+)/g)].map(
  ([, name]) => name,
);

/** What a check finds wrong in any document, each with the document's name. */
function faults(check: (document: { path: string; text: string }) => string[]): string[] {
  return texts.flatMap((document) => check(document).map((fault) => `${document.path}: ${fault}`));
}

/** Paths that begin with a folder of the project, in prose, code and pictures; addresses on the web are left out. */
function pathsIn(text: string): string[] {
  const local = text.replace(/https?:\/\/\S+/g, "");
  return [...local.matchAll(/(?<![\w/.-])(?:src|test|graphs|desk|docs|evals|bench)\/[\w./-]*/g)].map(
    ([path]) => path.replace(/[.]+$/, ""),
  );
}

/** File names without a folder, in backticks. */
function bareFilesIn(text: string): string[] {
  return spansIn(text).filter((span) =>
    /^\.?[\w-]+(\.[\w-]+)*\.(ts|md|json|ya?ml|js|svg|example)$/.test(span),
  );
}

function isKnownFile(document: string, name: string): boolean {
  const places = [join(root, name), join(root, dirname(document), name)];
  return places.some((place) => existsSync(place)) || sources.some((source) => source.includes(`"${name}`));
}

function scriptsIn(text: string): string[] {
  return [...text.matchAll(/\bnpm (?:run ([\w:-]+)|(start|test)\b)/g)].map(
    ([, run, short]) => run ?? short ?? "",
  );
}

function variablesIn(text: string): string[] {
  return text.match(/\b(?:COUNTERSIGN|SCALEKIT|DATABASE|OPENAI|ANTHROPIC|GOOGLE)_[A-Z_]*[A-Z]\b/g) ?? [];
}

/** What follows `countersign` in code, and options that stand alone in it. */
function commandLinesIn(text: string): string[] {
  const blocks = [...text.matchAll(/^\s*```\w*\n([\s\S]*?)^\s*```/gm)].flatMap(([, block = ""]) =>
    block.split("\n"),
  );
  return [...spansIn(text), ...blocks].flatMap((line) => {
    if (/^--[a-z]/.test(line)) return [line];
    const words = /(?:^|\s)countersign\s+((?:--)?[a-z].*)$/.exec(line)?.[1];
    return words === undefined ? [] : [words];
  });
}

/** What follows `npm run eval --` in code. */
function evaluationsIn(text: string): string[] {
  return [...text.matchAll(/npm run eval -- ([^\n`#]+)/g)].map(([, line = ""]) => line.trim());
}

function faultsOfEvaluation(line: string): string[] {
  const words = line.split(/\s+/);
  const named = words[0]?.startsWith("--") ? "run" : words[0];
  const command = evaluation.commands.find((candidate) => candidate.name() === named);
  if (!command) return [line];
  const known = command.options.map(({ long }) => long);
  return words
    .filter((word) => word.startsWith("--") && !known.includes(word))
    .map((word) => `${word} in ${line}`);
}

/** What of a command line the program does not have. */
function faultsOf(line: string): string[] {
  const words =
    line
      .replace(/"[^"]*"/g, "text")
      .split("|")[0]
      ?.trim()
      .split(/\s+/) ?? [];
  const options = words.filter((word) => word.startsWith("--")).map((word) => word.replace(/=.*/, ""));
  if (words[0] === options[0])
    return options.filter((option) => option !== "--help" && !hasOptionAnywhere(option));
  const command = program.commands.find((candidate) => candidate.name() === words[0]);
  if (!command) return [line];
  const nested = command.commands.find((candidate) => candidate.name() === words[1]);
  if (command.commands.length > 0 && words.length > 1 && !nested) return [line];
  const known = [...(nested ?? command).options.map(({ long }) => long), ...globalOptions, "--help"];
  return options.filter((option) => !known.includes(option)).map((option) => `${option} in ${line}`);
}

function hasOptionAnywhere(option: string): boolean {
  const all = [
    ...program.commands.flatMap((command) => [command, ...command.commands]),
    ...evaluation.commands,
  ];
  return (
    globalOptions.includes(option) ||
    all.some((command) => command.options.some(({ long }) => long === option))
  );
}

function spansIn(text: string): string[] {
  const prose = text.replace(/^\s*```[\s\S]*?^\s*```/gm, "");
  return [...prose.matchAll(/`([^`\n]+)`/g)].map(([, span = ""]) => span);
}

function linksIn(text: string): string[] {
  const prose = text.replace(/^\s*```[\s\S]*?^\s*```/gm, "");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = ""]) => link)
    .filter((link) => !/^[a-z]+:/.test(link));
}

function resolves(from: string, link: string): boolean {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? from : relative(root, resolve(root, dirname(from), path));
  if (!existsSync(join(root, target))) return false;
  return anchor === undefined || anchorsIn(read(target)).includes(anchor);
}

/** The names GitHub gives to headings. */
function anchorsIn(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** The cells of the first table under a heading, without its head and without backticks. */
function rowsUnder(text: string, heading: string): string[][] {
  const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? "";
  const lines = section.split("\n").filter((line) => /^\s*\|/.test(line));
  return lines.slice(2).map((line) =>
    line
      .trim()
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim().replace(/^`|`$/g, "")),
  );
}
