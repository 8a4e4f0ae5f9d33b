import type { Environment } from "../../src/config.ts";
import type { Dataset } from "../dataset.ts";
import { groupBy } from "../figures.ts";
import type { Run } from "../run-document.ts";
import { connectLangSmith, type ConnectionOptions } from "./connection.ts";
import { sendExperiment } from "./experiment.ts";
import { syncDataset, type SyncedDataset } from "./sync.ts";

/** What a run sends to LangSmith: its data sets before it is played, and an experiment for each engine and data set after. */
export interface LangSmith {
  sync(datasets: readonly Dataset[]): Promise<void>;
  send(run: Run, fingerprint: string): Promise<void>;
}

export interface LangSmithOptions extends Omit<ConnectionOptions, "environment"> {
  environment: Environment;
  say: (text: string) => void;
}

/** Throws an OperatorError where no key is set. Nothing is sent before `sync`. */
export function openLangSmith({ say, ...options }: LangSmithOptions): LangSmith {
  const { client, ask } = connectLangSmith(options);
  const synced = new Map<string, SyncedDataset>();
  return {
    async sync(datasets) {
      for (const dataset of datasets) {
        const one = await ask(() => syncDataset(client, dataset));
        synced.set(dataset.name, one);
        const { name, examples, created, updated, removed } = one;
        say(
          `LangSmith: ${name}, ${examples.size} cases: ${created} created, ${updated} updated, ${removed} removed.`,
        );
      }
    },
    async send(run, fingerprint) {
      const groups = groupBy(run.results, ({ dataset, engine }) => `${dataset} ${engine}`);
      for (const results of groups.values()) {
        const dataset = synced.get(results[0]?.dataset ?? "");
        if (!dataset) throw new Error("a data set is sent before its experiments");
        const name = await ask(() => sendExperiment(client, run, { dataset, results, fingerprint }));
        say(`LangSmith: experiment ${name}, ${results.length} runs.`);
      }
    },
  };
}
