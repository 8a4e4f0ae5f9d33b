/** The middle of several repetitions, and how far they lie apart. */
export interface Spread {
  median: number;
  min: number;
  max: number;
}

export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) throw new Error("nothing was measured");
  const sorted = [...values].sort((one, other) => one - other);
  const at = (index: number) => sorted[index] ?? NaN;
  const half = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? at(half) : (at(half - 1) + at(half)) / 2;
  return { median, min: at(0), max: at(sorted.length - 1) };
}

/** Three cells of a table: median, least and most. */
export function cellsOf(values: readonly number[]): [number, number, number] {
  const { median, min, max } = spreadOf(values);
  return [median, min, max];
}

/**
 * Measures every subject once a round and each round in another order, so that whatever else the machine does meets
 * all of them alike. The samples of one round belong together: ratios are taken within it.
 */
export async function interleave<Subject extends string, Sample>(
  subjects: Readonly<Record<Subject, () => Promise<Sample>>>,
  rounds: number,
  progress: (round: number) => void,
): Promise<Record<Subject, Sample>[]> {
  const names = Object.keys(subjects) as Subject[];
  const measured: Record<Subject, Sample>[] = [];
  for (let round = 0; round < rounds; round += 1) {
    progress(round + 1);
    const start = round % names.length;
    const entries: [Subject, Sample][] = [];
    for (const name of [...names.slice(start), ...names.slice(0, start)]) {
      entries.push([name, await subjects[name]()]);
    }
    measured.push(Object.fromEntries(entries) as Record<Subject, Sample>);
  }
  return measured;
}

/** How long something takes, in milliseconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** Begins to count this process's processor time; the returned function tells it, in milliseconds. */
export function processorTime(): () => number {
  const begun = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(begun);
    return (user + system) / 1000;
  };
}

/**
 * How much longer work takes here than on a processor of its own: 1 when nobody else wants it. Everything that is not
 * waiting takes this much longer, so that a ratio to injected waiting times grows with it.
 */
export function contention(): number {
  const spent = processorTime();
  const begun = performance.now();
  while (spent() < 250);
  return Math.max(1, (performance.now() - begun) / spent());
}
