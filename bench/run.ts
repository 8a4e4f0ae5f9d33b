import { parseArgs } from "node:util";
import type { Benchmark } from "./benchmark.ts";
import { checkpoints } from "./checkpoints.ts";
import { dispatch } from "./dispatch.ts";
import { engine } from "./engine.ts";
import { inbox } from "./inbox.ts";
import { reportJson, reportText } from "./report.ts";
import { store } from "./store.ts";
import { contention } from "./sampling.ts";
import { openWorkbench } from "./workbench.ts";

const benchmarks: readonly Benchmark[] = [dispatch, engine, checkpoints, store, inbox];

const localServer = "postgresql://postgres@127.0.0.1:5432/postgres";

const usage = `npm run bench                     all benchmarks
npm run bench -- <name> ...       only these: ${benchmarks.map(({ name }) => name).join(", ")}
npm run bench -- --json           the figures as JSON
npm run bench -- store <url>      PostgreSQL server for store and inbox; otherwise ${localServer}`;

process.exit(await main());

/** A missed target is a figure, not a failure: only what could not be measured makes the exit code 1. */
async function main(): Promise<number> {
  const wanted = readWords();
  if (wanted === null) return 2;
  const { chosen, json, databaseServer } = wanted;
  const workbench = openWorkbench({ databaseServer, progress });
  const stopped = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      stopped.abort();
      void workbench.close().finally(() => process.exit(130));
    });
  }
  const reports: unknown[] = [];
  try {
    for (const benchmark of chosen) {
      progress(`${benchmark.name}: ${benchmark.question}`);
      const before = contention();
      const measured = await benchmark.run(workbench);
      await workbench.close();
      const report = { ...measured, notes: [...measured.notes, noteOn(before, contention())] };
      if (json) reports.push(reportJson(benchmark, report));
      else process.stdout.write(`\n${reportText(benchmark, report)}\n\n`);
    }
  } catch (error) {
    // What was closed under its hands failed, of course.
    if (stopped.signal.aborted) return 130;
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return 1;
  } finally {
    await workbench.close();
  }
  if (json) process.stdout.write(`${JSON.stringify(reports, null, 2)}\n`);
  return 0;
}

function noteOn(before: number, after: number): string {
  return `Contention (1 on a processor of one's own): ${before.toFixed(2)} before, ${after.toFixed(2)} after. Whatever is not an injected wait took about this much longer than it needs.`;
}

function readWords() {
  try {
    const { values, positionals } = parseArgs({
      options: { json: { type: "boolean", default: false } },
      allowPositionals: true,
    });
    const isServer = (word: string) => /^postgres(ql)?:\/\//.test(word);
    const names = positionals.filter((word) => !isServer(word));
    const unknown = names.filter((word) => !benchmarks.some(({ name }) => name === word));
    if (unknown.length > 0) throw new Error(`There is no benchmark ${unknown.join(", ")}.`);
    const chosen = benchmarks.filter(({ name }) => names.length === 0 || names.includes(name));
    return { chosen, json: values.json, databaseServer: positionals.find(isServer) ?? localServer };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}\n`);
    return null;
  }
}

function progress(text: string): void {
  process.stderr.write(`… ${text}\n`);
}
