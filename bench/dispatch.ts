import type { Benchmark, Report, Table } from "./benchmark.ts";
import {
  injected,
  Message,
  subjectNames,
  subjects,
  type Sample,
  type SubjectName,
} from "./dispatch-samples.ts";
import { startMeasured } from "./measured-process.ts";
import { cellsOf, spreadOf } from "./sampling.ts";
import { partNames } from "./timeline.ts";
import type { Workbench } from "./workbench.ts";

type Samples = Record<SubjectName, Sample[]>;

const most = 1.1;

/** How much longer a run takes than the calls it has to wait for. */
export const dispatch: Benchmark = {
  name: "dispatch",
  question:
    "how long from dispatch to the review's interrupt, against the longest chain of tool and model calls?",
  async run(workbench) {
    return reportOf(await collect(workbench));
  },
};

async function collect(workbench: Workbench): Promise<Samples> {
  const samples: Samples = { graph: [], server: [], research: [], uneven: [], unknown: [] };
  const measured = await startMeasured(
    workbench,
    import.meta.resolve("./dispatch-process.ts"),
    {},
    (content) => {
      const message = Message.parse(content);
      if (message.type === "progress") workbench.progress(message.text);
      else samples[message.subject].push(message.sample);
    },
  );
  await measured.ended;
  await measured.stop();
  return samples;
}

function reportOf(samples: Samples): Report {
  const ratio = (name: SubjectName) => spreadOf(ratiosOf(name, samples)).median;
  return {
    target: {
      text: `at most ${most.toFixed(2)} times the longest chain, in process and through the server (medians)`,
      met: ratio("graph") <= most && ratio("server") <= most,
    },
    tables: [totals(samples), told(samples), extras(samples, "milliseconds"), extras(samples, "ratio")],
    notes: [
      `Injected: ${injected.tool} ms in every tool call, ${injected.model} ms in every model. The sandbox runs in the same process, so what it costs the processor counts as the product's.`,
      "The shares of a column add up to its ratio less one, roughly, as medians do.",
    ],
  };
}

function ratiosOf(name: SubjectName, samples: Samples): number[] {
  return samples[name].map(({ total }) => total / subjects[name].chain);
}

function totals(samples: Samples): Table {
  return {
    title: "From the call to the interrupt",
    columns: [
      { name: "run" },
      { name: "what it is" },
      { name: "runs", unit: "count" },
      { name: "chain", unit: "milliseconds" },
      { name: "median", unit: "milliseconds" },
      { name: "ratio", unit: "ratio" },
      { name: "least", unit: "ratio" },
      { name: "most", unit: "ratio" },
      { name: "processor time", unit: "milliseconds" },
    ],
    rows: subjectNames.map((name) => [
      name,
      subjects[name].title,
      samples[name].length,
      subjects[name].chain,
      spreadOf(samples[name].map(({ total }) => total)).median,
      ...cellsOf(ratiosOf(name, samples)),
      spreadOf(samples[name].map(({ processor }) => processor)).median,
    ]),
  };
}

function told({ server }: Samples): Table {
  const late = server.map((sample) => (sample.told ?? NaN) - sample.total);
  return {
    title: "From the interrupt until openConversation says so",
    columns: [
      { name: "run" },
      { name: "median", unit: "milliseconds" },
      { name: "least", unit: "milliseconds" },
      { name: "most", unit: "milliseconds" },
    ],
    rows: [["server", ...cellsOf(late)]],
  };
}

/** What each part took beyond its injected time: in milliseconds, or as a share of the chain. */
function extras(samples: Samples, unit: "milliseconds" | "ratio"): Table {
  return {
    title:
      unit === "ratio"
        ? "The same as a share of the chain"
        : "Time beyond the injected one, by part (medians)",
    columns: [{ name: "part" }, ...subjectNames.map((name) => ({ name, unit }))],
    rows: partNames.map((part) => [
      part,
      ...subjectNames.map((name) => {
        const { median } = spreadOf(samples[name].map(({ parts }) => parts[part]));
        const extra = median - injectedIn(name, part);
        return unit === "ratio" ? extra / subjects[name].chain : extra;
      }),
    ]),
  };
}

function injectedIn(name: SubjectName, part: (typeof partNames)[number]): number {
  const agents = 3 * injected.model + (name === "research" ? injected.tool : 0);
  if (part === "agents") return agents;
  return part === "load: tool calls" ? subjects[name].chain - agents : 0;
}
